"""Which meetings are open to guests, who comes as one, and how many seats are left."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from app.extensions import db
from app.guests.models import Guest
from app.meetings.models import Cycle, Meeting
from app.meetings.queries import DETAILS
from app.networks.models import LIVE, Network, Programme
from app.networks.queries import memberships_of, public_programme
from app.people.models import Person

EVERYBODY, PROGRAMME = "everybody", "programme"
MOST = 500
LISTED = Guest.confirmed_at.is_not(None) & Guest.removed_at.is_(None)  # who has a place or waits for one


def open_meetings(programme_id: int, now: datetime, *to: str) -> list[Meeting]:
    """Meetings ahead that are open `to` these, of a programme's networks that meet, by start."""
    query = (
        select(Meeting)
        .join(Network, Network.id == Meeting.network_id)
        .join(Cycle, Cycle.id == Meeting.cycle_id)
        .where(Network.programme_id == programme_id, Network.state.in_(LIVE), Cycle.published.is_not(None))
        .where(Meeting.open_to.in_(to), Meeting.status == "confirmed", ~Meeting.imported, Meeting.starts_at > now)
        .options(*DETAILS)
    )
    return list(db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id)))


def public_meetings(programme: Programme, now: datetime) -> list[Meeting]:
    """Those every stranger may read about: the network has a public page and the meeting is open to everybody."""
    return [each for each in open_meetings(programme.id, now, EVERYBODY) if each.network.public]


def public_meeting(programme: str, slug: str, number: int, now: datetime) -> Meeting | None:
    """One of them, while its programme has a public page."""
    found = public_programme(programme)
    meetings = public_meetings(found, now) if found else []
    return next((each for each in meetings if each.id == number and each.network.slug == slug), None)


def takes_guests(meeting: Meeting, now: datetime) -> bool:
    """Whether a place can be asked for and confirmed."""
    return meeting.open_to is not None and meeting.ahead(now) and meeting.starts_at > now


def seats_beyond(meeting: Meeting) -> int | None:
    """How many seats the room has beyond those of the members; None where the room is not known."""
    room = meeting.room or (meeting.host.largest_room if meeting.host else None)
    if not meeting.in_person or room is None or room.seats is None:
        return None
    people = {person.id for member in meeting.network.members_on(meeting.day) for person in member.people}
    return max(room.seats - len(people), 0)


def coming_as_guests(meeting: Meeting) -> list[Guest]:
    """Those with a seat, in its order."""
    query = select(Guest).where(Guest.meeting_id == meeting.id, Guest.seat.is_not(None))
    return list(db.session.scalars(query.order_by(Guest.seat)))


def waiting(meeting: Meeting) -> list[Guest]:
    """Those who wait for a seat, the longest first."""
    query = select(Guest).where(Guest.meeting_id == meeting.id, Guest.seat.is_(None), LISTED)
    return list(db.session.scalars(query.order_by(Guest.confirmed_at, Guest.id)))


def seats_taken(meetings: Sequence[Meeting]) -> dict[int, int]:
    """{meeting: seats that guests have}."""
    query = select(Guest.meeting_id, func.count().label("seats")).where(
        Guest.meeting_id.in_([each.id for each in meetings])
    )
    rows = db.session.execute(query.where(Guest.seat.is_not(None)).group_by(Guest.meeting_id))
    return {row.meeting_id: row.seats for row in rows}


def guest_at(meeting: Meeting, number: int) -> Guest | None:
    """Whoever has this number, whether listed or not."""
    return db.session.scalars(select(Guest).where(Guest.meeting_id == meeting.id, Guest.id == number)).first()


def place_of(meeting: Meeting, email: str) -> Guest | None:
    return db.session.scalars(select(Guest).where(Guest.meeting_id == meeting.id, Guest.email == email)).first()


def to_visit(person: Person, now: datetime, programme_id: int | None = None) -> dict[int, tuple[Meeting, str]]:
    """{number: (a meeting of another network of the person's programmes, their organisation in that programme)}."""
    places = memberships_of(person, now.date())
    own = {member.network_id for member in places}
    found: dict[int, tuple[Meeting, str]] = {}
    for member in places:
        if programme_id in (None, member.network.programme_id):
            for meeting in open_meetings(member.network.programme_id, now, EVERYBODY, PROGRAMME):
                if meeting.network_id not in own:
                    found.setdefault(meeting.id, (meeting, member.organisation.name))
    return found


def places_of(email: str | None) -> list[Guest]:
    """Where somebody with this address is a guest, or asked to be."""
    query = select(Guest).join(Meeting).where(Guest.email == email)
    return list(db.session.scalars(query.order_by(Meeting.starts_at, Guest.id)))
