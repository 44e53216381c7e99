"""Who comes."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.attendance.models import Attendance
from app.cycles.models import Meeting
from app.extensions import db
from app.people.models import Person


@dataclass(frozen=True)
class Answers:
    yes: tuple[Person, ...]
    no: tuple[Person, ...]
    silent: tuple[Person, ...]


def answers_for(meeting: Meeting) -> Answers:
    """The answers of everybody who takes part on the day; no answer yet is never a no."""
    given = {each.person_id: each.answer for each in _given([meeting.id])}
    people = {p.id: p for member in meeting.network.members_on(meeting.day) for p in member.people}
    by = {word: tuple(p for p in people.values() if given.get(p.id) == word) for word in ("yes", "no", None)}
    return Answers(by["yes"], by["no"], by[None])


def answers_of(person: Person, meeting_ids: Sequence[int]) -> dict[int, str]:
    """{meeting: yes or no} as the person answered."""
    query = select(Attendance).where(Attendance.person_id == person.id, Attendance.meeting_id.in_(meeting_ids))
    return {each.meeting_id: each.answer for each in db.session.scalars(query)}


def _given(meeting_ids: Sequence[int]) -> list[Attendance]:
    query = select(Attendance).where(Attendance.meeting_id.in_(meeting_ids)).options(joinedload(Attendance.person))
    return list(db.session.scalars(query))
