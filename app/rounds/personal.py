"""What a person said in date rounds, and how it goes."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from app.extensions import db
from app.people.models import Person
from app.rounds.models import CandidateDate, DateAnswer, DateRemark, DateRound


def personal_data(person: Person) -> list[dict[str, Any]]:
    query = select(DateAnswer).join(CandidateDate).where(DateAnswer.person_id == person.id).order_by(CandidateDate.day)
    remarks = select(DateRemark, DateRound).join(DateRound).where(DateRemark.person_id == person.id)
    said = [
        {"network": row.candidate.round.network.name, "day": row.candidate.day.isoformat(), "answer": row.answer}
        for row in db.session.scalars(query)
    ]
    return said + [
        {"network": row.network.name, "year": row.year, "remark": remark.words}
        for remark, row in db.session.execute(remarks.order_by(DateRound.year, DateRound.id))
    ]


def forget(person: Person, now: datetime) -> None:
    """Answers of the person go; those they wrote down for others stay, without their name."""
    for model in (DateAnswer, DateRemark):
        db.session.execute(delete(model).where(model.person_id == person.id))
    entered = update(DateAnswer).where(DateAnswer.entered_by_id == person.id)
    db.session.execute(entered.values(entered_by_id=None))
