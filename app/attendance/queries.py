"""Who comes, and who was there."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import column, func, select, table
from sqlalchemy.orm import joinedload

from app.attendance.models import Attendance, Present
from app.batch import once
from app.extensions import db
from app.meetings.models import Meeting
from app.networks.models import Organisation
from app.people.models import Person
from app.text import by_name

GUESTS = table("guest", column("meeting_id"), column("seat"))  # of them only their number matters here


@dataclass(frozen=True)
class Answers:
    yes: tuple[Person, ...]
    no: tuple[Person, ...]
    colleague: tuple[Person, ...]  # these send somebody else
    silent: tuple[Person, ...]
    guests: int = 0  # who come from elsewhere

    @property
    def members(self) -> int:
        """Everybody of the network who has not said no, and the colleagues who come instead."""
        return len(self.yes) + len(self.colleague) + len(self.silent)

    @property
    def expected(self) -> int:
        """For whom there has to be room: members and guests."""
        return self.members + self.guests

    @property
    def coming(self) -> int:
        return len(self.yes) + len(self.colleague)


def answers_for(meeting: Meeting) -> Answers:
    """The answers of everybody who takes part on the day; no answer yet is never a no."""
    given = {each.person_id: each.answer for each in once(("answers", meeting.id), lambda: _given([meeting.id]))}
    people = {p.id: p for member in meeting.network.members_on(meeting.day) for p in member.people}
    by = {word: tuple(p for p in people.values() if given.get(p.id) == word) for word in ("yes", "no", "colleague")}
    silent = tuple(p for p in people.values() if p.id not in given)
    guests = once(("guests", meeting.id), lambda: _guests_at(meeting.id)) if meeting.open_to else 0
    return Answers(by["yes"], by["no"], by["colleague"], silent, guests)


def _guests_at(meeting_id: int) -> int:
    seats = select(func.count()).where(GUESTS.c.meeting_id == meeting_id, GUESTS.c.seat.is_not(None))
    return db.session.scalar(seats) or 0


def silent_at(meetings: Sequence[Meeting]) -> dict[int, int]:
    """{meeting: people who take part and have not said anything}, for meetings whose networks are loaded."""
    given = {(each.meeting_id, each.person_id) for each in _given([meeting.id for meeting in meetings])}
    return {
        meeting.id: len(
            {
                person.id
                for member in meeting.network.members_on(meeting.day)
                for person in member.people
                if (meeting.id, person.id) not in given
            }
        )
        for meeting in meetings
    }


def answers_of(person: Person, meeting_ids: Sequence[int]) -> dict[int, Attendance]:
    """{meeting: what the person answered}."""
    query = select(Attendance).where(Attendance.person_id == person.id, Attendance.meeting_id.in_(meeting_ids))
    return {each.meeting_id: each for each in db.session.scalars(query)}


@dataclass(frozen=True)
class Expected:
    """A person who is expected at a meeting, for one organisation."""

    person: Person
    organisation: Organisation
    answer: Attendance | None

    @property
    def word(self) -> str:
        return self.answer.answer if self.answer else ""

    @property
    def who_comes(self) -> str:
        """The name at the door: their own, or the colleague's."""
        colleague = self.answer.colleague_name if self.answer and self.word == "colleague" else ""
        return colleague or self.person.name


def expected_at(meeting: Meeting) -> list[Expected]:
    """Everybody who takes part on the day, by organisation and then in their order."""
    given = {each.person_id: each for each in _given([meeting.id])}
    members = sorted(meeting.network.members_on(meeting.day), key=lambda member: by_name(member.organisation.name))
    return [Expected(p, member.organisation, given.get(p.id)) for member in members for p in member.people]


def present_at(meeting: Meeting) -> set[int]:
    return set(db.session.scalars(select(Present.person_id).where(Present.meeting_id == meeting.id)))


def _given(meeting_ids: Sequence[int]) -> list[Attendance]:
    query = select(Attendance).where(Attendance.meeting_id.in_(meeting_ids)).options(joinedload(Attendance.person))
    return list(db.session.scalars(query))


def who_said_no(meeting_id: int) -> frozenset[int]:
    query = select(Attendance.person_id).where(Attendance.meeting_id == meeting_id, Attendance.answer == "no")
    return frozenset(db.session.scalars(query))
