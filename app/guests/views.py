"""Where a guest asks for a place, confirms it and gives it back: pages for people nobody knows."""

from flask import Blueprint, abort
from werkzeug.wrappers import Response

from app.clock import now
from app.edge import strangers, web
from app.extensions import db
from app.guests import actions
from app.guests.forms import PlaceForm
from app.guests.links import guest_of
from app.guests.models import Guest
from app.guests.queries import public_meeting
from app.guests.seen import Gone, place_seen
from app.meetings.models import Meeting
from app.public.meeting_queries import MeetingPage, seen_of_meeting
from app.public.views import body, speaking, spoken

pages = Blueprint("guests", __name__)
Answer = str | tuple[str, int] | Response


def _open(programme: str, network: str, number: int) -> tuple[Meeting, MeetingPage]:
    meeting = public_meeting(programme, network, number, now()) or abort(404)
    return meeting, seen_of_meeting(meeting)


@pages.get("/p/<programme>/<network>/<int:number>/place")
@web.public
def ask(programme: str, network: str, number: int) -> Answer:
    _meeting, shown = _open(programme, network, number)
    return body("guests/ask.html", shown=shown, form=PlaceForm(formdata=None))


@pages.post("/p/<programme>/<network>/<int:number>/place")
@web.public
def send(programme: str, network: str, number: int) -> Answer:
    """The same page for any address: what is known of it is said by mail alone."""
    meeting, shown = _open(programme, network, number)
    with speaking(shown.language):
        form = PlaceForm()
        fine = form.validate()
    if not fine:
        return body("guests/ask.html", shown=shown, form=form), 422
    values = {"name": form.name.data, "email": form.email.data, "organisation": form.organisation.data or ""}
    strangers.allow("guest", values["email"], now())
    actions.ask(meeting, {**values, "language": spoken(shown.language)}, now())
    db.session.commit()
    return body("guests/asked.html", shown=shown, email=values["email"])


def _of(token: str) -> Guest:
    return guest_of(token) or abort(404)


@pages.get("/guest/<token>")
@web.public
def place(token: str) -> Answer:
    guest = _of(token)
    with speaking(guest.language):
        return body("guests/place.html", shown=place_seen(guest), token=token)


@pages.post("/guest/<token>")
@web.public
def confirm(token: str) -> Answer:
    guest = _of(token)
    with speaking(guest.language):
        guest = actions.confirm(guest, now())
        db.session.commit()
        return body("guests/place.html", shown=place_seen(guest), token=token)


@pages.post("/guest/<token>/back")
@web.public
def give_back(token: str) -> Answer:
    guest = _of(token)
    language = guest.language
    with speaking(language):
        actions.give_back(guest, now())
        db.session.commit()
    return body("guests/gone.html", shown=Gone(language))
