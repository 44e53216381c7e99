"""What the page of a meeting shows."""

from dataclasses import dataclass
from datetime import datetime

from app.meetings.drawings.badges import Badge, badges_of
from app.meetings.models import Duty, Meeting
from app.networks.models import Network
from app.networks.queries import manages, sits_for
from app.people.models import Person


@dataclass(frozen=True)
class Turn:
    duty: Duty
    state: str
    own: bool  # whether the person may speak for it


@dataclass(frozen=True)
class MeetingView:
    at: datetime
    badges: dict[int, Badge]
    may_write: bool
    turns: tuple[Turn, ...]
    organisations: frozenset[int]  # for whom the person may speak
    past: bool
    begun: bool


def of_meeting(network: Network, meeting: Meeting, person: Person, now: datetime) -> MeetingView:
    own = _speaks_for(network, meeting, person)
    return MeetingView(
        at=now,
        badges=badges_of(network),
        may_write=may_write(network, meeting, person),
        turns=tuple(Turn(duty, duty.state(now), duty.organisation_id in own) for duty in meeting.duties),
        organisations=own,
        past=meeting.ends_at < now,
        begun=meeting.starts_at <= now,
    )


def _speaks_for(network: Network, meeting: Meeting, person: Person) -> frozenset[int]:
    """A manager for everybody, others for the organisations they sit there for."""
    members, manager = network.members_on(meeting.day), manages(person, network)
    return frozenset(m.organisation_id for m in members if manager or person in m.people)


def may_write(network: Network, meeting: Meeting, person: Person) -> bool:
    """Managers, and people of an organisation that hosts or prepares this meeting, write its topic and programme."""
    if manages(person, network):
        return True
    return any(sits_for(person, network, duty.organisation_id, meeting.day) for duty in meeting.duties)
