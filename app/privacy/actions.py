"""Erasing a person, and what the retention job does on its own."""

from calendar import monthrange
from datetime import date, datetime
from itertools import chain

from sqlalchemy import delete, select

from app.attendance.actions import forget_colleagues
from app.attendance.models import Attendance, Present
from app.audit import differences, record
from app.extensions import db
from app.guests import actions as guests
from app.importing import personal as importing
from app.inbox.actions import forget_old_names
from app.joining import actions as joining
from app.mail import personal as mail
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.actions import remove_contact
from app.networks.models import Contact, Network, Programme
from app.people.actions import end_old_sessions
from app.people.models import Person
from app.people.queries import typed_with
from app.privacy import queries, words
from app.privacy.models import Erasure
from app.pulse.models import Pulse
from app.results.actions import erase_recordings
from app.rounds.models import CandidateDate, DateAnswer, DateRemark, DateRound
from app.turns.actions import keep_owed

MONTHS = 12  # for people of whom no programme is known


def erase_everywhere(person: Person, now: datetime) -> None:
    """By the person's own word: also what managers of other programmes typed with their address, and their places as
    a guest and what they asked to take part in."""
    if person.email:
        guests.forget_address(person.email, now)
        joining.forget_address(person.email, now)
    for typed in typed_with(person.email):
        erase(typed, now)
    erase(person, now)


def erase(person: Person, now: datetime) -> None:
    """Name and address go, in the texts of programmes that knew the person too; what is planned to them is not sent.

    What the organisation did stays. Raises Refused for the last manager of a programme.
    """
    keep_owed(now)
    programmes = queries.programmes_that_knew(person)
    record("erased", person, now)
    mail.forget(person.id, queries.networks_in(programmes), words.of(person), now)
    words.forget(person, programmes, now)
    importing.forget(person, programmes)
    for area in queries.AREAS.values():
        area.forget(person, now)
    db.session.execute(delete(Erasure).where(Erasure.person_id == person.id))
    db.session.flush()


def leave(contact: Contact, now: datetime) -> None:
    """A person takes part no more for an organisation in one network; with their last place, erasing is planned."""
    person, programme = contact.person, contact.membership.network.programme
    remove_contact(contact, now)
    db.session.flush()
    if person in queries.without_place(now.date()):
        plan_erasure(person, programme, now.date())


def plan_erasure(person: Person, programme: Programme | None, since: date) -> Erasure:
    """Their data go so many months after `since`, as the programme says."""
    months = programme.keep_people if programme else MONTHS
    day = months_after(since, months)
    row = queries.erasure_of(person) or Erasure(person=person, programme=programme, day=day)
    db.session.add(row)
    db.session.flush()
    return row


def change_retention(programme: Programme, people: int, answers: int, mails: int, now: datetime) -> None:
    """How many months people, answers and the log of mails are kept; who is on the list keeps their day."""
    values = {"keep_people": people, "keep_answers": answers, "keep_mails": mails}
    changed = differences(programme, values, values)
    for name, value in values.items():
        setattr(programme, name, value)
    record("retention", programme, now, programme_id=programme.id, **changed)


def keep_longer(erasure: Erasure, now: datetime) -> None:
    """The undo of a planned erasure: another year."""
    erasure.day = months_after(max(erasure.day, now.date()), 12)
    record("kept-longer", erasure.person, now, programme_id=erasure.programme_id, day=erasure.day.isoformat())


def keep_house(now: datetime) -> int:
    """Once a day: plan who goes, erase whose day has come, let old answers, mails and lists go.

    Returns how many people went. Whoever takes part again is taken off the list.
    """
    today = now.date()
    gone = {person.id: person for person in queries.without_place(today)}
    for row in db.session.scalars(select(Erasure)).all():
        if row.person_id not in gone:
            db.session.delete(row)
    for person in gone.values():
        if queries.erasure_of(person) is None:
            place = queries.last_place(person)
            since = place.left if place and place.left else today
            plan_erasure(person, place.network.programme if place else None, since)
    due = db.session.scalars(select(Erasure).where(Erasure.day <= today)).all()
    for row in due:
        erase(row.person, now)
    joining.forget_old(now)
    forget_colleagues(now)
    guests.forget_guests(now)
    end_old_sessions(now)
    forget_old_names(now)
    importing.let_old_go(now)
    erase_recordings(now)
    for programme in db.session.scalars(select(Programme)):
        _let_go(programme, now)
    return len(due)


def _let_go(programme: Programme, now: datetime) -> None:
    """Answers to meetings and date rounds, what people wrote of them, presence, the log of mails: after its months."""
    networks = select(Network.id).where(Network.programme_id == programme.id)
    answers, mails = (_ago(now, months) for months in (programme.keep_answers, programme.keep_mails))
    over = select(Meeting.id).where(Meeting.network_id.in_(networks), Meeting.ends_at < answers)
    asked = (
        select(CandidateDate.id)
        .join(DateRound)
        .where(DateRound.network_id.in_(networks), CandidateDate.day < answers.date())
    )
    rounds = select(DateRound.id).where(DateRound.network_id.in_(networks), DateRound.until < answers.date())
    old = Message.network_id.in_(networks) & (Message.due_at < mails) & (Message.created_at < mails)
    left = Message.state.in_(("sent", "cancelled", "failed", "uncertain"))
    rows = 0
    db.session.flush()
    for what in chain(
        (delete(model).where(model.meeting_id.in_(over)) for model in (Attendance, Present)),
        (delete(DateAnswer).where(DateAnswer.candidate_id.in_(asked)),),
        (delete(DateRemark).where(DateRemark.round_id.in_(rounds)), delete(Message).where(old, left)),
    ):
        rows += db.session.connection().execute(what).rowcount
    for pulse in db.session.scalars(select(Pulse).where(Pulse.meeting_id.in_(over))):
        rows += bool(pulse.sentences)
        pulse.sentences = []
    if rows:
        record("let-go", programme, now, programme_id=programme.id, rows=rows)


def _ago(now: datetime, months: int) -> datetime:
    return datetime.combine(months_after(now.date(), -months), now.timetz())


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last one of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
