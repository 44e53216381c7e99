"""Saying yes, no or "a colleague comes instead" to a meeting, and keeping who was there."""

from collections.abc import Collection
from datetime import datetime, timedelta

from flask_babel import gettext as _
from sqlalchemy import delete, select, update

from app.attendance.models import Attendance, Present
from app.audit import differences, record
from app.errors import Refused
from app.extensions import db
from app.meetings.models import Meeting
from app.people.models import Person

REMEMBERED = timedelta(days=1)  # how long after a meeting a colleague's name and address are known


def answer(
    meeting: Meeting,
    person: Person,
    word: str,
    now: datetime,
    *,
    colleague: tuple[str, str] = ("", ""),
    entered_by: Person | None = None,
) -> Attendance:
    """Keep `word` ("yes", "no" or "colleague" with that colleague's name and address).

    `entered_by` wrote it down for somebody who telephoned. Raises Refused when the meeting is over or cancelled, or
    the colleague has no name.
    """
    if meeting.cancelled or meeting.ends_at < now:
        raise Refused(_("This meeting is over or does not take place."))
    if word == "colleague" and not colleague[0]:
        raise Refused(_("Who comes instead? Please fill in a name."))
    row = _answer_of(meeting, person)
    row.answer, row.answered_at = word, now
    row.entered_by_id = entered_by.id if entered_by else None
    row.colleague_name, row.colleague_email = colleague if word == "colleague" else ("", "")
    db.session.flush()
    record(
        "attendance",
        row,
        now,
        network_id=meeting.network_id,
        meeting=meeting.id,
        answer=word,
        telephoned=bool(entered_by),
    )
    return row


def _answer_of(meeting: Meeting, person: Person) -> Attendance:
    query = select(Attendance).where(Attendance.meeting_id == meeting.id, Attendance.person_id == person.id)
    row = db.session.scalars(query).first()
    if row is None:
        row = Attendance(meeting=meeting, person=person)
        db.session.add(row)
    return row


def keep_count(meeting: Meeting, number: int | None, present: Collection[int], now: datetime) -> None:
    """How many were there; who (ids of people), only where the network chose to keep names."""
    if meeting.starts_at > now:
        raise Refused(_("The meeting has not begun yet."))
    counted = differences(meeting, {"attended": number}, ("attended",))
    record("attended", meeting, now, network_id=meeting.network_id, **counted)
    meeting.attended = number
    db.session.execute(delete(Present).where(Present.meeting_id == meeting.id))
    if meeting.network.keeps_names:
        db.session.add_all([Present(meeting_id=meeting.id, person_id=each) for each in sorted(present)])


def forget_colleagues(now: datetime) -> None:
    """Names and addresses of colleagues who came once go the day after."""
    over = select(Meeting.id).where(Meeting.ends_at < now - REMEMBERED)
    known = Attendance.meeting_id.in_(over) & (Attendance.colleague_name != "")
    values = {"colleague_name": "", "colleague_email": ""}
    db.session.execute(update(Attendance).where(known).values(values).execution_options(synchronize_session=False))
