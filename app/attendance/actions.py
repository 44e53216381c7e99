"""Saying yes or no to a meeting."""

from datetime import datetime

from sqlalchemy import select

from app.attendance.models import Attendance
from app.audit import record
from app.cycles.models import Meeting
from app.errors import Refused
from app.extensions import db
from app.people.models import Person


def answer(meeting: Meeting, person: Person, word: str, sentence: object, now: datetime) -> Attendance:
    """Keep `word` ("yes" or "no"); raises Refused with `sentence` when the meeting is over or cancelled."""
    if meeting.cancelled or meeting.ends_at < now:
        raise Refused(sentence)
    query = select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.person_id == person.id)
    row = db.session.scalars(query).first()
    if row is None:
        row = Attendance(meeting=meeting, person=person)
        db.session.add(row)
    row.answer, row.answered_at = word, now
    db.session.flush()
    record("attendance", row, now, network_id=meeting.network_id, answer=word)
    return row
