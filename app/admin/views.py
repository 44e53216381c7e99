"""The instance: first run, health, people and roles of a programme, merging what means the same."""

from hmac import compare_digest

from flask import Blueprint, abort, flash, g, jsonify, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response
from wtforms import SelectChoice

from app.admin import merging, sample
from app.admin.forms import CalendarForm, FirstRunForm, ProgrammeForm
from app.admin.monitoring import health, metrics
from app.availability.actions import add_closed_period, remove_closed_period
from app.availability.forms import ClosedPeriodForm
from app.availability.models import ClosedPeriod
from app.calendars import actions as calendars
from app.clock import now
from app.edge import web
from app.extensions import db
from app.meetings import phrases
from app.meetings.queries import meetings_of
from app.networks import access
from app.networks import actions as networks
from app.networks.forms import MergeForm, RoleForm
from app.networks.models import Network, Organisation, Programme, Role
from app.networks.queries import without_manager
from app.people.actions import change_preferences, introduce
from app.people.forms import TONES, tone_of
from app.people.models import NOBODY_YET, Person
from app.reminders.manager_mails import try_mail

pages = Blueprint("admin", __name__)
Answer = str | tuple[str, int] | Response


@pages.get("/healthz")
@web.public
def healthz() -> tuple[Response, int]:
    try:
        state = health.state(now())
    except SQLAlchemyError as error:
        return jsonify(status="error", database=type(error).__name__), 503
    return jsonify(state), 200 if state["status"] == "ok" else 503


@pages.get("/readyz")
@web.public
def readyz() -> tuple[Response, int]:
    try:
        db.session.connection()
    except SQLAlchemyError:
        return jsonify(status="error"), 503
    return jsonify(status="ok"), 200


@pages.get("/metrics")
@web.public
def figures() -> Response:
    """Only for who holds the token of the settings; for others, and where it is off, there is nothing here."""
    token, given = web.settings().metrics_token, request.headers.get("Authorization", "")
    if not token or not compare_digest(given.encode(), f"Bearer {token}".encode()) or not metrics.available():
        abort(404)
    text, kind = metrics.text(now())
    return Response(text, content_type=kind)


@pages.get("/start")
@web.signed_in
def first_run() -> Answer:
    _site_admin()
    known = "" if g.person.email == NOBODY_YET else g.person.email
    form = FirstRunForm(formdata=None, language=g.person.language, email=known)
    return render_template("admin/first_run.html", form=form)


def _site_admin() -> None:
    if not g.person.site_admin:
        abort(404)


@pages.post("/start")
@web.signed_in
def found() -> Answer:
    _site_admin()
    form = FirstRunForm()
    if not form.validate():
        return web.page("admin/first_run.html", 422, form=form)
    at = now()
    programme = networks.found_programme(
        form.programme.data, language=form.language.data, now=at, region=form.region.data or None
    )
    networks.change_sender(
        programme, {"sender_name": form.sender_name.data or "", "sender_email": form.sender_email.data or ""}, at
    )
    networks.grant(g.person, programme, None, at)
    if introduce(g.person, form.first_name.data, form.last_name.data or "", form.email.data, at):
        flash(_("Two mails are on their way. Your address changes when both are confirmed."))
    if form.try_out.data and g.person.email:
        try_mail(g.person, at)
        flash(_("A test mail to you leaves within a minute."))
    change_preferences(g.person, language=form.language.data, wants_mail=True, phone=g.person.phone, now=at)
    db.session.commit()
    return redirect(url_for("importing.upload", programme=programme.slug))


def _settings(programme: Programme) -> ProgrammeForm:
    return ProgrammeForm(formdata=None, obj=programme, tone=tone_of(programme.formal)).showing()


def _programme_page(programme: Programme, status: int = 200, **forms: object) -> Answer:
    given = {
        "form": _settings(programme),
        "role_form": _role_form(programme, formdata=None),
        "closed_form": ClosedPeriodForm(formdata=None),
        "merge_form": _merge_form(programme, formdata=None),
        "people_form": _people_form(programme, formdata=None),
        "calendar_form": _calendar_form(programme, formdata=None),
    } | forms
    roles = db.session.query(Role).filter_by(programme_id=programme.id).order_by(Role.network_id, Role.id).all()
    periods = db.session.query(ClosedPeriod).filter_by(programme_id=programme.id).order_by(ClosedPeriod.first).all()
    given |= {"roles": roles, "periods": periods, "unmanaged": _unmanaged([programme])}
    return web.page("admin/programme.html", status, programme=programme, **given)


def _unmanaged(found: list[Programme]) -> list[Network]:
    networks = [network for programme in found for network in programme.networks]
    nobodys = without_manager(networks)
    return [network for network in networks if network.id in nobodys]


def _role_form(programme: Programme, **kwargs: object) -> RoleForm:
    form = RoleForm(**kwargs)
    form.network.choices = [
        SelectChoice("", _("the whole programme")),
        *[SelectChoice(n.slug, n.name) for n in programme.networks],
    ]
    return form


def _merge_form(programme: Programme, **kwargs: object) -> MergeForm:
    form = MergeForm(prefix="organisation-", **kwargs)
    form.keep.choices = form.drop.choices = [SelectChoice(each.id, each.name) for each in programme.organisations]
    return form


def _people_form(programme: Programme, **kwargs: object) -> MergeForm:
    form = MergeForm(prefix="person-", **kwargs)
    people = merging.people_of(programme)
    form.keep.choices = form.drop.choices = [SelectChoice(p.id, f"{p.name} {p.email or ''}") for p in people]
    return form


def _calendar_form(programme: Programme, **kwargs: object) -> CalendarForm:
    form = CalendarForm(**kwargs)
    people = {person.id: person for person in merging.people_of(programme)}
    people |= {role.person_id: role.person for role in db.session.query(Role).filter_by(programme_id=programme.id)}
    form.person.choices = [SelectChoice(p.id, f"{p.name} {p.email or ''}") for p in people.values()]
    return form


@pages.get("/programmes/<programme>")
@access.programme_admin
def programme(programme: Programme) -> Answer:
    return _programme_page(programme)


@pages.post("/programmes/<programme>")
@access.programme_manager
def save_programme(programme: Programme) -> Answer:
    form = ProgrammeForm().over(programme, _settings)
    if not form.validate():
        return _programme_page(programme, 422, form=form)
    values = {name: form[name].data or "" for name in ("name", "sender_name", "sender_email")}
    networks.change_sender(
        programme,
        values
        | {"region": form.region.data, "language": form.language.data, "formal": TONES[form.tone.data]}
        | {"shares_topics": form.shares_topics.data},
        now(),
    )
    return _saved(programme)


def _saved(programme: Programme, said: str = "") -> Response:
    db.session.commit()
    flash(said or _("Saved."))
    return redirect(url_for("admin.programme", programme=programme.slug))


@pages.post("/programmes/<programme>/roles")
@access.programme_admin
def grant_role(programme: Programme) -> Answer:
    form = _role_form(programme)
    if not form.validate():
        return _programme_page(programme, 422, role_form=form)
    at = now()
    network = next((each for each in programme.networks if each.slug == form.network.data), None)
    names = form.first_name.data, form.last_name.data or ""
    networks.grant(networks.person_for(programme, *names, form.email.data, at), programme, network, at)
    return _saved(programme)


@pages.post("/programmes/<programme>/roles/<int:number>/removal")
@access.programme_admin
def withdraw_role(programme: Programme, number: int) -> Answer:
    networks.withdraw(access.within(programme, Role, number), now())
    return _saved(programme)


@pages.post("/programmes/<programme>/closed-periods")
@access.programme_manager
def add_period(programme: Programme) -> Answer:
    form = ClosedPeriodForm()
    if not form.validate():
        return _programme_page(programme, 422, closed_form=form)
    values = {"name": form.name.data, "first": form.first.data, "last": form.last.data}
    new = add_closed_period(programme, values | {"source": form.source.data or ""}, now())
    if not new:
        return _saved(programme, _("This stood here already; nothing was added."))
    ahead = meetings_of([network.id for network in programme.networks], now())
    stays = [each for each in ahead if values["first"] <= each.day <= values["last"] and not each.cancelled]
    return _saved(programme, f"{_('Saved.')} {phrases.stays_published(stays)}".rstrip())


@pages.post("/programmes/<programme>/closed-periods/<int:number>/removal")
@access.programme_manager
def remove_period(programme: Programme, number: int) -> Answer:
    remove_closed_period(access.within(programme, ClosedPeriod, number), now())
    return _saved(programme)


@pages.post("/programmes/<programme>/organisations/merge")
@access.programme_manager
def merge_organisations(programme: Programme) -> Answer:
    form = _merge_form(programme)
    if not form.validate():
        return _programme_page(programme, 422, merge_form=form)
    keep, drop = (access.within(programme, Organisation, field.data) for field in (form.keep, form.drop))
    merging.merge_organisations(keep, drop, now())
    return _saved(programme)


@pages.post("/programmes/<programme>/people/merge")
@access.programme_manager
def merge_people(programme: Programme) -> Answer:
    form = _people_form(programme)
    if not form.validate():
        return _programme_page(programme, 422, people_form=form)
    keep, drop = db.session.get(Person, form.keep.data), db.session.get(Person, form.drop.data)
    merging.merge_people(keep or abort(404), drop or abort(404), programme, g.person, now())
    return _saved(programme)


@pages.post("/programmes/<programme>/people/calendars/end")
@access.programme_admin
def reset_calendars(programme: Programme) -> Answer:
    """For who manages the programme, and a site admin: of whom they see there, never the links themselves."""
    form = _calendar_form(programme)
    if not form.validate():
        return _programme_page(programme, 422, calendar_form=form)
    person = db.session.get(Person, form.person.data) or abort(404)
    calendars.reset(person, None if g.person.site_admin else programme, now())
    return _saved(programme)


@pages.post("/start/sample")
@web.signed_in
def load_sample() -> Answer:
    _site_admin()
    programme = sample.load(now())
    networks.grant(g.person, programme, None, now())
    db.session.commit()
    flash(_("The sample programme is loaded. All names in it are invented."))
    return redirect(url_for("portfolio.start"))
