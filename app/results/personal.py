"""What a person wrote and ticked about meetings, and how it goes."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.extensions import db
from app.people.models import Person
from app.results.models import Agreement, Result


def personal_data(person: Person) -> list[dict[str, Any]]:
    notes = db.session.scalars(select(Result).where(Result.saved_by_id == person.id).order_by(Result.id))
    ticked = db.session.scalars(select(Agreement).where(Agreement.done_by_id == person.id).order_by(Agreement.id))
    return [
        *({"day": row.meeting.day.isoformat(), "notes": row.outcomes} for row in notes),
        *({"day": row.meeting.day.isoformat(), "ticked": row.text} for row in ticked),
    ]


def forget(person: Person, now: datetime) -> None:
    """Notes and agreements belong to the network and stay, without who wrote or ticked them."""
    db.session.execute(update(Result).where(Result.saved_by_id == person.id).values(saved_by_id=None))
    db.session.execute(update(Agreement).where(Agreement.done_by_id == person.id).values(done_by_id=None))
