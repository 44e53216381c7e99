"""Reads for the reminders: a network's ladder, the facts of its meetings, which networks are behind."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import and_, exists, or_, select

from app.availability.queries import closed_days
from app.extensions import db
from app.mail.models import Message
from app.meetings.letters import link_of, reachable
from app.meetings.models import Meeting
from app.meetings.queries import meetings_of
from app.meetings.turn_checklist import silent_steps
from app.networks.models import LIVE, Contact, Membership, Network, Organisation
from app.people.models import Person
from app.reminders.models import ReminderRule, RemindersMade
from scheduling.reminding.ladder import BEFORE, LADDER, Calendar, Facts, Step, changed

EARLIEST = timedelta(days=120)  # no step lies further before a meeting
LATEST = timedelta(days=35)  # nor after it; later nobody is asked for notes any more


def rules_of(network_id: int) -> dict[str, ReminderRule]:
    query = select(ReminderRule).where(ReminderRule.network_id == network_id)
    return {rule.step: rule for rule in db.session.scalars(query)}


def ladder_of(network_id: int) -> tuple[Step, ...]:
    """The usual ladder with the network's own rules."""
    rules = rules_of(network_id)
    return changed(LADDER, {step: (rule.on, rule.in_person, rule.online) for step, rule in rules.items()})


def step_of(network_id: int, kind: str) -> Step:
    """The rung a kind of mail belongs to: H4o is H4 for a meeting online."""
    return next(step for step in ladder_of(network_id) if step.id == kind.removesuffix("o"))


def behind() -> list[int]:
    """Networks whose reminders were made from an older revision, or before an address of theirs was refused."""
    refused = (
        exists()
        .where(Membership.network_id == Network.id, Contact.membership_id == Membership.id)
        .where(Person.id == Contact.person_id, Person.address_failed_at >= RemindersMade.made_at)
    )
    made = and_(RemindersMade.network_id == Network.id, RemindersMade.revision >= Network.revision, ~refused)
    query = select(Network.id).where(~exists().where(made).correlate(Network))
    return list(db.session.scalars(query.order_by(Network.id)))


def meetings_reminded_of(network: Network, now: datetime) -> list[Meeting]:
    """Meetings that are still reminded of: those ahead, and those whose notes are asked for, and how they were."""
    if network.state not in LIVE:
        return []
    found = meetings_of([network.id], now - LATEST)
    return [meeting for meeting in found if not meeting.cancelled and not meeting.imported]


def reminders_planned(network_id: int) -> list[Message]:
    """All rows of the ladder for a network, oldest generation first."""
    kinds = or_(*[Message.kind.like(f"{letter}_%") for letter in BEFORE], Message.kind.in_(("N1", "N2", "E1")))
    query = select(Message).where(Message.network_id == network_id, Message.meeting_id.is_not(None), kinds)
    return list(db.session.scalars(query.order_by(Message.generation, Message.id)))


def calendar_of(network: Network, meetings: Sequence[Meeting]) -> Calendar:
    """The days without work around these meetings."""
    days = [meeting.day for meeting in meetings]
    closed = closed_days(network, min(days) - EARLIEST, max(days) + EARLIEST)
    return Calendar(closed.public, closed.school)


def facts_of(meeting: Meeting) -> Facts:
    """The meeting as the ladder sees it. People whom mail cannot reach are left out."""
    members = meeting.network.members_on(meeting.day)
    people = {member.organisation_id: tuple(person.id for person in reachable(member)) for member in members}
    reached = {person.id for member in members for person in member.people if person.address_failed_at is None}
    participants = tuple(dict.fromkeys(each for ids in people.values() for each in ids if each in reached))
    at_it = [duty for duty in meeting.duties if not duty.handed_back]
    return Facts(
        meeting=meeting.id,
        starts_at=meeting.starts_at,
        zone=meeting.network.timezone,
        online=not meeting.in_person,
        host=next((people.get(duty.organisation_id, ()) for duty in at_it if duty.kind == "host"), ()),
        preparers=tuple(people.get(duty.organisation_id, ()) for duty in at_it if duty.kind == "preparation"),
        participants=participants,
        holds=conditions(meeting),
        has_programme=bool(meeting.running_order or meeting.open_agenda),
        silent=frozenset(
            (person, step)
            for duty in at_it
            for step in silent_steps(duty)
            for person in people.get(duty.organisation_id, ())
        )
        | frozenset((person, "E1") for person in participants if not meeting.network.pulse),
    )


def conditions(meeting: Meeting) -> frozenset[str]:
    """Which conditions of steps hold now."""
    unconfirmed = meeting.host_duty is not None and meeting.host_duty.confirmed_at is None
    holds = {
        "unconfirmed": unconfirmed,
        "no_topic": not meeting.has_topic,
        "missing": bool(missing(meeting)),
        "no_notes": meeting.notes_at is None,
        "pulse": meeting.notes_at is None and meeting.network.pulse,  # else asked with the notes, or not at all
    }
    return frozenset(name for name, so in holds.items() if so)


def missing(meeting: Meeting) -> list[str]:
    """What a meeting still lacks: topic, programme, place, link."""
    lacks = {
        "topic": not meeting.has_topic,
        "programme": not meeting.running_order and not meeting.open_agenda,
        "place": meeting.in_person and meeting.room is None and not meeting.place,
        "link": meeting.mode != "in-person" and not link_of(meeting),
    }
    return [name for name, so in lacks.items() if so]


def opener(meeting: Meeting) -> Organisation | None:
    """Who receives the meeting: the host; online the first that prepares."""
    if meeting.in_person:
        return meeting.host
    return next(iter(meeting.preparers), None)


def all_due(meeting_id: int, token: str | None, person_id: int, now: datetime) -> dict[int, list[Message]]:
    """What is due about a meeting, by person: for one, or for all whose mails are claimed together by `token`."""
    together = select(Message.person_id).where(Message.token == token)
    query = select(Message).where(
        Message.meeting_id == meeting_id,
        Message.person_id.in_(together) if token else Message.person_id == person_id,
        Message.state.in_(("planned", "claimed")),
        Message.due_at <= now,
    )
    due: dict[int, list[Message]] = {}
    for message in db.session.scalars(query):
        due.setdefault(message.person_id, []).append(message)
    return due
