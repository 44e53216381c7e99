"""How far long work is, for whoever manages the programme."""

from flask import Blueprint, Response, abort, make_response, redirect, render_template, url_for
from werkzeug.wrappers import Response as Redirect

from app.clock import now
from app.extensions import db
from app.jobs import actions, queries
from app.jobs.long_work import KINDS
from app.networks import access
from app.networks.models import Programme

LOOK_AGAIN = "2"  # seconds
pages = Blueprint("jobs", __name__)


@pages.get("/programmes/<programme>/jobs/<int:number>")
@access.programme_manager
def show(programme: Programme, number: int) -> Response:
    """The page looks again by itself while there is something to see."""
    job = queries.job_in(programme, number) or abort(404)
    response = make_response(render_template("jobs/show.html", job=job, kind=KINDS[job.kind]))
    if job.open:
        response.headers["Refresh"] = LOOK_AGAIN
    return response


@pages.post("/programmes/<programme>/jobs/<int:number>/stop")
@access.programme_manager
def stop(programme: Programme, number: int) -> Redirect:
    job = queries.job_in(programme, number) or abort(404)
    if job.open:
        actions.stop(job, now())
        db.session.commit()
    return redirect(url_for("jobs.show", programme=programme.slug, number=number))
