"""Which dates people who want invitations have, and which they were sent."""

from datetime import datetime
from hashlib import sha256
from typing import NamedTuple

from sqlalchemy import select

from app.calendars.rendering import own_organisation
from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Meeting
from app.meetings.queries import meetings_of
from app.networks.models import Network
from app.people.models import Person

ASKED, BACK = "I1", "I2"
MEETING, PREPARATION = "meeting", "preparation"


class Event(NamedTuple):
    """One entry of one person's calendar: a meeting, or the day on which its programme is due."""

    person_id: int
    meeting_id: int
    about: str


def event_of(message: Message) -> Event:
    return Event(message.person_id, message.meeting_id or 0, message.params["about"])


def wants(person: Person, network: Network, meeting: Meeting, about: str, now: datetime) -> bool:
    """Whether this entry belongs into the calendar of a person who has invitations."""
    own = own_organisation(person.id, network, meeting)
    if not person.by_invitation or own is None or meeting.cancelled or meeting.imported or meeting.ends_at <= now:
        return False
    return about == MEETING or own in {each.id for each in meeting.preparers}


def events_wanted(network: Network, now: datetime) -> dict[Event, str]:
    """{entry: what of it is worth a mail when it changes}, of everybody who wants invitations."""
    people = {each.id: each for member in network.memberships for each in member.people if each.by_invitation}
    meetings = meetings_of([network.id], now) if people else []
    return {
        Event(person.id, meeting.id, about): _told(meeting, own_organisation(person.id, network, meeting))
        for person in people.values()
        for meeting in meetings
        for about in (MEETING, PREPARATION)
        if wants(person, network, meeting, about, now)
    }


def _told(meeting: Meeting, own: int | None) -> str:
    """When, where, what, who. A programme that is still being written sends no mail at each change of it."""
    turns = sorted((duty.kind, duty.organisation_id) for duty in meeting.duties)
    place = meeting.mode, meeting.place, meeting.room_id, meeting.link
    parts = meeting.sequence, meeting.starts_at, meeting.ends_at, place, meeting.topic, turns, own
    return sha256(repr(parts).encode()).hexdigest()[:16]


def sent_about(network: Network, now: datetime) -> dict[Event, list[Message]]:
    """Of meetings that are not over, the invitations of each entry in the order they were made."""
    query = (
        select(Message)
        .join(Meeting, Meeting.id == Message.meeting_id)
        .where(Message.network_id == network.id, Message.kind.in_((ASKED, BACK)), Meeting.ends_at > now)
    )
    found: dict[Event, list[Message]] = {}
    for message in db.session.scalars(query.order_by(Message.id)):
        found.setdefault(event_of(message), []).append(message)
    return found
