"""What the other networks of a programme take of a year: days of managers, people and rooms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import or_, select

from app.extensions import db
from app.meetings.queries import drafts_of, meetings_of
from app.meetings.row import Row, of_meeting
from app.networks.models import Membership, Network
from app.networks.queries import managers_by_network, with_members
from app.planning import drafts

Instead = Mapping[int, Sequence[Row]]  # {network: rows that count in place of what is stored}
ALONE: Instead = {}
Taken = dict[int, list[tuple[date, int | None]]]  # {network: [(day, host)]}


@dataclass(frozen=True)
class Busy:
    """Days taken by other networks' published meetings and drafts."""

    manager: frozenset[date]
    rooms: dict[int, frozenset[date]]  # organisation whose room is taken
    people: dict[int, frozenset[date]]  # organisation one of whose people must be elsewhere
    shared: dict[date, tuple[tuple[str, int], ...]]  # (network name, organisation) - a notice only


def busy_days(network: Network, year: int, instead: Instead = ALONE) -> Busy:
    """What other networks of the programme have taken this year."""
    managers = managers_by_network(network.programme_id)
    others = with_members(_others(network, managers))
    taken = _taken(others, network.span(year), instead)
    manager: set[date] = set()
    rooms: dict[int, set[date]] = {}
    people: dict[int, set[date]] = {}
    shared: dict[date, list[tuple[str, int]]] = {}
    here = {m.organisation_id: {c.person_id for c in m.contacts} for m in network.memberships}
    for other in others:
        days = taken.get(other.id, [])
        if managers.get(network.id, set()) & managers.get(other.id, set()):
            manager |= {day for day, _ in days}
        for membership in other.memberships:
            organisation = membership.organisation_id
            if organisation not in here:
                continue
            member_days = {day for day, _ in days if membership.on(day)}
            if here[organisation] & {contact.person_id for contact in membership.contacts}:
                people.setdefault(organisation, set()).update(member_days)
            rooms.setdefault(organisation, set()).update({day for day, host in days if host == organisation})
            for day in member_days:
                shared.setdefault(day, []).append((other.name, organisation))
    return Busy(
        frozenset(manager),
        {key: frozenset(value) for key, value in rooms.items()},
        {key: frozenset(value) for key, value in people.items()},
        {key: tuple(value) for key, value in shared.items()},
    )


def _others(network: Network, managers: Mapping[int, set[int]]) -> list[int]:
    """The networks that share a manager or an organisation with this one."""
    here = select(Membership.organisation_id).where(Membership.network_id == network.id)
    near = select(Membership.network_id).where(Membership.organisation_id.in_(here))
    same_manager = [number for number, people in managers.items() if people & managers.get(network.id, set())]
    query = select(Network.id).where(Network.programme_id == network.programme_id, Network.id != network.id)
    query = query.where(Network.state.in_(("active", "forming")))
    return list(db.session.scalars(query.where(or_(Network.id.in_(near), Network.id.in_(same_manager)))))


def _taken(networks: Sequence[Network], span: tuple[date, date], instead: Instead) -> Taken:
    """{network: [(day, host)]}: what counts instead, its draft where there is one, else what is published."""
    rows = {network.id: list(instead[network.id]) for network in networks if network.id in instead}
    open_ones = {network.id: network for network in networks if network.id not in instead}
    drafted = set()
    for cycle in drafts_of(list(open_ones), {n.year_of(day) for n in open_ones.values() for day in span}):
        drafted.add((cycle.network_id, cycle.year))
        rows.setdefault(cycle.network_id, []).extend(drafts.rows_of(cycle))
    start, end = datetime.combine(span[0], time(), UTC), datetime.combine(span[1], time(), UTC) + timedelta(1)
    for meeting in meetings_of(list(open_ones), start, end):
        if (meeting.network_id, open_ones[meeting.network_id].year_of(meeting.day)) not in drafted:
            rows.setdefault(meeting.network_id, []).append(of_meeting(meeting))
    return {key: [(row.date, row.host) for row in each if row.date and not row.cancelled] for key, each in rows.items()}
