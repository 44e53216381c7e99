"""Reads of notes, of what was agreed, and of what a network learnt."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from app.extensions import db
from app.meetings.models import Meeting
from app.networks.models import Network, Organisation
from app.pulse.models import Pulse
from app.pulse.queries import closed
from app.results.models import Agreement, Result
from app.text import folded

PAGE, MOST = 12, 60  # meetings of one page; meetings found


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


def with_recording() -> list[Result]:
    """Notes that lead to a recording which has a last day."""
    query = select(Result).where(Result.recording != "", Result.recording_until.is_not(None))
    return list(db.session.scalars(query.order_by(Result.id)))


def agreed_at(meeting_ids: Sequence[int]) -> dict[int, list[Agreement]]:
    """{meeting: what was agreed there, as it was written down}."""
    query = select(Agreement).where(Agreement.meeting_id.in_(meeting_ids)).order_by(Agreement.id)
    found: dict[int, list[Agreement]] = {}
    for row in db.session.scalars(query.options(joinedload(Agreement.organisation), joinedload(Agreement.done_by))):
        found.setdefault(row.meeting_id, []).append(row)
    return found


def open_agreements(network: Network) -> list[Agreement]:
    """What was agreed in a network and is not done: those with a day first, the soonest on top."""
    return _open(Agreement.network_id == network.id)


def agreements_of(organisation: Organisation) -> list[Agreement]:
    """What an organisation still has to do in its networks."""
    return _open(Agreement.organisation_id == organisation.id)


def _open(condition: ColumnElement[bool]) -> list[Agreement]:
    query = (
        select(Agreement)
        .join(Meeting)
        .where(condition, Agreement.done_at.is_(None), Meeting.notes_at.is_not(None))
        .options(joinedload(Agreement.organisation), joinedload(Agreement.meeting).joinedload(Meeting.network))
        .order_by(Agreement.due.is_(None), Agreement.due, Agreement.id)
    )
    return list(db.session.scalars(query))


def open_counts(network_ids: Sequence[int]) -> dict[int, int]:
    """{network: how many agreements are open}."""
    query = (
        select(Agreement.network_id, func.count())
        .join(Meeting)
        .where(Agreement.network_id.in_(network_ids), Meeting.notes_at.is_not(None), Agreement.done_at.is_(None))
        .group_by(Agreement.network_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


def overdue(networks: Sequence[Network], today: date) -> dict[int, int]:
    """{network: how many agreements are open after their day}."""
    query = (
        select(Agreement.network_id, func.count())
        .join(Meeting)
        .where(Agreement.network_id.in_([each.id for each in networks]), Meeting.notes_at.is_not(None))
        .where(Agreement.done_at.is_(None), Agreement.due < today)
        .group_by(Agreement.network_id)
    )
    return {row[0]: row[1] for row in db.session.execute(query)}


@dataclass(frozen=True)
class Lesson:
    """What came of one meeting: its published notes, what was agreed, how it was."""

    meeting: Meeting
    result: Result | None
    agreements: Sequence[Agreement]
    pulse: Pulse | None


@dataclass(frozen=True)
class Learnt:
    lessons: list[Lesson]  # newest first
    more: int  # older ones
    pulses: list[Pulse]  # all of these networks that can be shown, oldest first


def learnt(network_ids: Sequence[int], search: str = "", page: int = 1) -> Learnt:
    """What these networks learnt, newest first: a page of it, or all that holds every word of `search`."""
    pulses = closed(network_ids)
    ids = _found(network_ids, search) if search else _with_something(network_ids, pulses)
    shown = ids[:MOST] if search else ids[(page - 1) * PAGE : page * PAGE]
    query = select(Meeting).where(Meeting.id.in_(shown)).options(joinedload(Meeting.network))
    meetings = db.session.scalars(query.order_by(Meeting.starts_at.desc(), Meeting.id))
    results = {row.meeting_id: row for row in db.session.scalars(select(Result).where(Result.meeting_id.in_(shown)))}
    agreed = agreed_at(shown)
    lessons = [
        Lesson(each, results.get(each.id), agreed.get(each.id, ()), pulses.get(each.id))
        if each.notes_at
        else Lesson(each, None, (), pulses.get(each.id))
        for each in meetings
    ]
    more = 0 if search else max(0, len(ids) - page * PAGE)
    return Learnt(lessons, more, [pulse for pulse in pulses.values() if pulse.shown])


def _with_something(network_ids: Sequence[int], pulses: dict[int, Pulse]) -> list[int]:
    """Meetings with published notes or a pulse, newest first."""
    query = select(Meeting.id).where(Meeting.network_id.in_(network_ids))
    query = query.where(or_(Meeting.notes_at.is_not(None), Meeting.id.in_(pulses)))
    return list(db.session.scalars(query.order_by(Meeting.starts_at.desc(), Meeting.id)))


def _found(network_ids: Sequence[int], search: str) -> list[int]:
    """Meetings whose topic, outcomes or agreements hold every word, as the beginning of one: "groet" finds Groeten.

    Read and compared here, so that both databases find the same, whatever case and accents.
    """
    words = folded(search).split()
    query = (
        select(Meeting.id, Meeting.topic, Result.outcomes)
        .join(Result, Result.meeting_id == Meeting.id)
        .where(Meeting.network_id.in_(network_ids), Meeting.notes_at.is_not(None))
        .order_by(Meeting.starts_at.desc(), Meeting.id)
    )
    agreed: dict[int, str] = {}
    texts = select(Agreement.meeting_id, Agreement.text).where(Agreement.network_id.in_(network_ids))
    for number, text in db.session.execute(texts):
        agreed[number] = f"{agreed.get(number, '')} {text}"
    begins = [re.compile(rf"(?<!\w){re.escape(word)}") for word in words]
    return [
        number
        for number, topic, outcomes in db.session.execute(query)
        if _holds(folded(f"{topic} {outcomes} {agreed.get(number, '')}"), begins)
    ]


def _holds(text: str, begins: list[re.Pattern[str]]) -> bool:
    return all(each.search(text) for each in begins)
