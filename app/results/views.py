"""The notes of a meeting: read by the whole network, written by who hosts, prepares or manages it."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from app import web
from app.clock import now
from app.extensions import db
from app.meetings.models import Meeting
from app.meetings.page import may_write
from app.networks import access
from app.networks.models import Network
from app.networks.queries import sits_for, takes_part
from app.people.models import Person
from app.results import actions, queries
from app.results.forms import EvaluationForm, ResultForm

pages = Blueprint("results", __name__)
Answer = tuple[str, int] | Response
RULE = "/meetings/<int:number>/notes"


def _meeting(person: Person, network: Network | None, number: int) -> Meeting:
    """By link: a meeting of a network in which the person took part that day."""
    if network is not None:
        return access.within(network, Meeting, number)
    meeting = db.session.get(Meeting, number) or abort(404)
    return meeting if takes_part(person, meeting.network, meeting.day) else abort(404)


def _writes(person: Person, network: Network | None, meeting: Meeting) -> bool:
    if network is not None:
        return may_write(network, meeting, person)
    return any(sits_for(person, meeting.network, duty.organisation_id, meeting.day) for duty in meeting.duties)


def _notes(meeting: Meeting) -> ResultForm:
    return ResultForm(formdata=None, obj=queries.result_of(meeting), attended=meeting.attended).showing()


def _page(
    person: Person,
    network: Network | None,
    meeting: Meeting,
    form: ResultForm | None = None,
    said: EvaluationForm | None = None,
) -> Answer:
    found = queries.result_of(meeting)
    own = queries.evaluation_of(meeting, person)
    return web.page(
        "results/notes.html",
        422 if form or said else 200,
        meeting=meeting,
        result=found,
        form=form or _notes(meeting),
        writes=_writes(person, network, meeting),
        past=meeting.starts_at <= now() and not meeting.cancelled,
        told=len(actions.readers(meeting)),
        evaluation=said or EvaluationForm(formdata=None, obj=own),
        was_there=takes_part(person, meeting.network, meeting.day),
        pulse=queries.pulse(meeting),
        by_link=network is None,
    )


@access.own(pages, RULE, methods=["GET"])
def show(person: Person, network: Network | None, number: int) -> Answer:
    return _page(person, network, _meeting(person, network, number))


@access.own(pages, RULE, methods=["POST"])
def save(person: Person, network: Network | None, number: int) -> Answer:
    meeting, at = _meeting(person, network, number), now()
    if not _writes(person, network, meeting):
        abort(404)
    form = ResultForm().over(meeting, _notes)
    if not form.validate():
        return _page(person, network, meeting, form)
    result = actions.save(meeting, form.texts, form.attended.data, person, at)
    told = actions.publish(result, at) if "publish" in request.form else 0
    said = _("Saved at %(time)s.", time=at.astimezone(meeting.network.zone).strftime("%H:%M"))
    if told:
        said = ngettext("Published. One person hears of it.", "Published. %(num)s people hear of it.", told)
    return _done(meeting, said)


@access.own(pages, f"{RULE}/evaluation", methods=["POST"])
def evaluate(person: Person, network: Network | None, number: int) -> Answer:
    meeting, form = _meeting(person, network, number), EvaluationForm()
    if not takes_part(person, meeting.network, meeting.day):
        abort(404)
    if not form.validate():
        return _page(person, network, meeting, said=form)
    actions.evaluate(meeting, person, form.atmosphere.data, form.goal.data, now())
    return _done(meeting, _("Thank you. Only averages of four or more answers are shown."))


def _done(meeting: Meeting, said: str) -> Response:
    slug, number, token = meeting.network.slug, meeting.id, (request.view_args or {}).get("token")
    db.session.commit()
    flash(said)
    if token:
        return redirect(url_for("results.show_by_link", token=token, number=number))
    return redirect(url_for("results.show", slug=slug, number=number))
