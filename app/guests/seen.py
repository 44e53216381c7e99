"""What a guest reads of their own place: a value of these fields and nothing else."""

from dataclasses import dataclass
from datetime import datetime

from app.guests.models import Guest
from app.meetings.letters import facts


@dataclass(frozen=True)
class PlaceSeen:
    """`state`: asked, has a seat, waits, was taken off. Where it is stands in `facts` for who has a seat alone."""

    state: str
    language: str
    name: str
    email: str
    organisation: str
    network: str
    start: datetime
    facts: tuple[tuple[str, str], ...]
    cancelled: bool


@dataclass(frozen=True)
class Gone:
    """That a place was given back; nothing else is known any more."""

    language: str


def state_of(guest: Guest) -> str:
    if guest.removed_at:
        return "off"
    return "asked" if guest.confirmed_at is None else "seat" if guest.seat else "waits"


def place_seen(guest: Guest) -> PlaceSeen:
    """All that is known of a guest, for the guest."""
    meeting = guest.meeting
    state = state_of(guest)
    known = facts(meeting)
    return PlaceSeen(
        state=state,
        language=guest.language,
        name=guest.name,
        email=guest.email,
        organisation=guest.organisation,
        network=meeting.network.name,
        start=meeting.local_start,
        facts=tuple(known if state == "seat" else known[:2]),
        cancelled=meeting.cancelled,
    )
