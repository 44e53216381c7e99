"""What a person said about who stays, and how their name goes from it."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.closing.models import Stay
from app.extensions import db
from app.people.models import Person


def personal_data(person: Person) -> list[dict[str, Any]]:
    said = db.session.scalars(select(Stay).where(Stay.answered_by_id == person.id).order_by(Stay.id))
    return [{"organisation": row.membership.organisation.name, "year": row.year, "answer": row.answer} for row in said]


def forget(person: Person, now: datetime) -> None:
    """What an organisation said stays; who said it is not known any more."""
    db.session.execute(update(Stay).where(Stay.answered_by_id == person.id).values(answered_by_id=None))
