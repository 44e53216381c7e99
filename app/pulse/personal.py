"""What a person said of meetings in the last days, and how it goes."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select

from app.extensions import db
from app.people.models import Person
from app.pulse.models import PulseAnswer


def personal_data(person: Person) -> list[dict[str, Any]]:
    said = db.session.scalars(select(PulseAnswer).where(PulseAnswer.person_id == person.id).order_by(PulseAnswer.id))
    return [
        {"day": row.meeting.day.isoformat(), "atmosphere": row.atmosphere, "goal": row.goal, "sentence": row.sentence}
        for row in said
    ]


def forget(person: Person, now: datetime) -> None:
    """Answers that are kept go; sums of before hold nobody."""
    db.session.execute(delete(PulseAnswer).where(PulseAnswer.person_id == person.id))
