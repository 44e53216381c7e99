"""Writing the notes of a meeting, publishing them, and saying how it was."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from flask_babel import gettext as _

from app.audit import record
from app.availability.queries import closed_days
from app.errors import Refused
from app.extensions import db
from app.mail import actions as mail
from app.meetings.models import Meeting
from app.people.models import Person
from app.results import queries
from app.results.models import Evaluation, Result
from scheduling.reminding.ladder import SEND_AT, Calendar

TOLD_WITHIN = timedelta(days=7)
TEXTS = ("outcomes", "agreements", "next_time")


def save(meeting: Meeting, texts: Mapping[str, str], attended: int | None, person: Person, now: datetime) -> Result:
    """Keep the notes as they stand; raises Refused before the meeting."""
    if meeting.starts_at > now or meeting.cancelled:
        raise Refused(_("Notes are written when the meeting has been."))
    result = queries.result_of(meeting) or Result(meeting=meeting)
    for name in TEXTS:
        setattr(result, name, texts[name])
    result.saved_at, result.saved_by = now, person
    meeting.attended = attended
    db.session.add(result)
    db.session.flush()
    meeting.network.changed(now)
    record("notes-written", result, now, network_id=meeting.network_id)
    return result


def publish(result: Result, now: datetime) -> int:
    """From now on everybody in the network reads them, and is told once; returns how many are."""
    meeting = result.meeting
    if not result.outcomes:
        raise Refused(_("Please write down at least one thing that came out of it."))
    if meeting.notes_at:
        return 0
    meeting.notes_at = now
    record("notes-published", result, now, network_id=meeting.network_id)
    return _tell(meeting, now)


def readers(meeting: Meeting) -> list[Person]:
    """Who is told: everybody who takes part on the day and wants mail that arrives."""
    people = {person.id: person for member in meeting.network.members_on(meeting.day) for person in member.people}
    return [each for each in people.values() if each.email and each.wants_mail and each.address_failed_at is None]


def _tell(meeting: Meeting, now: datetime) -> int:
    """N3 goes with each person's next mail; who has none within a week gets one then."""
    told, last = [person.id for person in readers(meeting)], _at_last(meeting, now)
    soonest = queries.next_mails(told, now, last)
    for number in told:
        mail.add(
            kind="N3",
            key=f"N3-{meeting.id}-{number}",
            person_id=number,
            due_at=soonest.get(number, last),
            now=now,
            network_id=meeting.network_id,
            meeting_id=meeting.id,
        )
    return len(told)


def _at_last(meeting: Meeting, now: datetime) -> datetime:
    """Eight o'clock on the last working day within a week."""
    zone, day = meeting.network.zone, (now + TOLD_WITHIN).astimezone(meeting.network.zone).date()
    calendar = Calendar(closed_days(meeting.network, day - TOLD_WITHIN, day).public)
    return max(datetime.combine(calendar.working_day(day, -1), SEND_AT, zone), now)


def evaluate(meeting: Meeting, person: Person, atmosphere: int, goal: int, now: datetime) -> None:
    """Keep a person's two answers; the later ones count."""
    if not meeting.notes_at:
        raise Refused(_("There are no notes of this meeting yet."))
    row = queries.evaluation_of(meeting, person) or Evaluation(meeting=meeting, person_id=person.id)
    row.atmosphere, row.goal = atmosphere, goal
    db.session.add(row)
    db.session.flush()
    record("evaluation", row, now, network_id=meeting.network_id)
