"""Writing the notes of a meeting, publishing them, and ticking what was agreed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from app.attendance.queries import who_said_no
from app.audit import record
from app.availability.queries import closed_days
from app.errors import Refused
from app.extensions import db, hold
from app.mail import actions as mail
from app.meetings.models import Meeting
from app.people.models import Person
from app.pulse.queries import ALONE_AFTER, is_open
from app.results import queries
from app.results.models import Agreement, Result
from scheduling.reminding.ladder import SEND_AT, Calendar

TOLD_WITHIN, RECORDED_FOR = timedelta(days=7), timedelta(days=90)
TEXTS = ("outcomes", "next_time", "recording_consent")


@dataclass(frozen=True)
class Agreed:
    """A line of what was agreed; `number`: the row it stood in before."""

    text: str
    organisation_id: int | None = None  # None: everybody
    due: date | None = None
    number: int | None = None


@dataclass(frozen=True)
class Notes:
    """What is written down about a meeting."""

    outcomes: str  # one a line
    agreements: Sequence[Agreed] = ()
    next_time: str = ""
    attended: int | None = None
    recording: str = ""
    recording_until: date | None = None
    recording_consent: str = ""


def save(meeting: Meeting, notes: Notes, person: Person, now: datetime) -> Result:
    """Keep the notes as they stand; raises Refused before the meeting."""
    if meeting.starts_at > now or meeting.cancelled:
        raise Refused(_("Notes are written when the meeting has been."))
    result = queries.result_of(meeting) or Result(meeting=meeting)
    for name in TEXTS:
        setattr(result, name, getattr(notes, name))
    _record_until(result, notes)
    result.saved_at, result.saved_by = now, person
    meeting.attended = notes.attended
    db.session.add(result)
    _agree(meeting, notes.agreements)
    db.session.flush()
    _shown_anew(meeting, now)
    record("notes-written", result, now, network_id=meeting.network_id, meeting=meeting.id)
    return result


def _record_until(result: Result, notes: Notes) -> None:
    """A recording has a last day; of one that time has erased the day stays, one taken away leaves nothing."""
    if notes.recording or result.recording:
        last = notes.recording_until or result.meeting.day + RECORDED_FOR
        result.recording_until = last if notes.recording else None
    result.recording = notes.recording


def _agree(meeting: Meeting, lines: Iterable[Agreed]) -> None:
    """The agreements of a meeting are these lines; what was ticked stays so."""
    before = {row.id: row for row in queries.agreed_at([meeting.id]).get(meeting.id, [])}
    for line in lines:
        row = before.pop(line.number or 0, None) or Agreement(meeting=meeting, network_id=meeting.network_id)
        row.text, row.organisation_id, row.due = line.text, line.organisation_id, line.due
        db.session.add(row)
    for row in before.values():
        db.session.delete(row)


def tick(agreement: Agreement, person: Person, now: datetime, *, done: bool) -> None:
    """Somebody of the network says that it is done, or that it is open after all; twice the same changes nothing."""
    hold(agreement)
    if done is (agreement.done_at is not None):
        return
    agreement.done_at, agreement.done_by = (now, person) if done else (None, None)
    if done:
        record("agreement-done", agreement, now, network_id=agreement.network_id)
    else:
        record("agreement-open", agreement, now, network_id=agreement.network_id)


def publish(result: Result, now: datetime) -> int:
    """From now on everybody in the network reads them, and is told once; returns how many are."""
    meeting = result.meeting
    if not result.outcomes:
        raise Refused(_("Please write down at least one thing that came out of it."))
    if meeting.notes_at:
        return 0
    meeting.notes_at = now
    _shown_anew(meeting, now)
    record("notes-published", result, now, network_id=meeting.network_id, meeting=meeting.id)
    return _tell(meeting, now)


def readers(meeting: Meeting) -> list[Person]:
    """Who is told: everybody who takes part on the day and wants mail that arrives."""
    people = {person.id: person for member in meeting.network.members_on(meeting.day) for person in member.people}
    return [each for each in people.values() if each.email and each.wants_mail and each.address_failed_at is None]


def _shown_anew(meeting: Meeting, now: datetime) -> None:
    """Reminders follow; what is published stands in calendars too."""
    if meeting.notes_at:
        meeting.changed_at = now
    meeting.network.changed(now)


def _tell(meeting: Meeting, now: datetime) -> int:
    """N3 rides with each person's next mail, or goes alone at last; to who was missed it goes the next morning."""
    told, last = [person.id for person in readers(meeting)], _at_last(meeting, now)
    missed, morning = who_said_no(meeting.id), _next_morning(meeting, now)
    for number in told:
        mail.add(
            kind="N3",
            key=f"N3-{meeting.id}-{number}",
            person_id=number,
            due_at=morning if number in missed else last,
            now=now,
            network_id=meeting.network_id,
            meeting_id=meeting.id,
        )
    return len(told)


def _next_morning(meeting: Meeting, now: datetime) -> datetime:
    """Eight o'clock on the next working day."""
    zone, tomorrow = meeting.network.zone, now.astimezone(meeting.network.zone).date() + timedelta(1)
    calendar = Calendar(closed_days(meeting.network, tomorrow, tomorrow + TOLD_WITHIN).public)
    return datetime.combine(calendar.working_day(tomorrow, 1), SEND_AT, zone)


def _at_last(meeting: Meeting, now: datetime) -> datetime:
    """Eight o'clock on the last working day within a week; while a pulse is open, on the day its own mail would go."""
    zone, today = meeting.network.zone, now.astimezone(meeting.network.zone).date()
    calendar = Calendar(closed_days(meeting.network, today - TOLD_WITHIN, today + 2 * TOLD_WITHIN).public)
    day = calendar.working_day(today + TOLD_WITHIN, -1)
    if is_open(meeting, now):
        day = min(day, calendar.working_day(meeting.day + ALONE_AFTER, 1))
    return max(datetime.combine(day, SEND_AT, zone), now)


def erase_recordings(now: datetime) -> int:
    """The addresses of recordings whose last day is over go; returns how many."""
    gone = [
        row
        for row in queries.with_recording()
        if row.recording_until and row.recording_until < now.astimezone(row.meeting.network.zone).date()
    ]
    for row in gone:
        row.recording = ""
        _shown_anew(row.meeting, now)
        record("recording-erased", row, now, network_id=row.meeting.network_id)
    return len(gone)
