"""Saying how a meeting was, and closing: the sums are kept, what people said is deleted."""

from collections.abc import Iterable
from datetime import datetime
from random import SystemRandom

from flask_babel import gettext as _
from sqlalchemy import delete

from app.errors import Refused
from app.extensions import db, hold
from app.meetings.models import Meeting
from app.people.models import Person
from app.pulse import queries
from app.pulse.models import ENOUGH, Pulse, PulseAnswer


def answer(meeting: Meeting, person: Person, atmosphere: int, goal: int, sentence: str, now: datetime) -> None:
    """Keep what a person says (1 to 5 each, one sentence or none); what they say later counts instead.

    Raises Refused when the pulse is not open, or of somebody who is not asked. The audit log says nothing of it: it
    would keep for years who answered when.
    """
    hold(meeting)  # against closing at the same instant
    if not queries.is_open(meeting, now) or queries.closed_of(meeting):
        raise Refused(_("This pulse is closed: answers are taken for ten days after a meeting."))
    if person.id not in queries.asked(meeting):
        raise Refused(
            _("You are not asked: you could not come, or the network is too small for nobody to be recognised.")
        )
    row = queries.answer_of(meeting, person) or PulseAnswer(meeting=meeting, person=person)
    row.atmosphere, row.goal, row.sentence = atmosphere, goal, sentence
    db.session.add(row)
    db.session.flush()


def close_due(now: datetime) -> int:
    """Close every pulse whose days are over; twice in a row changes nothing. Returns how many were closed."""
    due = [meeting for meeting in queries.with_answers() if queries.closes_at(meeting) <= now]
    for meeting in due:
        _close(meeting, now)
    return len(due)


def _close(meeting: Meeting, now: datetime) -> None:
    """Fold the answers into one row, from which nobody can be told apart, and delete them."""
    hold(meeting)
    answers = db.session.query(PulseAnswer).where(PulseAnswer.meeting_id == meeting.id).all()
    if not answers or queries.closed_of(meeting):
        return
    enough = len(answers) >= ENOUGH
    said = [each.sentence for each in answers if each.sentence]
    SystemRandom().shuffle(said)
    db.session.add(
        Pulse(
            meeting=meeting,
            asked=len(queries.asked(meeting) | {each.person_id for each in answers}),
            answers=len(answers),
            atmosphere=_counts(each.atmosphere for each in answers) if enough else None,
            goal=_counts(each.goal for each in answers) if enough else None,
            sentences=said if enough else [],
            closed_at=now,
        )
    )
    db.session.execute(delete(PulseAnswer).where(PulseAnswer.meeting_id == meeting.id))
    db.session.flush()


def _counts(values: Iterable[int]) -> list[int]:
    chosen = list(values)
    return [chosen.count(value) for value in range(1, 6)]
