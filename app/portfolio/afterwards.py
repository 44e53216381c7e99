"""What meetings that have been leave for a manager to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from app.attendance.models import Attendance
from app.extensions import db
from app.meetings.models import Meeting
from app.networks.models import Network, Organisation
from app.pulse.queries import last_two
from app.results.queries import overdue

NOTES_BY, NOTES_UNTIL = timedelta(days=7), timedelta(days=35)  # after a meeting: when they are late, and given up
MEETINGS = 3  # to which nobody of an organisation came
LOW = 3  # of 5


@dataclass(frozen=True)
class Afterwards:
    """By network: the meeting without notes, agreements after their day, whether the pulse falls, who stays away."""

    without_notes: dict[int, Meeting]
    overdue: dict[int, int]
    falling: set[int]
    away: dict[int, list[Organisation]]


def afterwards(networks: Sequence[Network], now: datetime) -> Afterwards:
    """For networks that are loaded with their members; a fixed number of queries."""
    held = _held(networks, now)
    coming = _coming([meeting.id for meetings in held.values() for meeting in meetings])
    late = {number: [m for m in meetings if _notes_are_late(m, now)] for number, meetings in held.items()}
    low = {
        number
        for number, pulses in last_two(networks).items()
        if len(pulses) == 2 and all(min(pulse.means or (5, 5)) < LOW for pulse in pulses)
    }
    return Afterwards(
        {number: meetings[0] for number, meetings in late.items() if meetings},
        overdue(networks, now.date()),
        low,
        {network.id: _away(network, held.get(network.id, []), coming) for network in networks},
    )


def _held(networks: Sequence[Network], now: datetime) -> dict[int, list[Meeting]]:
    """The last three meetings of each, newest first."""
    rank = func.row_number().over(partition_by=Meeting.network_id, order_by=Meeting.starts_at.desc())
    ranked = (
        select(Meeting.id, rank.label("rank"))
        .where(Meeting.network_id.in_([each.id for each in networks]), Meeting.ends_at <= now)
        .where(Meeting.status == "confirmed", Meeting.imported.is_(False))
        .subquery()
    )
    query = select(Meeting).join(ranked, Meeting.id == ranked.c.id).where(ranked.c.rank <= MEETINGS)
    found: dict[int, list[Meeting]] = {}
    for meeting in db.session.scalars(query.order_by(Meeting.starts_at.desc())):
        found.setdefault(meeting.network_id, []).append(meeting)
    return found


def _notes_are_late(meeting: Meeting, now: datetime) -> bool:
    return meeting.notes_at is None and NOTES_BY <= now - meeting.ends_at < NOTES_UNTIL


def _coming(meeting_ids: Sequence[int]) -> dict[int, set[int]]:
    """{meeting: people who came or sent a colleague}."""
    query = select(Attendance.meeting_id, Attendance.person_id)
    query = query.where(Attendance.meeting_id.in_(meeting_ids), Attendance.answer != "no")
    found: dict[int, set[int]] = {}
    for meeting_id, person_id in db.session.execute(query):
        found.setdefault(meeting_id, set()).add(person_id)
    return found


def _away(network: Network, held: Sequence[Meeting], coming: dict[int, set[int]]) -> list[Organisation]:
    """Members of whom nobody said yes three times, while others did."""
    if len(held) < MEETINGS or not all(coming.get(meeting.id) for meeting in held):
        return []
    said_yes = set.union(*(coming[meeting.id] for meeting in held))
    return [
        member.organisation
        for member in network.memberships
        if all(member.on(meeting.day) for meeting in held)
        and member.contacts
        and said_yes.isdisjoint(contact.person_id for contact in member.contacts)
    ]
