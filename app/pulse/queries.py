"""Reads about how meetings were: one's own answer while it is kept, and what was closed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select

from app.attendance.queries import who_said_no
from app.extensions import db
from app.meetings.models import Meeting
from app.networks.models import Network
from app.people.models import Person
from app.pulse.models import ENOUGH, Pulse, PulseAnswer

KEPT_DAYS = 10  # from the day of the meeting
ALONE_AFTER = timedelta(days=3)  # from the meeting: then people are asked by a mail of its own


def closes_at(meeting: Meeting) -> datetime:
    """The first instant at which nobody's answer is kept any more: midnight where the network is."""
    return datetime.combine(meeting.day + timedelta(KEPT_DAYS), time(), meeting.network.zone)


def last_day(meeting: Meeting) -> date:
    """Until which day people may answer, and change what they said."""
    return meeting.day + timedelta(KEPT_DAYS - 1)


def is_open(meeting: Meeting, now: datetime) -> bool:
    """Held, not long ago, in a network that asks."""
    held = meeting.ends_at <= now < closes_at(meeting)
    return held and meeting.network.pulse and not meeting.cancelled and not meeting.imported


def asked(meeting: Meeting) -> set[int]:
    """People who take part on the day and did not say that they would not come; nobody where they are too few."""
    members = meeting.network.members_on(meeting.day)
    people = {contact.person_id for member in members for contact in member.contacts}
    return people - who_said_no(meeting.id) if len(people) >= ENOUGH else set()


def answer_of(meeting: Meeting, person: Person) -> PulseAnswer | None:
    query = select(PulseAnswer).where(PulseAnswer.meeting_id == meeting.id, PulseAnswer.person_id == person.id)
    return db.session.scalars(query).first()


def who_answered(meeting_id: int) -> frozenset[int]:
    """Whom no mail has to ask any more."""
    return frozenset(db.session.scalars(select(PulseAnswer.person_id).where(PulseAnswer.meeting_id == meeting_id)))


def with_answers() -> list[Meeting]:
    """Meetings of which answers of people are kept."""
    ids = select(PulseAnswer.meeting_id).distinct()
    return list(db.session.scalars(select(Meeting).where(Meeting.id.in_(ids)).order_by(Meeting.id)))


def closed(network_ids: Sequence[int]) -> dict[int, Pulse]:
    """{meeting: its pulse}, oldest meeting first."""
    query = select(Pulse).join(Meeting).where(Meeting.network_id.in_(network_ids)).order_by(Meeting.starts_at)
    return {pulse.meeting_id: pulse for pulse in db.session.scalars(query)}


def closed_of(meeting: Meeting) -> Pulse | None:
    return db.session.scalars(select(Pulse).where(Pulse.meeting_id == meeting.id)).first()


def last_two(networks: Sequence[Network]) -> dict[int, list[Pulse]]:
    """{network: its two newest pulses that can be shown, newest first}."""
    rank = func.row_number().over(partition_by=Meeting.network_id, order_by=Meeting.starts_at.desc())
    ranked = (
        select(Pulse.id, Meeting.network_id, rank.label("rank"))
        .join(Meeting)
        .where(Meeting.network_id.in_([each.id for each in networks]), Pulse.atmosphere.is_not(None))
        .subquery()
    )
    query = select(ranked.c.network_id, Pulse).join(ranked, Pulse.id == ranked.c.id).where(ranked.c.rank <= 2)
    found: dict[int, list[Pulse]] = {}
    for network_id, pulse in db.session.execute(query.order_by(ranked.c.rank)):
        found.setdefault(network_id, []).append(pulse)
    return found
