"""The two pages of who makes a meeting: its programme, and what guests read of its room."""

from flask import Blueprint, abort, flash, redirect, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.attendance.queries import answers_for
from app.clock import now
from app.edge import web
from app.extensions import db, hold
from app.meetings.letters import contact, roles
from app.meetings.models import Meeting
from app.meetings.page import may_write
from app.networks import access
from app.networks.models import Network, Room
from app.networks.queries import sits_for
from app.people.models import Person
from app.preparing import actions
from app.preparing.forms import PlaceForm, ProgrammeForm
from app.preparing.queries import last_programme
from app.preparing.working_forms import BY_KEY, FORMS, text_of
from app.topics.queries import topic_of

pages = Blueprint("preparing", __name__)
Answer = tuple[str, int] | Response
PROGRAMME, ROOM = "/meetings/<int:number>/preparation", "/meetings/<int:number>/room"


def _meeting(person: Person, network: Network | None, number: int) -> Meeting:
    """A meeting the person makes: its organisation has a turn at it; signed in also who manages it."""
    if network is not None:
        meeting = access.within(network, Meeting, number)
        return meeting if may_write(network, meeting, person) else abort(404)
    meeting = db.session.get(Meeting, number) or abort(404)
    own = any(sits_for(person, meeting.network, duty.organisation_id, meeting.day) for duty in meeting.duties)
    return meeting if own else abort(404)


def _hosted(person: Person, network: Network | None, number: int) -> Meeting:
    """A meeting the person's organisation hosts; signed in also for who manages it."""
    meeting = _meeting(person, network, number)
    host = meeting.host or abort(404)
    by_link = network is None
    return meeting if access.acts_for(person, meeting.network, host.id, meeting.day, by_link=by_link) else abort(404)


def _done(meeting: Meeting, endpoint: str) -> Response:
    at = now().astimezone(meeting.network.zone)
    db.session.commit()
    flash(_("Saved at %(time)s.", time=at.strftime("%H:%M")))
    return redirect(web.own_url(f"preparing.{endpoint}", meeting.network.slug, number=meeting.id))


def _fitting(form: ProgrammeForm, meeting: Meeting) -> ProgrammeForm:
    """Without the link of a call for a meeting in person; a place is asked for where no room is known."""
    if meeting.mode == "in-person":
        del form.link
    if not meeting.in_person or meeting.room:
        del form.place
    return form


def _kept(meeting: Meeting) -> ProgrammeForm:
    return _fitting(ProgrammeForm(formdata=None, obj=meeting), meeting).showing()


def _programme(meeting: Meeting, form: ProgrammeForm, status: int = 200, *, unsaved: str = "") -> Answer:
    token = (request.view_args or {}).get("token")
    return web.page(
        "preparing/programme.html",
        status,
        meeting=meeting,
        form=form,
        token=token,
        ahead=meeting.ahead(now()),
        roles=roles(meeting),
        expected=answers_for(meeting).expected,
        working_forms=FORMS,
        last=last_programme(meeting),
        topic=topic_of(meeting),
        unsaved=unsaved,
    )


@access.own(pages, PROGRAMME, methods=["GET"])
def programme(person: Person, network: Network | None, number: int) -> Answer:
    meeting = _meeting(person, network, number)
    form, usual = _kept(meeting), meeting.network.usual_programme
    if usual and not meeting.running_order and meeting.ahead(now()):
        form.running_order.data = usual
        return _programme(meeting, form, unsaved=_("This is the usual programme of your network."))
    return _programme(meeting, form)


@access.own(pages, PROGRAMME, methods=["POST"])
def save_programme(person: Person, network: Network | None, number: int) -> Answer:
    meeting, inserted = _meeting(person, network, number), request.form.get("insert", "")
    actions.refuse_over(meeting, now())
    form = _fitting(ProgrammeForm(), meeting)
    if inserted:
        typed = form.running_order.data or ""
        form.running_order.data = "\n\n".join(part for part in (typed, _text(meeting, inserted)) if part)
        return _programme(meeting, form, unsaved=_("The text is added to the programme."))
    if not form.over(meeting, _kept).validate():
        return _programme(meeting, form, 422)
    values = {field.short_name: field.data for field in form.typed()}
    texts = {name: value or "" for name, value in values.items() if name != "open_agenda"}
    actions.save_programme(meeting, {**texts, "open_agenda": form.open_agenda.data}, person, now())
    return _done(meeting, "programme")


def _text(meeting: Meeting, inserted: str) -> str:
    """What a button of the menu adds: the last programme, the usual one, or a working form."""
    if inserted == "last":
        return last_programme(meeting)
    if inserted == "usual":
        return meeting.network.usual_programme
    minutes = int((meeting.ends_at - meeting.starts_at).total_seconds()) // 60
    return text_of(BY_KEY[inserted], minutes) if inserted in BY_KEY else ""


def _speaks(person: Person, meeting: Meeting) -> bool:
    """Whether it is this person's number that people are given for the day."""
    return meeting.host is not None and contact(meeting, meeting.host) == person


def _place_form(person: Person, meeting: Meeting, *, sent: bool = False) -> PlaceForm:
    form = PlaceForm() if sent else PlaceForm(formdata=None, obj=meeting.room, phone=person.phone)
    if not _speaks(person, meeting):
        del form.phone
    return form if sent else form.showing()


def _room(person: Person, meeting: Meeting, form: PlaceForm, status: int = 200) -> Answer:
    host = meeting.host
    assert host is not None, "only who hosts gets here"
    return web.page(
        "preparing/room.html",
        status,
        meeting=meeting,
        form=form,
        token=(request.view_args or {}).get("token"),
        ahead=meeting.ahead(now()),
        others=[each for each in host.rooms if each.id != meeting.room_id],
        speaker=contact(meeting, host),
        speaks=_speaks(person, meeting),
    )


@access.own(pages, ROOM, methods=["GET"])
def room(person: Person, network: Network | None, number: int) -> Answer:
    meeting = _hosted(person, network, number)
    return _room(person, meeting, _place_form(person, meeting))


@access.own(pages, ROOM, methods=["POST"])
def save_room(person: Person, network: Network | None, number: int) -> Answer:
    meeting = _hosted(person, network, number)
    actions.refuse_over(meeting, now())
    if meeting.room:
        hold(meeting.room)
    form = _place_form(person, meeting, sent=True).over(meeting, lambda row: _place_form(person, row))
    if not form.validate():
        return _room(person, meeting, form, 422)
    phone = (form.phone.data or "") if form.phone else None
    actions.save_room(meeting, form.facts, phone, person, now())
    return _done(meeting, "room")


@access.own(pages, f"{ROOM}s/<int:room>", methods=["POST"])
def choose_room(person: Person, network: Network | None, number: int, room: int) -> Answer:
    meeting = _hosted(person, network, number)
    actions.refuse_over(meeting, now())
    host = meeting.host or abort(404)
    actions.choose_room(meeting, access.within(host, Room, room), person, now())
    return _done(meeting, "room")
