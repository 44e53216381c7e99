"""Where a person is a guest, known by their address alone, and how it goes."""

from datetime import datetime
from typing import Any

from app.guests.actions import forget_past
from app.guests.queries import places_of
from app.guests.seen import state_of
from app.people.models import Person


def personal_data(person: Person) -> list[dict[str, Any]]:
    rows = places_of(person.email) if person.email else []
    return [
        {
            "network": row.meeting.network.name,
            "day": row.meeting.day.isoformat(),
            "name": row.name,
            "organisation": row.organisation,
            "place": state_of(row),
        }
        for row in rows
    ]


def forget(person: Person, now: datetime) -> None:
    """Past places go; those to come go by the person's own word alone (app/privacy/actions)."""
    if person.email:
        forget_past(person.email, now)
