"""What a person said in date rounds, and how it goes."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from app.extensions import db
from app.people.models import Person
from app.rounds.models import CandidateDate, DateAnswer


def personal_data(person: Person) -> list[dict[str, Any]]:
    query = select(DateAnswer).join(CandidateDate).where(DateAnswer.person_id == person.id).order_by(CandidateDate.day)
    return [
        {"network": row.candidate.round.network.name, "day": row.candidate.day.isoformat(), "answer": row.answer}
        for row in db.session.scalars(query)
    ]


def forget(person: Person, now: datetime) -> None:
    """Answers of the person go; those they wrote down for others stay, without their name."""
    db.session.execute(delete(DateAnswer).where(DateAnswer.person_id == person.id))
    entered = update(DateAnswer).where(DateAnswer.entered_by_id == person.id)
    db.session.execute(entered.values(entered_by_id=None))
