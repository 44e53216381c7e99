"""What a person wrote and said about meetings, and how it goes."""

from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from app.extensions import db
from app.people.models import Person
from app.results.models import Evaluation, Result


def personal_data(person: Person) -> list[dict[str, Any]]:
    notes = db.session.scalars(select(Result).where(Result.saved_by_id == person.id).order_by(Result.id))
    said = db.session.scalars(select(Evaluation).where(Evaluation.person_id == person.id).order_by(Evaluation.id))
    return [
        *({"day": row.meeting.day.isoformat(), "notes": row.outcomes, "agreed": row.agreements} for row in notes),
        *({"day": row.meeting.day.isoformat(), "atmosphere": row.atmosphere, "goal": row.goal} for row in said),
    ]


def forget(person: Person, now: datetime) -> None:
    """Notes belong to the network and stay, without who wrote them; answers stay as numbers."""
    db.session.execute(update(Result).where(Result.saved_by_id == person.id).values(saved_by_id=None))
    db.session.execute(update(Evaluation).where(Evaluation.person_id == person.id).values(person_id=None))
