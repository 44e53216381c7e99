"""Making the rows of the outbox agree with the ladder, and changing a network's ladder."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from app.audit import record
from app.extensions import db
from app.mail import actions as mail
from app.mail.models import Message
from app.meetings.models import Meeting
from app.networks.models import Network, Programme, Role
from app.networks.queries import with_members
from app.people.models import Person
from app.reminders import queries
from app.reminders.models import MailText, ReminderRule, RemindersMade
from scheduling.reminding.ladder import LADDER, SEND_AT, Facts, Reminder, holders, reminders

ONLINE_KINDS = {"H4": "H4o", "D2": "D2o"}
ONCE_A_DAY = timedelta(hours=20)
Key = tuple[int, str, int]


def reconcile_all(now: datetime) -> int:
    """Bring every network up to date that is behind; returns how many. A fixed number of queries for each."""
    networks = with_members(queries.behind())
    for network in networks:
        reconcile(network, now)
    return len(networks)


def reconcile(network: Network, now: datetime) -> None:
    """Make the rows of `network` agree with its ladder, meetings and people at `now`.

    Inserts, withdraws and re-times what is planned. What was sent stays as it is and is not sent again, unless the
    duty went to somebody else meanwhile and came back: then it is another generation. Twice in a row changes nothing.
    """
    meetings = {meeting.id: meeting for meeting in queries.meetings_reminded_of(network, now)}
    facts = {number: queries.facts_of(meeting) for number, meeting in meetings.items()}
    wanted = {each.key: each for each in _wanted(network, list(meetings.values()), facts, now)}
    latest = {_key(message): message for message in queries.reminders_planned(network.id)}
    for key in latest.keys() - wanted.keys():
        _withdraw(latest[key], facts, now)
    fresh = [_plan(latest.get(key), reminder, meetings[reminder.meeting], now) for key, reminder in wanted.items()]
    mail.add_all([row for row in fresh if row])
    made = db.session.get(RemindersMade, network.id)
    if made is None:
        db.session.add(RemindersMade(network_id=network.id, revision=network.revision, made_at=now))
    else:
        made.revision, made.made_at = network.revision, now
    db.session.flush()


def _wanted(
    network: Network, meetings: Sequence[Meeting], facts: Mapping[int, Facts], now: datetime
) -> Iterable[Reminder]:
    if not meetings:
        return []
    ladder, calendar = queries.ladder_of(network.id), queries.calendar_of(network, meetings)
    return [each for meeting in meetings for each in reminders(facts[meeting.id], ladder, calendar, now)]


def _key(message: Message) -> Key:
    return message.meeting_id or 0, message.kind.removesuffix("o"), message.person_id


def _withdraw(message: Message, facts: Mapping[int, Facts], now: datetime) -> None:
    """A step nobody needs any more. Of one that was sent, note that the duty has gone to somebody else."""
    if message.state in ("planned", "claimed"):
        message.cancel("withdrawn", now)
    about = facts.get(message.meeting_id or 0)
    if message.state == "sent" and about and message.person_id not in holders(about, message.kind[0]):
        message.duty_ended = True


def _plan(message: Message | None, reminder: Reminder, meeting: Meeting, now: datetime) -> dict[str, Any] | None:
    """The row of a reminder: brought back, re-timed, or left alone because it has gone out. A new one is returned."""
    kind = reminder.step if meeting.in_person else ONLINE_KINDS.get(reminder.step, reminder.step)
    if message is None or (message.state == "sent" and message.duty_ended):
        return _fresh(message, kind, reminder, meeting, now)
    if message.state == "planned" or message.cancelled_because in ("withdrawn", "untrue"):
        if message.cancelled_because or not message.pinned:
            _retime(message, reminder, now)
        message.kind, message.params = kind, {"audience": reminder.audience}
    return None


def _retime(message: Message, reminder: Reminder, now: datetime) -> None:
    """What is late is due now, and stays due from then on."""
    overdue = message.due_at <= now and reminder.due <= now
    if message.state != "planned" or (message.due_at != reminder.due and not overdue):
        message.plan(max(reminder.due, now))
        message.pinned = False


def _fresh(before: Message | None, kind: str, reminder: Reminder, meeting: Meeting, now: datetime) -> dict[str, Any]:
    generation = before.generation + 1 if before else 1
    return {
        "kind": kind,
        "key": f"{reminder.step}-{reminder.meeting}-{reminder.person}-g{generation}",
        "person_id": reminder.person,
        "due_at": max(reminder.due, now),
        "created_at": now,
        "network_id": meeting.network_id,
        "meeting_id": meeting.id,
        "params": {"audience": reminder.audience},
        "generation": generation,
    }


def ask_again(meeting: Meeting, silent: Iterable[Person], now: datetime) -> int:
    """The invitation once more to who has said nothing about `meeting`; returns how many mails leave.

    Not to somebody whose invitation has not left yet, who had one today, who stopped these mails or has no address.
    """
    sent = {
        each.person_id: each
        for each in queries.reminders_planned(meeting.network_id)
        if each.meeting_id == meeting.id and each.kind == "D1"
    }
    rows = []
    for person in silent:
        before = sent.get(person.id)
        able = person.email and person.wants_mail and person.address_failed_at is None
        if able and before is not None and before.state == "sent" and now - before.created_at > ONCE_A_DAY:
            rows.append(_again(before, meeting, now))
    mail.add_all(rows)
    record("invited-again", meeting, now, network_id=meeting.network_id, count=len(rows))
    return len(rows)


def _again(before: Message, meeting: Meeting, now: datetime) -> dict[str, Any]:
    generation = before.generation + 1
    return {
        "kind": "D1",
        "key": f"D1-{meeting.id}-{before.person_id}-g{generation}",
        "person_id": before.person_id,
        "due_at": now,
        "created_at": now,
        "network_id": meeting.network_id,
        "meeting_id": meeting.id,
        "params": before.params,
        "generation": generation,
    }


def plan_digests(now: datetime) -> None:
    """The next Monday's mail to every manager, 08:00 where their programme is. Planned once, whoever asks how often."""
    query = select(Role).options(joinedload(Role.person), joinedload(Role.programme)).order_by(Role.id)
    for role in db.session.scalars(query):
        due = _next_monday(role.programme, now)
        if role.person.email:
            key = f"M1-{role.person_id}-{due:%Y-%m-%d}"
            mail.add(kind="M1", key=key, person_id=role.person_id, due_at=due, now=now)


def _next_monday(programme: Programme, now: datetime) -> datetime:
    zone = ZoneInfo(programme.timezone)
    local = now.astimezone(zone)
    monday = local.date() + timedelta(-local.weekday() % 7)
    due = datetime.combine(monday, SEND_AT, zone)
    return due if due > now else datetime.combine(monday + timedelta(7), SEND_AT, zone)


def change_rules(network: Network, rules: Mapping[str, tuple[bool, int | None, int | None]], now: datetime) -> None:
    """A network's own ladder: {step: (on, days in person, days online)}, negative before and positive after.

    What equals the usual ladder is not kept. Planned mails follow with the next round.
    """
    existing = queries.rules_of(network.id)
    usual = {step.id: (step.on, step.in_person, step.online) for step in LADDER}
    for step, rule in rules.items():
        row = existing.get(step)
        if rule == usual[step]:
            if row is not None:
                db.session.delete(row)
            continue
        row = row or ReminderRule(network_id=network.id, step=step)
        row.on, row.in_person, row.online = rule
        db.session.add(row)
    network.changed(now)
    record("reminder-rules", network, now, network_id=network.id)


def change_text(network: Network, words: MailText, now: datetime) -> None:
    """Keep a manager's own `words` in one kind of mail; with none of them the mail says the usual again.

    Mails that are planned say them when they leave.
    """
    row = db.session.get(MailText, (network.id, words.kind))
    if not (words.subject or words.opening or words.closing):
        if row is not None:
            db.session.delete(row)
    else:
        row = row or MailText(network_id=network.id, kind=words.kind)
        row.subject, row.opening, row.closing = words.subject, words.opening, words.closing
        db.session.add(row)
    record("mail-text", network, now, network_id=network.id, kind=words.kind)
