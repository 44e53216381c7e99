"""Who may host and who may prepare on which day, and what that makes of the two duties.

Organisations are numbers here, members first in their order.
"""

from collections.abc import Iterable
from fractions import Fraction
from itertools import combinations, compress
from math import comb, lcm
from typing import NamedTuple

from scheduling.model.fractions import common_unit, in_units
from scheduling.model.network import ANY, IN_PERSON, ONLINE, Network
from scheduling.model.tiers import MOVED_DATE, MOVED_FORMAT, MOVED_HOST, MOVED_PREPARER, Tier
from scheduling.model.year import Year
from scheduling.search.dates import Scale
from scheduling.search.turn_bound import DutyYear
from scheduling.search.turn_cap import cap_of

MOST_TEAMS = 4000
TEAM_POOL = 14

HostOption = tuple[int, int, list[int] | None]  # organisation, cost, bars


class Team(NamedTuple):
    """Preparers of one meeting: as bits, as numbers, their turns as a key, and what else they cost."""

    mask: int
    who: tuple[int, ...]
    turns: int
    cost: int
    bars: list[int] | None


def strangers(network: Network) -> list[str]:
    """Return who is named in locks and in the meeting before; members among them."""
    names = [network.previous.host, *network.previous.preparers]
    for meeting in network.meetings:
        names += [meeting.locked.host, *meeting.locked.preparers]
    return [n for n in names if n is not None]


class Roster:
    """The meetings of one network with their candidate days, and whom each duty can fall to on which day.

    A bar is a list of packed costs, one for each day of the meeting: infinite where the organisation cannot, None if
    nothing stands in the way.
    """

    def __init__(self, year: Year, network: Network, days: list[list[int]], scale: Scale, unit: int) -> None:
        self.year, self.network, self.days, self.scale, self.unit = year, network, days, scale, unit
        self.meetings = network.meetings
        self.ids = [m.org for m in network.members]
        self.members = len(self.ids)
        for name in strangers(network):
            if name not in self.ids:
                self.ids.append(name)
        self.number = {o: i for i, o in enumerate(self.ids)}
        self.infinite = scale.infinite
        self.complete = True
        self.may_host = [network.may_host(m) for m in self.meetings]
        self.may_prepare = [network.may_prepare(m) for m in self.meetings]
        self.cap = cap_of(network, self.number)
        # Nobody has more turns of a duty than there are meetings: a counter in a key never carries into the next.
        self.duty_bits = self.cap.bits if self.cap else (len(days) + 1).bit_length()
        self.absent: list[dict[int, list[int]]] = []
        self.hosts: list[list[HostOption]] = []
        self.teams: list[list[Team]] = []
        for t, same in enumerate(self._alike()):
            self.absent.append(self._absent(days[t]) if same == t else self.absent[same])
            self.hosts.append(self._hosts(t) if same == t else self.hosts[same])
            self.teams.append(self._teams(t) if same == t else self.teams[same])

    def _alike(self) -> list[int]:
        """Return for every meeting the first one that has the same options."""
        # By identity: Year.days gives meetings with equal candidates the same list.
        first: dict[object, int] = {}
        options = zip(map(id, self.days), self.may_host, self.may_prepare, self.meetings, strict=True)
        return [first.setdefault((d, a, b, m.locked, m.published), t) for t, (d, a, b, m) in enumerate(options)]

    def _absent(self, days: list[int]) -> dict[int, list[int]]:
        """Return the bars of everybody who is away on some of the days."""
        away = {o: self.year.away.get(name, set()).intersection(days) for o, name in enumerate(self.ids)}
        return {o: [self.infinite if d in gone else 0 for d in days] for o, gone in away.items() if gone}

    def _away(self, t: int, o: int, fact: bool) -> list[int] | None:
        return None if fact else self.absent[t].get(o)

    def _hosts(self, t: int) -> list[HostOption]:
        """Return everybody who could host meeting t on some day if it is in person."""
        lock, old = self.meetings[t].locked, self.meetings[t].published
        names = ([lock.host] if lock.host else []) if "host" in lock else self.may_host[t]
        # Where both are locked, that the host is away is a fact.
        fact = "host" in lock and "date" in lock
        other = MOVED_HOST * self.scale.one(Tier.STABILITY)
        return [
            (o, other if old and old.host != self.ids[o] else 0, bars)
            for o in (self.number[n] for n in names)
            if open_(bars := self._host_bars(t, o, fact), self.infinite)
        ]

    def _host_bars(self, t: int, o: int, fact: bool) -> list[int] | None:
        bars = self._away(t, o, fact)
        if o >= self.members:
            return bars
        member, days = self.network.members[o], self.days[t]
        closed = set() if fact else self.year.of(member.host_unavailable)
        avoid = self.year.of(member.host_avoid)
        if closed.isdisjoint(days) and avoid.isdisjoint(days):
            return bars
        cost = self.scale.amount(Tier.PREFERENCE, self.network.weight("avoid"))
        own = [self.infinite if d in closed else cost if d in avoid else 0 for d in days]
        return own if bars is None else [a + b for a, b in zip(own, bars, strict=True)]

    def _teams(self, t: int) -> list[Team]:
        lock, old = self.meetings[t].locked, self.meetings[t].published
        missed = MOVED_PREPARER * self.scale.one(Tier.STABILITY)
        wanted = {self.number[n] for n in old.preparers if n in self.number} if old else set()
        gone = len(set(old.preparers)) if old else 0
        fact = "preparers" in lock and "date" in lock
        teams = (self._team(t, w, missed * (gone - len(wanted & set(w))), fact) for w in self._groups(t))
        return [team for team in teams if open_(team.bars, self.infinite)]

    def _groups(self, t: int) -> list[tuple[int, ...]]:
        lock, size = self.meetings[t].locked, self.network.preparers_per_meeting
        if "preparers" in lock:
            return (
                [tuple(self.number[n] for n in lock.preparers)]
                if len(set(lock.preparers)) == len(lock.preparers)
                else []
            )
        able = [self.number[n] for n in self.may_prepare[t]]
        # 4 of 40 are 91,390 groups a meeting. What is not tried is not proven: `complete` says so to every bound.
        if comb(len(able), size) > MOST_TEAMS:
            self.complete = False
            able.sort(key=lambda o: self._promise(t, o))
            if 2 * size >= TEAM_POOL:  # neighbouring meetings need groups with nobody in common
                return [tuple(sorted(able[i : i + size])) for i in range(len(able) - size + 1)]
            able = sorted(able[:TEAM_POOL])
        return list(combinations(able, size))

    def _promise(self, t: int, o: int) -> tuple[bool, bool, Fraction]:
        """Return who comes first into the pool where not all groups can be tried."""
        old = self.meetings[t].published
        kept = old is not None and self.ids[o] in old.preparers
        return not kept, self._away(t, o, False) is not None, self.network.members[o].prep_balance

    def _team(self, t: int, who: tuple[int, ...], cost: int, fact: bool) -> Team:
        bars: list[int] | None = None
        for o in who:
            own = self._away(t, o, fact)
            if own is not None:
                bars = own if bars is None else [a + b for a, b in zip(bars, own, strict=True)]
        return Team(sum(1 << o for o in who), who, sum(1 << o * self.duty_bits for o in who), cost, bars)

    def formats(self, t: int) -> list[str]:
        """Return the formats the meeting may have."""
        meeting, lock = self.meetings[t], self.meetings[t].locked
        given = [lock.format] if lock.format else [IN_PERSON, ONLINE] if meeting.format == ANY else [meeting.format]
        return [f for f in given if "host" not in lock or (lock.host is not None) == (f == IN_PERSON)]

    def format_cost(self, t: int, format_: str) -> int:
        """Return the packed cost of the format alone: other than published, other than preferred."""
        meeting, cost, moved = self.meetings[t], 0, self.scale.one(Tier.STABILITY)
        if meeting.published:
            cost += MOVED_FORMAT * moved * (meeting.published.format != format_)
            cost += MOVED_HOST * moved * (format_ == ONLINE and meeting.published.host is not None)
        if meeting.format == ANY and meeting.prefer not in (None, format_):
            cost += self.scale.amount(Tier.ATTENDANCE, self.network.weight("format"))
        return cost

    def hosting(self, in_person: tuple[bool, ...]) -> tuple[DutyYear, int]:
        """Return the duty of hosting with these formats, and the packed squares of the balances without any turn."""
        start = self._start([m.host_balance for m in self.network.members], compress(self.may_host, in_person), 1)
        able = [[o for o, _, _ in hosts] for hosts in self.hosts]
        locked = [True, *("host" in self.meetings[t].locked for t in range(len(self.days)) if in_person[t])]
        apart, row = [False] * len(self.days), 0
        # H9 speaks of meetings in person only: one online between two of them parts nobody.
        for t, here in enumerate(in_person):
            if here:
                row += 1
                apart[t] = self.network.no_repeat_host and not (locked[row] and locked[row - 1])
        return self._duty(start, able, [int(h) for h in in_person], apart, self.cap.hosting if self.cap else None)

    def preparing(self) -> tuple[DutyYear, int]:
        """Return the same of preparing, which no format changes."""
        size = self.network.preparers_per_meeting
        start = self._start([m.prep_balance for m in self.network.members], self.may_prepare, size)
        able, seats, apart, before = [], [], [], True
        for t, meeting in enumerate(self.meetings):
            teams = self.teams[t]
            locked = "preparers" in meeting.locked
            able.append(sorted({o for team in teams for o in team.who}))
            seats.append(len(meeting.locked.preparers) if locked else size)
            apart.append(self.network.no_repeat_preparer and not (locked and before))
            before = locked
        if not self.complete:
            # The bound must see everybody, not only whom the groups are made of.
            able = [[self.number[n] for n in names] for names in self.may_prepare]
        return self._duty(start, able, seats, apart, self.cap.preparing if self.cap else None)

    def _start(self, balances: list[Fraction], pools: Iterable[tuple[str, ...]], turns: int) -> list[int]:
        """Return the balances at the end in units, if all is owed and nobody takes a turn."""
        start = [in_units(b, self.unit) for b in balances]
        for names in pools:
            for name in names:
                # Whole: the unit is a multiple of every pool's size.
                start[self.number[name]] -= turns * self.unit // len(names)
        return start

    def _duty(
        self, start: list[int], able: list[list[int]], seats: list[int], apart: list[bool], caps: list[int] | None
    ) -> tuple[DutyYear, int]:
        one, unit = self.scale.raw(Tier.UNFAIRNESS), self.unit
        # (a + n)² = a² + n (2a + 1) + n (n - 1): with all owed and no turn taken the square is a², the first turn adds
        # 2a + 1, every further one 2 more. Costs of turns are convex and add up, which is what all bounds live on.
        first = [(2 * a * unit + unit * unit) * one for a in start] + [0] * (len(self.ids) - self.members)
        duty = DutyYear(
            first,
            self.members,
            2 * unit * unit * one,
            able=able,
            seats=seats,
            apart=apart,
            infinite=self.infinite,
            bits=self.duty_bits,
            caps=caps,
        )
        return duty, sum(a * a for a in start) * one


def open_(bars: list[int] | None, infinite: int) -> bool:
    """Return whether the bars leave any day."""
    return bars is None or (bool(bars) and min(bars) < infinite)


def make_scale(network: Network, days: list[list[int]]) -> tuple[Scale, int]:
    """Return bits wide enough for the largest value of each tier, and the common denominator of all balances."""
    k, m = len(network.meetings), len(network.members)
    size = max([network.preparers_per_meeting, *(len(x.locked.preparers) for x in network.meetings)], default=0)
    all_days = [d for ds in days for d in ds] + ([network.previous.date.toordinal()] if network.previous.date else [])
    reach = max(all_days, default=0) - min(all_days, default=0) + (network.target_gap or 0)
    pools = [n for x in network.meetings for n in (len(network.may_host(x)), len(network.may_prepare(x))) if n]
    balances = [b for x in network.members for b in (x.host_balance, x.prep_balance)]
    unit = lcm(*pools, common_unit(balances))
    worst = max((abs(b) for b in balances), default=Fraction(0)) + k * (size + 1) + 1
    attendance = [network.weight(w) for w in ("absent", "school", "format")]
    wishes = [*network.weekdays.values(), network.weight("avoid"), network.weight("in_a_row")]
    units = (1, common_unit(attendance), unit * unit, common_unit(wishes), 1)
    old = max((len(x.published.preparers) for x in network.meetings if x.published), default=0)
    most = (
        k * (MOVED_DATE + MOVED_HOST + MOVED_FORMAT + MOVED_PREPARER * old),
        k * (m + 1) * max(attendance) * units[Tier.ATTENDANCE],
        2 * m * int(worst + 1) ** 2 * units[Tier.UNFAIRNESS],
        k * (size + 4) * max(wishes) * units[Tier.PREFERENCE],
        k * reach,
    )
    # Two bits more than the largest value: half-made sums exceed it and must not carry into the tier above.
    return Scale(tuple(int(x).bit_length() + 2 for x in most), units), unit
