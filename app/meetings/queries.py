"""Reads about years, meetings and duties. Everything outward reads only what is published."""

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from app.availability.models import Absence
from app.extensions import db
from app.meetings.models import Cycle, Duty, Meeting, PublishedVersion
from app.networks.models import Membership, Network, Organisation, Room

DETAILS = (
    joinedload(Meeting.room),
    joinedload(Meeting.network),
    selectinload(Meeting.duties).joinedload(Duty.organisation).selectinload(Organisation.rooms),
    selectinload(Meeting.duties).selectinload(Duty.ticks),
)


def cycle_of(network: Network, year: int) -> Cycle | None:
    return db.session.scalars(select(Cycle).where(Cycle.network_id == network.id, Cycle.year == year)).first()


def cycles_in(network_ids: Collection[int], year: int) -> dict[int, Cycle]:
    """{network: its cycle of that year}."""
    query = select(Cycle).where(Cycle.network_id.in_(network_ids), Cycle.year == year)
    return {cycle.network_id: cycle for cycle in db.session.scalars(query)}


def cycles_of(network: Network) -> list[Cycle]:
    return list(db.session.scalars(select(Cycle).where(Cycle.network_id == network.id).order_by(Cycle.year)))


def meetings_of(
    network_ids: Sequence[int], first: datetime | None = None, last: datetime | None = None
) -> list[Meeting]:
    """Published meetings of these networks that start in [first, last), by start; duties and rooms loaded."""
    query = select(Meeting).where(Meeting.network_id.in_(network_ids)).options(*DETAILS)
    if first is not None:
        query = query.where(Meeting.starts_at >= first)
    if last is not None:
        query = query.where(Meeting.starts_at < last)
    return list(db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id)))


def meetings_in(room: Room, now: datetime) -> list[Meeting]:
    """Those ahead that take place there, of whatever network."""
    query = select(Meeting).where(Meeting.room_id == room.id, Meeting.ends_at > now, Meeting.status != "cancelled")
    return list(db.session.scalars(query.options(*DETAILS).order_by(Meeting.starts_at, Meeting.id)))


def meetings_despite(absence: Absence, now: datetime) -> list[Meeting]:
    """Those ahead on its days where the organisation takes part; of a room that is closed only what it hosts."""
    members = absence.organisation.memberships
    ahead = [m for m in meetings_of([each.network_id for each in members], now) if not m.cancelled]
    expected = [m for m in ahead if any(each.network_id == m.network_id and each.on(m.day) for each in members)]
    found = [m for m in expected if absence.days(m.day, m.day)]
    if absence.only != "host":
        return found
    return [m for m in found if ("host", absence.organisation_id) in {(d.kind, d.organisation_id) for d in m.duties}]


def meetings_of_year(cycle: Cycle) -> list[Meeting]:
    query = select(Meeting).where(Meeting.cycle_id == cycle.id).options(*DETAILS)
    return list(db.session.scalars(query.order_by(Meeting.starts_at, Meeting.id)))


def meetings_numbered(ids: Collection[int]) -> list[Meeting]:
    return list(db.session.scalars(select(Meeting).where(Meeting.id.in_(ids)).options(*DETAILS)))


def meetings_to_keep(now: datetime) -> list[Meeting]:
    """Meetings that are over, of which nobody has kept who owed a turn. Nobody else keeps them while we do."""
    over = select(Meeting).where(Meeting.owed.is_(None), Meeting.status == "confirmed", Meeting.ends_at <= now)
    # In the order of the index, or SQLite reads all meetings there are.
    return list(db.session.scalars(over.order_by(Meeting.ends_at, Meeting.id).with_for_update(key_share=True)))


def meetings_kept_of(organisation_id: int) -> list[Meeting]:
    """Meetings that are over, of networks the organisation is or was a member of."""
    networks = select(Membership.network_id).where(Membership.organisation_id == organisation_id)
    kept = select(Meeting).where(Meeting.owed.is_not(None), Meeting.network_id.in_(networks))
    return list(db.session.scalars(kept.order_by(Meeting.id)))


def meeting_on(network: Network, day: date) -> Meeting | None:
    """The meeting of a network on a local day, cancelled ones last."""
    start = datetime.combine(day, time(), network.zone).astimezone(UTC)
    end = datetime.combine(day, time(23, 59, 59), network.zone).astimezone(UTC)
    found = meetings_of([network.id], start, end)
    return min(found, key=lambda meeting: meeting.cancelled, default=None)


def turns_of_leavers(network: Network, meetings: Sequence[Meeting]) -> list[Duty]:
    """The turns of organisations that are no members any more on the day: somebody else has to do them."""
    return [
        duty
        for meeting in meetings
        for duty in meeting.duties
        if not meeting.cancelled
        and not meeting.imported
        and duty.organisation_id not in {member.organisation_id for member in network.members_on(meeting.day)}
    ]


def turns_from(network: Network, joined: date) -> date | None:
    """Who joins in mid-year has no turn at the first published meeting they come to; None when none is published."""
    start = datetime.combine(joined, time(), network.zone).astimezone(UTC)
    first = next((each for each in meetings_of([network.id], start) if not each.cancelled), None)
    return first.day + timedelta(1) if first else None


def drafts_of(network_ids: Sequence[int], years: Collection[int]) -> list[Cycle]:
    query = select(Cycle).where(Cycle.network_id.in_(network_ids), Cycle.year.in_(years))
    return [cycle for cycle in db.session.scalars(query) if cycle.draft]


def versions_of(cycle: Cycle) -> list[PublishedVersion]:
    """What was published of a year, the latest first."""
    query = select(PublishedVersion).where(PublishedVersion.cycle_id == cycle.id)
    return list(db.session.scalars(query.order_by(PublishedVersion.number.desc())))


def version(cycle: Cycle, number: int) -> PublishedVersion | None:
    query = select(PublishedVersion).where(PublishedVersion.cycle_id == cycle.id, PublishedVersion.number == number)
    return db.session.scalars(query).first()
