"""Asking a network which days suit, answering, and closing the round."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from flask_babel import gettext as _

from app.audit import record
from app.availability.queries import closed_days
from app.errors import Refused
from app.extensions import db
from app.mail import actions as mail
from app.networks.models import Network
from app.people.models import Person
from app.rounds.models import CandidateDate, DateAnswer, DateRemark, DateRound
from app.rounds.queries import asked, asked_soon, open_dates, other_rounds_of, remark_of, round_of
from scheduling.reminding.ladder import SEND_AT, Calendar

REMINDED = (timedelta(days=3), timedelta(0))  # before the last day to answer, of those who are silent then


def ask(
    network: Network, year: int, days: Mapping[date, time | None], until: date, note: str, now: datetime
) -> DateRound:
    """Send `days`, each with its hour if it has one, round or add them to the round there is.

    Everybody who has not answered them gets one mail. Rounds of earlier years are closed. Raises Refused when no day
    is new.
    """
    row = round_of(network, year) or DateRound(network=network, year=year, dates=[])
    new = sorted(set(days) - {candidate.day for candidate in row.dates})
    if not new:
        raise Refused(_("These days have been sent round already. Choose at least one new day."))
    row.dates.extend(CandidateDate(day=day, starts=days[day]) for day in new)
    row.until, row.note, row.asked, row.closed_at = until, note, (row.asked or 0) + 1, None
    db.session.add(row)
    db.session.flush()
    network.changed(now)
    _write(row, now)
    for earlier in other_rounds_of(network, year):
        if earlier.year < year and earlier.closed_at is None:
            close(earlier, now)
    record("dates-asked", row, now, network_id=network.id, days=len(new))
    return row


def _write(row: DateRound, now: datetime) -> None:
    """R1 at once, R2 to whoever is silent near the end; whether they are is seen when it leaves.

    An R1 that has not left yet asks for the new days too.
    """
    later, waiting = [due for due in _reminders(row) if due > now + timedelta(days=1)], asked_soon(row)
    for person in people_asked(row, now):
        if person.id not in waiting:
            _add("R1", f"R1-{row.id}-{row.asked}-{person.id}", row, person, now, now)
        for due in later:
            _add("R2", f"R2-{row.id}-{due:%Y-%m-%d}-{person.id}", row, person, due, now)


def _reminders(row: DateRound) -> list[datetime]:
    """On working days, as all reminders."""
    public = closed_days(row.network, row.until - timedelta(days=14), row.until).public
    days = {Calendar(public).working_day(row.until - before, -1) for before in REMINDED}
    return [datetime.combine(day, SEND_AT, row.network.zone) for day in sorted(days)]


def _add(kind: str, key: str, row: DateRound, person: Person, due: datetime, now: datetime) -> None:
    params = {"round_id": row.id, "asked": row.asked}
    mail.add(kind=kind, key=key, person_id=person.id, due_at=due, now=now, network_id=row.network_id, params=params)


def people_asked(row: DateRound, now: datetime) -> list[Person]:
    """Everybody with an address who has something left to answer."""
    today = now.astimezone(row.network.zone).date()
    people = {person.id: person for member in asked(row, today) for person in member.people}
    return [person for person in people.values() if person.email and open_dates(row, person.id)]


def answer(
    row: DateRound,
    person: Person,
    words: Mapping[int, str],
    now: datetime,
    *,
    remark: str | None = None,
    entered_by: Person | None = None,
) -> int:
    """Keep {candidate date: yes, rather_not or no}; days that are not named stay as they are. Returns how many changed.

    A `remark` stands for the whole round; an empty one takes it away, None leaves it. `entered_by` wrote it down for
    somebody who telephoned. Raises Refused when the round is closed.
    """
    if row.closed_at is not None:
        raise Refused(_("This round is closed: nobody can answer any more. Tell the manager if a day does not suit."))
    changed = _keep_remark(row, person, remark)
    for candidate in row.dates:
        word = words.get(candidate.id)
        given = next((each for each in candidate.answers if each.person_id == person.id), None)
        if word is None or (given is not None and given.answer == word):
            continue
        if given is None:
            given = DateAnswer(person_id=person.id)
            candidate.answers.append(given)
        given.answer, given.answered_at = word, now
        given.entered_by_id = entered_by.id if entered_by else None
        changed += 1
    if changed:
        db.session.flush()
        person.changed(now)
        record("dates-answered", row, now, network_id=row.network_id, answers=changed, telephoned=bool(entered_by))
    return changed


def _keep_remark(row: DateRound, person: Person, words: str | None) -> int:
    if words is None or words == remark_of(row, person.id):
        return 0
    row.remarks = [each for each in row.remarks if each.person_id != person.id]
    db.session.flush()
    if words:
        row.remarks.append(DateRemark(person_id=person.id, words=words))
    return 1


def remove_date(candidate: CandidateDate, now: datetime) -> None:
    """A day is no longer asked for; its answers go with it."""
    row = candidate.round
    row.dates.remove(candidate)
    row.network.changed(now)
    record("date-removed", row, now, network_id=row.network_id)


def close(row: DateRound, now: datetime) -> None:
    """No more answers; reminders that are still planned will not leave."""
    row.closed_at = now
    row.network.changed(now)
    record("dates-closed", row, now, network_id=row.network_id)


def reopen(row: DateRound, now: datetime) -> None:
    """Let people answer again, and change what they answered."""
    row.closed_at = None
    row.network.changed(now)
    record("dates-reopened", row, now, network_id=row.network_id)


def last_day(now: datetime, network: Network) -> date:
    """Two weeks to answer."""
    return now.astimezone(network.zone).date() + timedelta(days=14)


def too_late(row: DateRound, now: datetime) -> bool:
    """Return whether the last day to answer is over, by the network's clock."""
    return now > datetime.combine(row.until, time(23, 59), row.network.zone)
