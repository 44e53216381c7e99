"""Opening a meeting to guests and seeing who comes; and where people of other networks take a place."""

from flask import Blueprint, abort, flash, g, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.clock import now
from app.edge import web
from app.errors import Refused
from app.extensions import db
from app.guests import actions, queries
from app.guests.forms import DoorForm
from app.meetings.models import Meeting
from app.meetings.page import may_write
from app.networks import access
from app.networks.models import Network
from app.networks.queries import manages, sits_for
from app.people.models import Person
from app.public.meeting_queries import seen_of_meeting

pages = Blueprint("visits", __name__)
Answer = str | tuple[str, int] | Response


def _opens(network: Network, meeting: Meeting) -> bool:
    """Who manages the network, and who hosts this meeting: it is their room."""
    host = meeting.host
    return manages(g.person, network) or (host is not None and sits_for(g.person, network, host.id, meeting.day))


def _meeting(network: Network, number: int) -> Meeting:
    meeting = access.within(network, Meeting, number)
    if not (g.manages or may_write(network, meeting, g.person)):
        abort(404)
    return meeting


def _form(meeting: Meeting) -> DoorForm:
    return DoorForm(
        formdata=None, data={"open_to": meeting.open_to or "", "guest_seats": meeting.guest_seats}
    ).showing()


def _page(network: Network, meeting: Meeting, form: DoorForm | None = None) -> Answer:
    return web.page(
        "guests/desk.html",
        422 if form else 200,
        network=network,
        meeting=meeting,
        form=form or _form(meeting),
        opens=_opens(network, meeting) and meeting.ahead(now()),
        coming=queries.coming_as_guests(meeting),
        waiting=queries.waiting(meeting),
        takes_off=g.manages and meeting.ahead(now()),
        beyond=queries.seats_beyond(meeting),
        shown=seen_of_meeting(meeting),
        public=network.public and network.programme.public,
    )


@pages.get("/networks/<slug>/meetings/<int:number>/guests")
@access.participant
def desk(network: Network, number: int) -> Answer:
    return _page(network, _meeting(network, number))


@pages.post("/networks/<slug>/meetings/<int:number>/guests")
@access.participant
def save(network: Network, number: int) -> Answer:
    meeting = _meeting(network, number)
    if not _opens(network, meeting):
        abort(404)
    form = DoorForm().over(meeting, _form)
    if not form.validate():
        return _page(network, meeting, form)
    values = {"open_to": form.open_to.data or None, "guest_seats": form.guest_seats.data}
    actions.open_door(meeting, values, now())
    db.session.commit()
    flash(_("Saved."))
    return redirect(url_for("visits.desk", slug=network.slug, number=meeting.id))


@pages.post("/networks/<slug>/meetings/<int:number>/guests/<int:visitor>/removal")
@access.network_manager
def take_off(network: Network, number: int, visitor: int) -> Answer:
    guest = queries.guest_at(access.within(network, Meeting, number), visitor) or abort(404)
    actions.take_off(guest, now())
    db.session.commit()
    flash(_("%(name)s is off the list, and gets a mail that says so.", name=guest.name))
    return redirect(url_for("visits.desk", slug=network.slug, number=number))


@access.own(pages, "/open-meetings")
def others(person: Person, network: Network | None) -> Answer:
    """Meetings of other networks of the programme that one may come to."""
    found = queries.to_visit(person, now(), network.programme_id if network else None)
    meetings = sorted((meeting for meeting, _organisation in found.values()), key=lambda each: each.starts_at)
    places = {each.meeting_id: each for each in queries.places_of(person.email)}
    return web.page("guests/others.html", meetings=meetings, places=places, network=network)


@access.own(pages, "/open-meetings/<int:number>", methods=("POST",))
def take(person: Person, network: Network | None, number: int) -> Answer:
    found = queries.to_visit(person, now(), network.programme_id if network else None)
    meeting, organisation = found.get(number) or abort(404)
    if not person.email:
        raise Refused(_("Mails about your place need an address, and we know none of you."))
    known = {"name": person.name, "email": person.email, "organisation": organisation, "language": person.language}
    guest = actions.take(meeting, known, now())
    db.session.commit()
    flash(_("You have a place; a mail says where and when.") if guest.seat else _("You are on the waiting list."))
    return redirect(web.own_url("visits.others", network.slug if network else meeting.network.slug))
