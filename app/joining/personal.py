"""What a person asked to take part in."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from app.extensions import db
from app.joining.actions import forget_address
from app.joining.models import ANSWERED, JoinRequest
from app.people.models import Person


def personal_data(person: Person) -> list[dict[str, Any]]:
    """Their requests, with what became of them."""
    rows = db.session.scalars(select(JoinRequest).where(JoinRequest.email == person.email).order_by(JoinRequest.id))
    return [
        {
            "network": row.network.name if row.network else row.programme.name,
            "asked": row.asked_at.isoformat(),
            "organisation": row.organisation,
            "town": row.town,
            "name": row.name,
            "about": row.subject,
            "words": row.words,
            "state": row.state,
            "answer": row.answer,
        }
        for row in rows
    ]


def forget(person: Person, now: datetime) -> None:
    """What was answered goes; what still waits goes by the person's own word alone (app/privacy/actions)."""
    if person.email:
        forget_address(person.email, now, ANSWERED)
