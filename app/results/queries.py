"""Reads of notes and of how meetings were."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import mean

from sqlalchemy import func, or_, select

from app.extensions import db
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.models import Network
from app.people.models import Person
from app.results.models import Evaluation, Result

ENOUGH = 4  # answers, below which nobody sees how they were


@dataclass(frozen=True)
class Pulse:
    answers: int
    atmosphere: float
    goal: float


def result_of(meeting: Meeting) -> Result | None:
    return db.session.scalars(select(Result).where(Result.meeting_id == meeting.id)).first()


def published_of(meeting: Meeting) -> Result | None:
    return result_of(meeting) if meeting.notes_at else None


def notes_of(network_ids: Sequence[int]) -> dict[int, Result]:
    """{meeting: its published notes}."""
    query = select(Result).join(Meeting).where(Meeting.network_id.in_(network_ids), Meeting.notes_at.is_not(None))
    return {result.meeting_id: result for result in db.session.scalars(query)}


def latest(network: Network, before: datetime) -> Result | None:
    """The newest published notes of a network from before an instant."""
    query = select(Result).join(Meeting).where(Meeting.network_id == network.id, Meeting.notes_at.is_not(None))
    return db.session.scalars(query.where(Meeting.starts_at < before).order_by(Meeting.starts_at.desc())).first()


def evaluation_of(meeting: Meeting, person: Person) -> Evaluation | None:
    query = select(Evaluation).where(Evaluation.meeting_id == meeting.id, Evaluation.person_id == person.id)
    return db.session.scalars(query).first()


def pulse(meeting: Meeting) -> Pulse | None:
    """How the meeting was for those who said so, once they are enough for nobody to be recognised."""
    query = select(Evaluation.atmosphere, Evaluation.goal).where(Evaluation.meeting_id == meeting.id)
    said = [(atmosphere, goal) for atmosphere, goal in db.session.execute(query)]
    if len(said) < ENOUGH:
        return None
    return Pulse(len(said), round(mean(each for each, _ in said), 1), round(mean(each for _, each in said), 1))


def next_mails(people: list[int], now: datetime, until: datetime) -> dict[int, datetime]:
    """{person: when the next mail leaves that others can join}, of those who get one by then."""
    joinable = or_(*[Message.kind.like(f"{letter}_%") for letter in "HPDN"])
    query = (
        select(Message.person_id, func.min(Message.due_at))
        .where(Message.person_id.in_(people), Message.state == "planned", joinable)
        .where(Message.due_at > now, Message.due_at <= until)
        .group_by(Message.person_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}
