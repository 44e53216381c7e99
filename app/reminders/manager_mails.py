"""Mails to and from managers put into the outbox. Each may run any number of times: a key is planned once."""

from datetime import datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from app.audit import record, record_of
from app.extensions import db
from app.mail import actions as mail
from app.mail.models import Message
from app.meetings.models import Meeting
from app.meetings.queries import meetings_of
from app.networks.models import LIVE, Membership, Network
from app.networks.queries import answering_for, with_members
from app.people.models import Person
from app.reminders.manager_letters import DUTY
from scheduling.reminding.ladder import SEND_AT

IN_PERSON, ONLINE = {"host": 21, "topic": 10, "few": 5}, {"host": 7, "topic": 5, "few": 2}
IN_MONDAY_MAIL = ("host", "topic")
AHEAD, LATE, SOON = timedelta(days=24), timedelta(days=1), timedelta(days=2)
DUTIES_AHEAD = timedelta(days=366)


def plan_alarms(now: datetime) -> None:
    """M2 for what may be open three weeks, ten and five days before; whether it is, is seen when it leaves."""
    live = list(db.session.scalars(select(Network.id).where(Network.state.in_(LIVE))))
    for meeting in meetings_of(live, now, now + AHEAD):
        for what, days in (IN_PERSON if meeting.in_person else ONLINE).items():
            due = _alarm_at(meeting, days)
            on_monday = what in IN_MONDAY_MAIL and due.astimezone(ZoneInfo(meeting.network.timezone)).weekday() == 0
            if now - LATE < due <= now + SOON and not on_monday:
                _to_managers("M2", f"{what}-{meeting.id}-{meeting.day}", meeting, {"what": what}, max(due, now), now)


def _alarm_at(meeting: Meeting, days: int) -> datetime:
    day = meeting.day - timedelta(days)
    day -= timedelta(max(day.weekday() - 4, 0))  # at the weekend: on the Friday before
    return datetime.combine(day, SEND_AT, meeting.network.zone)


def tell_of_bounces(now: datetime) -> None:
    """X2 for every mail about a turn whose address was refused."""
    about_turns = or_(Message.kind.startswith("H"), Message.kind.startswith("P"))
    query = (
        select(Message)
        .join(Person, Person.id == Message.person_id)
        .where(Message.state == "failed", about_turns, Message.reply_code >= 500, Message.due_at > now - AHEAD)
        .where(Person.address_failed_at.is_not(None))
    )
    for message in db.session.scalars(query):
        meeting = db.session.get_one(Meeting, message.meeting_id)
        _to_managers("X2", f"{meeting.id}-{message.person_id}", meeting, {"message_id": message.id}, now, now)


def _to_managers(
    kind: str, about: str, meeting: Meeting, params: dict[str, object], due: datetime, now: datetime
) -> None:
    for person in answering_for(meeting.network):
        if person.email:
            mail.add(
                kind=kind,
                key=f"{kind}-{about}-{person.id}",
                person_id=person.id,
                due_at=due,
                now=now,
                network_id=meeting.network_id,
                meeting_id=meeting.id,
                params=params,
            )


def write_to(network: Network, audience: str, subject: str, text: str, now: datetime) -> int:
    """A manager's own message (X1), one to each person; the same words to the same people once a day.

    Returns how many people it goes to.
    """
    network = with_members([network.id])[0]
    people = {person.id: person for member in _members(network, audience, now) for person in member.people}
    said = sha256(f"{audience}\n{subject}\n{text}".encode()).hexdigest()[:16]
    reached = [each for each in people.values() if each.email and (audience == DUTY or each.wants_mail)]
    for person in reached:
        row = mail.add(
            kind="X1",
            key=f"X1-{network.id}-{now:%Y-%m-%d}-{said}-{person.id}",
            person_id=person.id,
            due_at=now,
            now=now,
            network_id=network.id,
            params={"audience": audience},
        )
        row.subject, row.note = subject, text
    record("message-written", network, now, network_id=network.id, audience=audience, people=len(reached))
    return len(reached)


def _members(network: Network, audience: str, now: datetime) -> list[Membership]:
    members = network.members_on(now.astimezone(network.zone).date())
    if audience != DUTY:
        return members
    meetings = [each for each in meetings_of([network.id], now, now + DUTIES_AHEAD) if not each.cancelled]
    on_duty = {duty.organisation_id for meeting in meetings for duty in meeting.duties}
    return [member for member in members if member.organisation_id in on_duty]


def try_mail(person: Person, now: datetime) -> Message:
    """A mail to whoever asks for it, one a minute."""
    key = f"test-{person.id}-{now:%Y-%m-%dT%H:%M}"
    record_of("mail-tried", "message", now)
    return mail.add(kind="test", key=key, person_id=person.id, due_at=now, now=now)
