"""What a network's page shows: the year, the next meeting, the turns of each organisation."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction

from flask_babel import gettext as _

from app.availability.queries import closed_days
from app.edge import bounds
from app.errors import Refused
from app.meetings import balances as ledger
from app.meetings.drawings import turn_balance
from app.meetings.drawings.badges import Badge, badges_of
from app.meetings.drawings.turn_balance import BalanceLine
from app.meetings.drawings.year_strip import Strip, strip
from app.meetings.models import Cycle, Duty, Meeting
from app.meetings.queries import cycles_of, meetings_of, turns_of_leavers
from app.meetings.row import of_meeting
from app.networks.models import Membership, Network, Organisation
from app.networks.queries import with_members
from app.text import by_name


@dataclass(frozen=True)
class MemberLine:
    """A member, or one to come: how it stands, and the turns it keeps after it has left."""

    membership: Membership
    stands: BalanceLine | None  # None: joins later
    left_over: tuple[Duty, ...]


@dataclass(frozen=True)
class YearView:
    year: int
    years: tuple[int, ...]
    cycle: Cycle | None
    meetings: tuple[Meeting, ...]
    next_meeting: Meeting | None
    strip: Strip
    balance: tuple[BalanceLine, ...]
    badges: dict[int, Badge]
    members: tuple[MemberLine, ...]
    former: tuple[Membership, ...]
    need: int
    plan_year: int
    today: date
    mine: frozenset[int]
    hosted: bool  # whether anything is or was in person


def of_network(network: Network, now: datetime, year: int | None, mine: Sequence[int] = ()) -> YearView:
    """The page of one network, with a number of queries that does not grow with its members."""
    network = with_members([network.id])[0]
    today = now.astimezone(network.zone).date()
    meetings = meetings_of([network.id])
    cycles = {cycle.year: cycle for cycle in cycles_of(network)}
    years = sorted({*cycles, *(network.year_of(meeting.day) for meeting in meetings)})
    this = network.year_of(today)
    if year is not None and year not in {*years, *bounds.years()}:
        raise Refused(_("Nothing is known of the year %(year)s.", year=network.year_name(year)))
    upcoming = next((m for m in meetings if not m.cancelled and m.ends_at > now), None)
    shown = year or (network.year_of(upcoming.day) if upcoming else max(years, default=this))
    badges = badges_of(network)
    in_year = [meeting for meeting in meetings if network.year_of(meeting.day) == shown]
    first, last = network.span(shown)
    closed = closed_days(network, first, last)
    members = network.members_on(max(today, first) if shown >= this else today)
    need = ledger.seats_needed(members)
    balance = tuple(turn_balance.balance(_turns(network, members, meetings, now, badges)))
    ahead = [meeting for meeting in meetings if meeting.ends_at > now]
    return YearView(
        year=shown,
        years=tuple(years),
        cycle=cycles.get(shown),
        meetings=tuple(in_year),
        next_meeting=upcoming,
        strip=strip(
            shown,
            map(of_meeting, in_year),
            badges,
            begins=network.year_begins,
            school=closed.school,
            today=today,
            mine=mine,
            open_turns=open_turns(in_year),
        ),
        balance=balance,
        today=today,
        badges=badges,
        members=_member_lines(network, members, balance, turns_of_leavers(network, ahead), today),
        former=tuple(m for m in network.memberships if m.left and m.left < today),
        need=need,
        plan_year=_plan_year(network, cycles, today),
        mine=frozenset(mine),
        hosted=_hosted(network, meetings),
    )


def standings_of(network: Network, now: datetime) -> dict[int, BalanceLine]:
    """{organisation: how it stands now, as the network's page counts it}, of the members of today."""
    members = network.members_on(now.astimezone(network.zone).date())
    turns = _turns(network, members, meetings_of([network.id]), now, badges_of(network))
    return {line.organisation_id: line for line in turn_balance.balance(turns)}


def _hosted(network: Network, meetings: Iterable[Meeting]) -> bool:
    """Also what was in person before the network went online has its turns."""
    return network.hosted or any(meeting.in_person for meeting in meetings)


def _member_lines(
    network: Network,
    members: Sequence[Membership],
    balance: Sequence[BalanceLine],
    left_over: Sequence[Duty],
    today: date,
) -> tuple[MemberLine, ...]:
    """Members, whoever owes most first, and after them those who join later."""
    at = {line.organisation_id: n for n, line in enumerate(balance)}
    later = [m for m in network.members_from(today) if m.joined > today and m not in members]
    return tuple(
        MemberLine(
            m,
            balance[at[m.organisation_id]] if m in members else None,
            tuple(duty for duty in left_over if duty.organisation_id == m.organisation_id),
        )
        for m in [*sorted(members, key=lambda m: at[m.organisation_id]), *later]
    )


def open_turns(meetings: Iterable[Meeting]) -> set[int]:
    """Meetings of which a turn was given back and not taken over."""
    return {meeting.id for meeting in meetings if any(duty.handed_back for duty in meeting.duties)}


def _turns(
    network: Network,
    members: Sequence[Membership],
    meetings: Sequence[Meeting],
    now: datetime,
    badges: Mapping[int, Badge],
) -> list[turn_balance.Turns]:
    past = [meeting for meeting in meetings if meeting.ends_at < now and not meeting.cancelled]
    balances, done = ledger.balances(network, past), ledger.done(past)
    need = ledger.seats_needed(members)
    return [
        turn_balance.Turns(
            m.organisation_id,
            badges[m.organisation_id],
            (done[m.organisation_id, "host"], done[m.organisation_id, "preparation"]),
            balances[m.organisation_id],
            ledger.may_host(m, need),
        )
        for m in members
    ]


def _plan_year(network: Network, cycles: dict[int, Cycle], today: date) -> int:
    """The year to plan: the first one without a published plan, next year in the last four months of this one."""
    first = network.year_to_plan(today)
    published = {year for year, cycle in cycles.items() if cycle.published}
    return first if first not in published else max(published)


@dataclass(frozen=True)
class Turns:
    """One organisation's turns in a network, latest first, and how it stands."""

    at: datetime
    duties: tuple[Duty, ...]
    host: Fraction
    preparation: Fraction
    hosted: bool


def turns_of(network: Network, organisation: Organisation, now: datetime) -> Turns:
    meetings = meetings_of([network.id])
    balances = ledger.balances(network, [meeting for meeting in meetings if meeting.ends_at < now])
    duties = [duty for meeting in meetings for duty in meeting.duties if duty.organisation_id == organisation.id]
    return Turns(now, tuple(reversed(duties)), *balances[organisation.id], _hosted(network, meetings))


def left_over(network: Network, organisation: Organisation, now: datetime) -> list[Duty]:
    """The turns that an organisation still has on days after it has left."""
    left = turns_of_leavers(network, meetings_of([network.id], now))
    return [duty for duty in left if duty.organisation_id == organisation.id]


@dataclass(frozen=True)
class Queues:
    """Turns over the years, and who comes next."""

    lines: tuple[turn_balance.YearsLine, ...]
    ticks: tuple[tuple[float, int], ...]  # x and year
    edge: int  # turns at the upper and the lower edge of a line
    expected: tuple[Duty, ...]
    badges: dict[int, Badge]
    hosted: bool


def queues_of(network: Network, now: datetime) -> Queues:
    """The past as done against owed, year by year, whoever owes most first; and the turns that are published."""
    network = with_members([network.id])[0]
    meetings = [meeting for meeting in meetings_of([network.id]) if not meeting.cancelled]
    past = [meeting for meeting in meetings if meeting.ends_at < now]
    turns = ledger.over_years(network, past)
    today = now.astimezone(network.zone).date()
    badges = badges_of(network)
    members = [membership.organisation for membership in network.members_on(today)]
    stands = {each.id: sum(turns[each.id][-1].balance) if turns[each.id] else Fraction(0) for each in members}
    members.sort(key=lambda each: (stands[each.id], by_name(each.name)))
    shown = sorted({each.year for rows in turns.values() for each in rows})
    lines, ticks, edge = turn_balance.years([(badges[each.id], turns[each.id]) for each in members], shown)
    ahead = [duty for meeting in meetings if meeting.ends_at >= now for duty in meeting.duties]
    return Queues(tuple(lines), tuple(ticks), edge, tuple(ahead), badges, _hosted(network, meetings))
