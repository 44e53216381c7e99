"""Rows of a year -> an Instance for the planner -> rows again."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction

from app.availability.queries import absences_of, closed_days, days_away
from app.meetings import balances as ledger
from app.meetings.models import Meeting
from app.meetings.queries import cycle_of, meetings_of
from app.meetings.row import Origin, Row, RowKey, published_rows
from app.networks.models import Membership, Network
from app.planning.elsewhere import Busy
from app.planning.turn_limit import limit
from app.planning.year_request import Wishes
from app.rounds.queries import Said, said, starts_of
from scheduling.model import network as model
from scheduling.model.instance import Instance
from scheduling.model.network import ANY, IN_PERSON, ONLINE, Lock, Member, Organisation, PlannedMeeting, Previous, Span

FORMATS = {"in-person": IN_PERSON, "hybrid": IN_PERSON, "online": ONLINE}
PUBLIC, SCHOOL = "public", "school"  # calendars
NOT_ASKED = "not-asked"  # the calendar of days that no date round asked about, where others were
MANAGER = "manager"


@dataclass(frozen=True)
class _Days:
    """{organisation: days} on which they, or their rooms, are not to be had this year."""

    away: Mapping[int, set[date]]
    room_closed: Mapping[int, set[date]]
    busy: Busy
    asked: Said


def instance_of(
    network: Network, year: int, wishes: Wishes, rows: Sequence[Row], anchors: Mapping[RowKey, Row], busy: Busy
) -> Instance:
    """What the planner needs to know to fill `rows`; it moves as little as possible of `anchors`."""
    first, last = network.span(year)
    closed = closed_days(network, first, last)
    ids = sorted({membership.organisation_id for membership in network.memberships})
    days = _Days(*days_away(absences_of(ids, first, last), first, last), busy, said(network, year))
    not_asked = days.asked.not_asked([_window(row) for row in rows]) - {row.date for row in anchors.values()}
    return Instance(
        f"{network.slug}-{year}",
        (_limited(network, year, wishes, _network(network, year, wishes, rows, anchors, days)),),
        {str(each): _organisation(each, days, SCHOOL if closed.known_until else None) for each in ids},
        {MANAGER: model.Manager(MANAGER, _spans(busy.manager))},
        {PUBLIC: _spans(closed.public), SCHOOL: _spans(closed.school), NOT_ASKED: _spans(not_asked)},
        {SCHOOL: closed.known_until} if closed.known_until else {},
    )


def _organisation(number: int, days: _Days, school: str | None) -> Organisation:
    lists = days.away, days.busy.people, days.asked.cannot
    unavailable = set[date]().union(*(each.get(number, ()) for each in lists))
    return Organisation(str(number), _spans(unavailable), school, one_per_day=False)


def _network(
    network: Network, year: int, wishes: Wishes, rows: Sequence[Row], anchors: Mapping[RowKey, Row], days: _Days
) -> model.Network:
    planned = [row for row in rows if not row.cancelled]
    in_force = {row.meeting_id for row in rows}
    end = datetime.combine(network.span(year)[1], time(), UTC) + timedelta(1)
    before = [m for m in meetings_of([network.id], last=end) if m.id not in in_force]
    before = [meeting for meeting in before if network.year_of(meeting.day) < year]
    balances = ledger.balances(network, before)
    return model.Network(
        network.slug,
        MANAGER,
        tuple(_member(m, balances[m.organisation_id], days) for m in _latest_memberships(network, year)),
        tuple(_meeting(row, anchors.get(row.key)) for row in planned),
        dict.fromkeys((day + 1 for day in wishes.weekdays), Fraction(0)),
        closed=(PUBLIC, NOT_ASKED) if days.asked.asked else (PUBLIC,),
        min_gap=wishes.min_gap,
        preparers_per_meeting=wishes.preparers,
        host_may_prepare=wishes.host_may_prepare,
        no_repeat_host=not wishes.repeat_host,
        no_repeat_preparer=not wishes.repeat_preparer,
        in_person=(0, len(planned)),
        previous=_previous(before),
    )


def _limited(network: Network, year: int, wishes: Wishes, planned: model.Network) -> model.Network:
    cycle = cycle_of(network, year) if network.id else None
    return replace(planned, max_turns=limit(planned, wishes.max_turns, published_rows(cycle) if cycle else ()))


def _member(membership: Membership, balance: tuple[Fraction, Fraction], days: _Days) -> Member:
    number = membership.organisation_id
    no_room = days.room_closed.get(number, set()) | days.busy.rooms.get(number, frozenset())
    return replace(
        ledger.as_member(membership),
        host_balance=balance[0],
        prep_balance=balance[1],
        host_avoid=_spans(days.asked.rather_not.get(number, ())),
        host_unavailable=_spans(no_room),
    )


def _latest_memberships(network: Network, year: int) -> list[Membership]:
    """One line per organisation that is a member at some time of the year."""
    first, last = network.span(year)
    latest = {m.organisation_id: m for m in network.memberships if m.joined <= last}
    return [m for m in latest.values() if m.left is None or m.left >= first]


def _meeting(row: Row, anchor: Row | None) -> model.Meeting:
    """A published meeting, or one whose day is fixed, counts who takes part on that day."""
    window = _window(row)
    settled = row.date if row.meeting_id or "date" in row.locked else None
    return model.Meeting(
        str(row.key),
        window,
        (settled, settled) if settled else window,
        FORMATS[row.mode] if row.mode else ANY,
        row.prefer,
        _lock(row),
        as_planned(anchor) if anchor and anchor.date else None,
    )


def _window(row: Row) -> Span:
    """The days a row may fall on; a published meeting may move within its month."""
    if row.window:
        return row.window
    if row.date is None:
        raise ValueError("a row without a window has its day")
    start = row.date.replace(day=1)
    return start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def as_planned(row: Row) -> PlannedMeeting:
    """A row that has its day as the planner would give it back."""
    if row.date is None:
        raise ValueError("a planned row has its day")
    host = str(row.host) if row.host else None
    return PlannedMeeting(str(row.key), row.date, _format(row), host, tuple(map(str, row.preparers)))


def _format(row: Row) -> str:
    return FORMATS[row.mode or "in-person"]


def _lock(row: Row) -> Lock:
    locked = frozenset("format" if name == "mode" else name for name in row.locked)
    return Lock(
        locked,
        row.date if "date" in locked else None,
        _format(row) if "format" in locked else None,
        str(row.host) if "host" in locked and row.host else None,
        tuple(map(str, row.preparers)) if "preparers" in locked else (),
    )


def _previous(before: Sequence[Meeting]) -> Previous:
    """The last meeting before the year, and the last host before it."""
    held = [meeting for meeting in before if not meeting.cancelled]
    if not held:
        return Previous()
    hosts = [meeting.host for meeting in held if meeting.host]
    preparers = tuple(str(organisation.id) for organisation in held[-1].preparers)
    return Previous(held[-1].day, str(hosts[-1].id) if hosts else None, preparers)


def new_rows(network: Network, year: int, wishes: Wishes, *, after: date | None = None) -> list[Row]:
    """Empty rows for a new year, on days later than `after`: what is past is not planned any more."""
    rows = []
    for number, (first, last) in enumerate(wishes.windows(year, network.year_begins), start=1):
        if after and last <= after:
            continue
        begin = max(first, after + timedelta(days=1)) if after else first
        in_person = number % 2 == 1
        mixed = wishes.mode == "mixed"
        rows.append(
            Row(
                key=RowKey(Origin.ASKED, number),
                date=None,
                start=wishes.start,
                minutes=wishes.minutes,
                mode=None if mixed else wishes.mode,
                prefer=(IN_PERSON if in_person else ONLINE) if mixed else None,
                window=(begin, last),
            )
        )
    return rows


def filled(rows: Sequence[Row], planned: Iterable[PlannedMeeting], network: Network, year: int) -> list[Row]:
    """The rows with what the planner decided; on a new day at the hour at which a date round asked about it."""
    decided, starts = {each.meeting: each for each in planned}, starts_of(network, year)
    return [_filled(row, decided[str(row.key)], network, starts) if str(row.key) in decided else row for row in rows]


def _filled(row: Row, planned: PlannedMeeting, network: Network, starts: Mapping[date, time]) -> Row:
    mode = row.mode or ("in-person" if planned.format == IN_PERSON else "online")
    host = int(planned.host) if planned.host else None
    return replace(
        row,
        date=planned.date,
        start=row.start if planned.date == row.date else starts.get(planned.date, row.start),
        mode=mode,
        host=host,
        preparers=tuple(map(int, planned.preparers)),
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


def _spans(days: Iterable[date]) -> tuple[Span, ...]:
    return tuple((day, day) for day in sorted(days))
