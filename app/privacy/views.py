"""My data: see, take along, leave, erase. For managers: how long things are kept, and the processing register."""

import json
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.calendars.current import networks_in
from app.calendars.models import FeedLink
from app.calendars.rendering import render_feed
from app.clock import now
from app.edge import web
from app.edge.bounds import row_number
from app.exporting.sheets import TYPES
from app.extensions import db
from app.networks import access
from app.networks.models import Programme
from app.networks.personal import contacts_of
from app.privacy import actions, erased, log_queries, queries
from app.privacy import log_file as log_file_
from app.privacy.forms import EraseForm, LogForm, RetentionForm
from app.privacy.log_lines import Line, lines_of
from app.privacy.log_queries import Asked
from app.privacy.models import Erasure
from app.privacy.register import of_programme

pages = Blueprint("privacy", __name__)
Answer = str | tuple[str, int] | Response


def _page(status: int = 200, form: EraseForm | None = None) -> Answer:
    today = now().date()
    places = [each for each in contacts_of(g.person) if each.membership.left is None or each.membership.left >= today]
    return web.page(
        "privacy/my_data.html",
        status,
        places=places,
        form=form or EraseForm(formdata=None),
        erasure=queries.erasure_of(g.person),
        alone=queries.managed_alone(g.person),
    )


@pages.get("/me/data")
@web.signed_in
def my_data() -> Answer:
    return _page()


@pages.get("/me/data.json")
@web.signed_in
def my_file() -> Answer:
    text = json.dumps(queries.data_of(g.person), ensure_ascii=False, indent=2)
    return _file(text, "application/json", "toerbeurt.json")


@pages.get("/me/data.ics")
@web.signed_in
def my_dates() -> Answer:
    link = FeedLink(person=g.person, person_id=g.person.id, scope="mine", made_at=now())
    return _file(render_feed(link, networks_in(link, now()), now()), "text/calendar", "toerbeurt.ics")


def _file(body: str | bytes, kind: str, name: str) -> Response:
    return Response(body, content_type=kind, headers={"Content-Disposition": f"attachment; filename={name}"})


def _log_form() -> LogForm:
    return LogForm(request.args, log_queries.networks_in_log(g.person), log_queries.people_in_log(g.person))


def _lines(form: LogForm, most: int) -> list[Line]:
    asked = Asked(
        network=form.network.data,
        person=form.person.data,
        first=form.first.data,
        last=form.last.data,
        before=request.args.get("before", type=row_number),
    )
    zone = ZoneInfo(web.settings().timezone)
    return lines_of(log_queries.rows_for(g.person, asked, zone, most), g.person)


@pages.get("/log")
@web.signed_in
def log() -> Answer:
    """Each reads what is theirs to read: own lines, of their organisation, network, programme, or all."""
    form = _log_form()
    if not form.validate():
        return web.page("privacy/log.html", 422, form=form, lines=[], wanted={})
    lines = _lines(form, log_queries.SHOWN)
    wanted = {field.name: request.args[field.name] for field in form if request.args.get(field.name)}
    more = lines[-1].row.id if len(lines) == log_queries.SHOWN else None
    return render_template("privacy/log.html", form=form, lines=lines, wanted=wanted, more=more)


@pages.get("/log/file")
@web.signed_in
def log_file() -> Response:
    """The lines the page shows, all its pages together, for a spreadsheet."""
    kind, form = request.args.get("format", "csv"), _log_form()
    if kind not in log_file_.KINDS or not form.validate():
        abort(404)
    body = log_file_.written(kind, _lines(form, log_file_.MOST), ZoneInfo(web.settings().timezone))
    return _file(body, TYPES[kind], f"log.{kind}")


@pages.post("/me/places/<int:number>/leaving")
@web.signed_in
def leave(number: int) -> Answer:
    place = next((each for each in contacts_of(g.person) if each.id == number), None) or abort(404)
    network = place.membership.network.name
    actions.leave(place, now())
    db.session.commit()
    flash(_("You no longer take part in %(network)s and get no more mail about it.", network=network))
    return redirect(url_for("privacy.my_data"))


@pages.post("/me/data/erasure")
@web.signed_in
def erase_me() -> Answer:
    form = EraseForm()
    if not form.validate():
        return _page(422, form)
    actions.erase_everywhere(g.person, now())
    db.session.commit()
    erased.keep()
    session.clear()
    g.person = g.session = None
    return render_template("privacy/erased.html")


def _months(programme: Programme) -> RetentionForm:
    return RetentionForm(formdata=None, obj=programme).showing()


def _retention(programme: Programme, status: int = 200, form: RetentionForm | None = None) -> Answer:
    form = form or _months(programme)
    return web.page(
        "privacy/retention.html", status, programme=programme, form=form, erasures=queries.erasures_of(programme)
    )


@pages.get("/programmes/<programme>/retention")
@access.programme_manager
def retention(programme: Programme) -> Answer:
    return _retention(programme)


@pages.post("/programmes/<programme>/retention")
@access.programme_manager
def save_retention(programme: Programme) -> Answer:
    form = RetentionForm().over(programme, _months)
    if not form.validate():
        return _retention(programme, 422, form)
    actions.change_retention(programme, form.keep_people.data, form.keep_answers.data, form.keep_mails.data, now())
    return _saved(programme)


@pages.post("/programmes/<programme>/retention/<int:number>/keeping")
@access.programme_manager
def keep(programme: Programme, number: int) -> Answer:
    actions.keep_longer(access.within(programme, Erasure, number), now())
    return _saved(programme)


def _saved(programme: Programme) -> Answer:
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("privacy.retention", programme=programme.slug))


@pages.get("/programmes/<programme>/register")
@access.programme_admin
def register(programme: Programme) -> Answer:
    return render_template("privacy/register.html", programme=programme, entries=of_programme(programme))
