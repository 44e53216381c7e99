"""What a person said about coming and where they were, and how it goes."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from app.attendance.models import Attendance, Present
from app.extensions import db
from app.meetings.models import Meeting
from app.people.models import Person


def personal_data(person: Person) -> list[dict[str, Any]]:
    answers = select(Attendance).join(Meeting).where(Attendance.person_id == person.id).order_by(Meeting.starts_at)
    there = select(Meeting).join(Present, Present.meeting_id == Meeting.id).where(Present.person_id == person.id)
    said = [
        {
            "network": row.meeting.network.name,
            "day": row.meeting.day.isoformat(),
            "answer": row.answer,
            "colleague": row.colleague_name,
        }
        for row in db.session.scalars(answers)
    ]
    return said + [{"day": meeting.day.isoformat(), "was_there": True} for meeting in db.session.scalars(there)]


def forget(person: Person, now: datetime) -> None:
    """Answers and presence go, how many were there stays; what they wrote down for others stays without their name."""
    db.session.execute(delete(Attendance).where(Attendance.person_id == person.id))
    db.session.execute(delete(Present).where(Present.person_id == person.id))
    entered = update(Attendance).where(Attendance.entered_by_id == person.id)
    db.session.execute(entered.values(entered_by_id=None))
