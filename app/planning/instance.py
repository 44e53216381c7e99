"""Rows of a year -> an Instance for the planner -> rows again, with its reasons."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from typing import Any

from sqlalchemy import or_, select

from app.availability.queries import ClosedDays, absences_of, closed_days, days_away
from app.extensions import db
from app.meetings import balances as ledger
from app.meetings.models import Meeting
from app.meetings.queries import drafts_of, meetings_of
from app.meetings.row import Origin, Row, RowKey, of_meeting
from app.networks.models import Membership, Network, Role
from app.networks.queries import with_members
from app.planning.year_request import Wishes
from app.rounds.queries import Said, said
from scheduling.model.instance import Instance
from scheduling.model.network import seats_of

FORMATS = {"in-person": "in_person", "hybrid": "in_person", "online": "online"}
PRICE_OF_OTHER_WEEKDAY = 0
Instead = Mapping[int, Sequence[Row]]  # {network: rows that count in place of what is stored}
ALONE: Instead = {}
NOT_ASKED = "not-asked"  # the calendar of days that no date round asked about, where others were


@dataclass(frozen=True)
class Busy:
    """Days taken by other networks' published meetings and drafts."""

    manager: frozenset[date]
    rooms: dict[int, frozenset[date]]  # organisation whose room is taken
    people: dict[int, frozenset[date]]  # organisation one of whose people must be elsewhere
    shared: dict[date, tuple[tuple[str, int], ...]]  # (network name, organisation) - a notice only


def instance_of(
    network: Network,
    year: int,
    wishes: Wishes,
    rows: Sequence[Row],
    anchors: Mapping[RowKey, Row],
    instead: Instead = ALONE,
) -> Instance:
    """What the planner needs to know to fill `rows`; it moves as little as possible of `anchors`."""
    return Instance.from_json(instance_json(network, year, wishes, rows, anchors, instead))


def instance_json(
    network: Network, year: int, wishes: Wishes, rows: Sequence[Row], anchors: Mapping[RowKey, Row], instead: Instead
) -> dict[str, Any]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    closed = closed_days(network, first, last)
    ids = sorted({membership.organisation_id for membership in network.memberships})
    away, room_closed = days_away(absences_of(ids, first, last), first, last)
    busy, asked = busy_days(network, year, instead), said(network, year)
    not_asked = asked.not_asked([_window(row) for row in rows]) - {row.date for row in anchors.values() if row.date}
    return {
        "format": "toerbeurt-instance/1",
        "name": f"{network.slug}-{year}",
        "calendars": _calendars(closed) | {NOT_ASKED: _iso(not_asked)},
        "known_until": {"school": closed.known_until.isoformat()} if closed.known_until else {},
        "organisations": {
            str(each): {
                "unavailable": _iso(
                    away.get(each, set()) | busy.people.get(each, frozenset()) | asked.cannot.get(each, set())
                ),
                "school": "school" if closed.known_until else None,
                "one_per_day": False,
            }
            for each in ids
        },
        "managers": {"manager": {"unavailable": _iso(busy.manager)}},
        "networks": [_network(network, year, wishes, rows, anchors, room_closed, busy, asked)],
    }


def _calendars(closed: ClosedDays) -> dict[str, list[str]]:
    return {"public": _iso(closed.public), "school": _iso(closed.school)}


def _network(
    network: Network,
    year: int,
    wishes: Wishes,
    rows: Sequence[Row],
    anchors: Mapping[RowKey, Row],
    room_closed: dict[int, set[date]],
    busy: Busy,
    asked: Said,
) -> dict[str, Any]:
    planned = [row for row in rows if not row.cancelled]
    in_force = {row.meeting_id for row in rows}
    before = [m for m in meetings_of([network.id], last=datetime(year + 1, 1, 1, tzinfo=UTC)) if m.id not in in_force]
    before = [meeting for meeting in before if meeting.day.year < year]
    balances = ledger.balances(network, before)
    return {
        "id": network.slug,
        "manager": "manager",
        "weekdays": {str(day + 1): PRICE_OF_OTHER_WEEKDAY for day in wishes.weekdays},
        "closed": ["public", *([NOT_ASKED] if asked.asked else [])],
        "min_gap": wishes.min_gap,
        "preparers_per_meeting": wishes.preparers,
        "host_may_prepare": wishes.host_may_prepare,
        "no_repeat_host": not wishes.repeat_host,
        "no_repeat_preparer": not wishes.repeat_preparer,
        "previous": _previous(before),
        "members": [
            _member(m, balances[m.organisation_id], room_closed, busy, asked)
            for m in _latest_memberships(network, year)
        ],
        "meetings": [_meeting(row, anchors.get(row.key)) for row in planned],
        "in_person": [0, len(planned)],
    }


def _member(
    membership: Membership,
    balance: tuple[Fraction, Fraction],
    room_closed: dict[int, set[date]],
    busy: Busy,
    asked: Said,
) -> dict[str, Any]:
    organisation = membership.organisation_id
    room = membership.organisation.largest_room
    no_room = room_closed.get(organisation, set()) | busy.rooms.get(organisation, frozenset())
    return {
        "org": str(organisation),
        "from": membership.joined.isoformat(),
        "until": membership.left.isoformat() if membership.left else None,
        "duties_from": membership.duties_from.isoformat() if membership.duties_from else None,
        "seats": seats_of(len(membership.contacts)),
        "room": room.seats if room else 0,
        "hosts": membership.hosts is not False,
        "prepares": membership.prepares,
        "host_balance": str(balance[0]),
        "prep_balance": str(balance[1]),
        "host_unavailable": _iso(no_room),
        "host_avoid": _iso(asked.rather_not.get(organisation, set())),
    }


def _latest_memberships(network: Network, year: int) -> list[Membership]:
    """One line per organisation that is a member at some time of the year."""
    latest = {m.organisation_id: m for m in network.memberships if m.joined <= date(year, 12, 31)}
    return [m for m in latest.values() if m.left is None or m.left >= date(year, 1, 1)]


def _meeting(row: Row, anchor: Row | None) -> dict[str, Any]:
    window = [day.isoformat() for day in _window(row)]
    roll_day = row.date.isoformat() if row.date and (row.meeting_id or "date" in row.locked) else None
    values = {
        "id": str(row.key),
        "window": window,
        "roll": [roll_day, roll_day] if roll_day else window,
        "format": FORMATS[row.mode] if row.mode else "any",
        "prefer": row.prefer,
        "locked": _locked(row),
        "published": _facts(anchor) if anchor and anchor.date else None,
    }
    return {key: value for key, value in values.items() if value is not None}


def _window(row: Row) -> tuple[date, date]:
    """The days a row may fall on; a published meeting may move within its month."""
    if row.window:
        return row.window
    if row.date is None:
        raise ValueError("a row without a window has its day")
    start = row.date.replace(day=1)
    return start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def _facts(row: Row) -> dict[str, Any]:
    return {
        "date": row.date.isoformat() if row.date else None,
        "format": FORMATS[row.mode or "in-person"],
        "host": str(row.host) if row.host else None,
        "preparers": [str(each) for each in row.preparers],
    }


def _locked(row: Row) -> dict[str, Any]:
    facts = _facts(row)
    names = {"date": "date", "mode": "format", "host": "host", "preparers": "preparers"}
    return {names[each]: facts[names[each]] for each in row.locked}


def _previous(before: Sequence[Meeting]) -> dict[str, Any]:
    """The last meeting before the year, and the last host before it."""
    held = [meeting for meeting in before if not meeting.cancelled]
    if not held:
        return {}
    hosts = [meeting.host for meeting in held if meeting.host]
    return {
        "date": held[-1].day.isoformat(),
        "host": str(hosts[-1].id) if hosts else None,
        "preparers": [str(organisation.id) for organisation in held[-1].preparers],
    }


def new_rows(year: int, wishes: Wishes, *, after: date | None = None) -> list[Row]:
    """Empty rows for a new year, on days later than `after`: what is past is not planned any more."""
    rows = []
    for number, (first, last) in enumerate(wishes.windows(year), start=1):
        if after and last <= after:
            continue
        first = max(first, after + timedelta(days=1)) if after else first  # noqa: PLW2901 - the window that is left
        in_person = number % 2 == 1
        mixed = wishes.mode == "mixed"
        rows.append(
            Row(
                key=RowKey(Origin.ASKED, number),
                date=None,
                start=wishes.start,
                minutes=wishes.minutes,
                mode=None if mixed else wishes.mode,
                prefer=("in_person" if in_person else "online") if mixed else None,
                window=(first, last),
            )
        )
    return rows


def filled(rows: Sequence[Row], plan_rows: Iterable[Any], network: Network) -> list[Row]:
    """The rows with what the planner decided."""
    decided = {planned.meeting: planned for planned in plan_rows}
    return [_filled(row, decided[str(row.key)], network) if str(row.key) in decided else row for row in rows]


def _filled(row: Row, planned: Any, network: Network) -> Row:
    mode = row.mode or ("in-person" if planned.format == "in_person" else "online")
    host = int(planned.host) if planned.host else None
    return replace(
        row,
        date=planned.date,
        mode=mode,
        host=host,
        preparers=tuple(int(each) for each in planned.preparers),
        room_id=row.room_id if host == row.host and row.room_id else room_for(network, host),
        link=row.link or (network.link if mode != "in-person" else ""),
    )


def room_for(network: Network, host: int | None) -> int | None:
    """The host's largest room."""
    for membership in network.memberships:
        if membership.organisation_id == host:
            room = membership.organisation.largest_room
            return room.id if room else None
    return None


def busy_days(network: Network, year: int, instead: Instead = ALONE) -> Busy:
    """What other networks of the programme have taken this year."""
    managers = own_managers(network.programme_id)
    others = with_members(_others(network, managers))
    taken = _taken(others, year, instead)
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


def own_managers(programme_id: int) -> dict[int, set[int]]:
    """{network: people who manage it by a role of their own}: they are expected at its meetings."""
    managers: dict[int, set[int]] = {}
    query = select(Role.network_id, Role.person_id).where(Role.programme_id == programme_id)
    for network, person in db.session.execute(query.where(Role.network_id.is_not(None))):
        managers.setdefault(network or 0, set()).add(person)
    return managers


def _taken(networks: Sequence[Network], year: int, instead: Instead) -> dict[int, list[tuple[date, int | None]]]:
    """{network: [(day, host)]}: what counts instead, its draft where there is one, else what is published."""
    ids = [network.id for network in networks]
    drafts = {cycle.network_id: cycle.draft for cycle in drafts_of(ids, year)}
    rows: dict[int, list[Row]] = {
        key: [Row.from_json(r) for r in draft["rows"]] for key, draft in drafts.items() if draft
    } | {key: list(instead[key]) for key in ids if key in instead}
    start, end = datetime(year, 1, 1, tzinfo=UTC), datetime(year + 1, 1, 1, tzinfo=UTC)
    for meeting in meetings_of([each for each in ids if each not in rows], start, end):
        rows.setdefault(meeting.network_id, []).append(of_meeting(meeting))
    return {key: [(row.date, row.host) for row in each if row.date and not row.cancelled] for key, each in rows.items()}


def _iso(days: Iterable[date]) -> list[str]:
    return [day.isoformat() for day in sorted(days)]
