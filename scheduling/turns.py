"""Who may host and who may prepare, what a turn costs in the ledger, and the least that the turns still to come must
cost.

Organisations are numbers here, members first in their order. A key holds the number of turns of every organisation in
one integer.
"""

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property
from heapq import heapify, heappop, heapreplace
from itertools import combinations, compress
from math import comb, lcm
from typing import NamedTuple

from scheduling.dates import Scale, Year
from scheduling.units import common_unit, in_units
from scheduling.values import ANY, IN_PERSON, ONLINE, Network

MOST_TEAMS = 4000
POOL = 14


HostOption = tuple[int, int, list[int] | None]  # organisation, cost, bars
Rest = tuple[int, int]  # the least packed cost of turns still to come, and who takes them as bits


class Duty:
    """One kind of duty over the year: whom it may fall to at each meeting, and convex costs of one more turn.

    first[o] is the packed cost of the first turn of o, every further turn costs `rise` more (nothing for strangers,
    who have no ledger).
    """

    def __init__(
        self,
        first: list[int],
        members: int,
        rise: int,
        *,
        able: list[list[int]],
        seats: list[int],
        apart: list[bool],
        infinite: int,
    ) -> None:
        self.first, self.members, self.rise, self.infinite = first, members, rise, infinite
        self.able, self.seats, self.apart = able, seats, apart
        self.bits = (len(seats) + 1).bit_length()
        self.full = (1 << self.bits) - 1
        self.rises = [rise] * members + [0] * (len(first) - members)
        self._memo: list[dict[int, Rest]] = [{} for _ in range(len(seats) + 1)]

    def cost(self, key: int, o: int) -> int:
        return self.first[o] + ((key >> o * self.bits) & self.full) * self.rises[o]

    def turn(self, o: int) -> int:
        return 1 << o * self.bits

    @cached_property
    def _limits(self) -> list[dict[int, tuple[int, int]]]:
        """From each meeting on, for every organisation that can take a turn: most turns, its places as bits."""
        places, taken, skipped = [0] * len(self.first), [0] * len(self.first), [0] * len(self.first)
        out: list[dict[int, tuple[int, int]]] = [{}]
        for t in reversed(range(len(self.seats))):
            here = set(self.able[t]) if self.seats[t] else set()
            mask = ((1 << self.seats[t]) - 1) << self._start[t]
            apart = self._apart_from_next(t)
            for o in range(len(self.first)):
                if self.seats[t]:
                    best = max(taken[o], skipped[o])
                    taken[o], skipped[o] = (1 + (skipped[o] if apart else best) if o in here else -(10**6)), best
                places[o] |= mask if o in here else 0
            most = map(max, taken, skipped)
            out.append({o: (n, places[o]) for o, n in enumerate(most) if n > 0})
        return out[::-1]

    def _apart_from_next(self, t: int) -> bool:
        """Whether nobody may take this turn and the next one of the row; `apart` says it at the later of the two."""
        later = next((u for u in range(t + 1, len(self.seats)) if self.seats[u]), None)
        return later is not None and self.apart[later]

    @cached_property
    def _start(self) -> list[int]:
        out = [0]
        for seats in self.seats:
            out.append(out[-1] + seats)
        return out

    def rest(self, t: int, key: int) -> int:
        """The least packed cost of all turns from meeting t on, if nobody minded dates, repeats (but for their
        number) and the other duty.

        The cheapest basis of a transversal matroid: take the cheapest turn that still fits beside those taken.
        """
        return self._rest(t, key)[0]

    def _rest(self, t: int, key: int) -> Rest:
        known = self._memo[t].get(key)
        if known is None:
            known = self._memo[t][key] = self._fill(t, key)[:2]
        return known

    def rest_after(self, t: int, key: int, team: int, turns: int) -> int:
        """The rest from meeting t on when the team has taken its turns too.

        These make nothing cheaper, and the cheapest rest no dearer if none of the team is in it.
        """
        after = key + turns
        known = self._memo[t].get(after)
        if known is None:
            before = self._rest(t, key)
            if team & before[1]:
                return self.rest(t, after)
            known = self._memo[t][after] = before
        return known[0]

    @cached_property
    def _cheapest(self) -> dict[int, int]:
        """Who has which place in the cheapest way to fill all meetings."""
        return self._fill(0, 0)[2]

    @cached_property
    def shares(self) -> list[tuple[int, int]]:
        """(organisation, turns) in it."""
        return sorted(Counter(self._cheapest.values()).items())

    def most(self, o: int) -> int:
        """The most turns that the organisation can take."""
        return self._limits[0].get(o, (0, 0))[0]

    def rivals(self) -> set[tuple[int, int]]:
        """Who has a place in it that another could have."""
        limits = self._limits[0].items()
        return {(o, other) for place, o in self._cheapest.items() for other, (_, places) in limits if places & place}

    def effort(self, t: int) -> int:
        """Steps of working out one rest after meeting t."""
        return 6 + self._start[-1] - self._start[t]

    def _fill(self, t: int, key: int) -> tuple[int, int, dict[int, int]]:
        """The cheapest rest: its cost, who is in it as bits, and who has which place."""
        limits, rises = self._limits[t], self.rises
        open_places = self._start[-1] - self._start[t]
        free = ((1 << open_places) - 1) << self._start[t]
        owner: dict[int, int] = {}
        offers = [(self.cost(key, o), o, most) for o, (most, _) in limits.items()]
        heapify(offers)
        total = takers = 0
        while offers and free:
            cost, o, most = offers[0]
            spot = self._place(o, free, owner, limits)
            free ^= spot
            if spot:
                total += cost
                takers |= 1 << o
            if spot and most > 1:
                heapreplace(offers, (cost + rises[o], o, most - 1))
            else:
                heappop(offers)
        return self.infinite if free else total, takers, owner

    def _place(self, o: int, free: int, owner: dict[int, int], limits: dict[int, tuple[int, int]]) -> int:
        """Gives o a place, moving others along a path where needed; the bit of the place that is no longer free, or
        0."""
        spot = limits[o][1] & free
        if spot:
            spot &= -spot
            owner[spot] = o
            return spot
        came: dict[int, tuple[int, int]] = {}
        queue, seen = [(o, 0)], 0
        for who, held in queue:
            new = limits[who][1] & ~seen
            seen |= new
            while new:
                bit = new & -new
                new ^= bit
                came[bit] = (who, held)
                if bit & free:
                    found = bit
                    while bit:
                        owner[bit], bit = came[bit]
                    return found
                queue.append((owner[bit], bit))
        return 0


class Team(NamedTuple):
    """Preparers of one meeting: as bits, as numbers, their turns as a key, and what else they cost."""

    mask: int
    who: tuple[int, ...]
    turns: int
    cost: int
    bars: list[int] | None


def strangers(network: Network) -> list[str]:
    """Who is named in locks and in the meeting before; members among them."""
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
        self.duty_bits = (len(days) + 1).bit_length()
        self.absent: list[dict[int, list[int]]] = []
        self.hosts: list[list[HostOption]] = []
        self.teams: list[list[Team]] = []
        for t, same in enumerate(self._alike()):
            self.absent.append(self._absent(days[t]) if same == t else self.absent[same])
            self.hosts.append(self._hosts(t) if same == t else self.hosts[same])
            self.teams.append(self._teams(t) if same == t else self.teams[same])

    def _alike(self) -> list[int]:
        """For every meeting the first one that has the same options."""
        first: dict[object, int] = {}
        options = zip(map(id, self.days), self.may_host, self.may_prepare, self.meetings, strict=True)
        return [first.setdefault((d, a, b, m.locked, m.published), t) for t, (d, a, b, m) in enumerate(options)]

    def _absent(self, days: list[int]) -> dict[int, list[int]]:
        """The bars of everybody who is away on some of the days."""
        away = {o: self.year.away.get(name, set()).intersection(days) for o, name in enumerate(self.ids)}
        return {o: [self.infinite if d in gone else 0 for d in days] for o, gone in away.items() if gone}

    def _away(self, t: int, o: int, fact: bool) -> list[int] | None:
        return None if fact else self.absent[t].get(o)

    def _hosts(self, t: int) -> list[HostOption]:
        """Everybody who could host meeting t on some day if it is in person."""
        lock, old = self.meetings[t].locked, self.meetings[t].published
        names = ([lock.host] if lock.host else []) if "host" in lock else self.may_host[t]
        fact = "host" in lock and "date" in lock
        other = 3 * self.scale.one(0)
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
        cost = self.scale.amount(3, self.network.weight("avoid"))
        own = [self.infinite if d in closed else cost if d in avoid else 0 for d in days]
        return own if bars is None else [a + b for a, b in zip(own, bars, strict=True)]

    def _teams(self, t: int) -> list[Team]:
        lock, old = self.meetings[t].locked, self.meetings[t].published
        missed = 2 * self.scale.one(0)
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
        if comb(len(able), size) > MOST_TEAMS:
            self.complete = False
            able.sort(key=lambda o: self._promise(t, o))
            if 2 * size >= POOL:  # neighbouring meetings need groups with nobody in common
                return [tuple(sorted(able[i : i + size])) for i in range(len(able) - size + 1)]
            able = sorted(able[:POOL])
        return list(combinations(able, size))

    def _promise(self, t: int, o: int) -> tuple[bool, bool, Fraction]:
        """Who comes first into the pool where not all groups can be tried."""
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
        """Formats the meeting may have."""
        meeting, lock = self.meetings[t], self.meetings[t].locked
        given = [lock.format] if lock.format else [IN_PERSON, ONLINE] if meeting.format == ANY else [meeting.format]
        return [f for f in given if "host" not in lock or (lock.host is not None) == (f == IN_PERSON)]

    def format_cost(self, t: int, format_: str) -> int:
        meeting, cost = self.meetings[t], 0
        if meeting.published:
            cost += 2 * self.scale.one(0) * (meeting.published.format != format_)
            cost += 3 * self.scale.one(0) * (format_ == ONLINE and meeting.published.host is not None)
        if meeting.format == ANY and meeting.prefer not in (None, format_):
            cost += self.scale.amount(1, self.network.weight("format"))
        return cost

    def hosting(self, in_person: tuple[bool, ...]) -> tuple[Duty, int]:
        """The duty of hosting with these formats, and the packed squares of the balances if nobody took a turn."""
        start = self._start([m.host_balance for m in self.network.members], compress(self.may_host, in_person), 1)
        able = [[o for o, _, _ in hosts] for hosts in self.hosts]
        locked = [True, *("host" in self.meetings[t].locked for t in range(len(self.days)) if in_person[t])]
        apart, row = [False] * len(self.days), 0
        for t, here in enumerate(in_person):
            if here:
                row += 1
                apart[t] = self.network.no_repeat_host and not (locked[row] and locked[row - 1])
        return self._duty(start, able, [int(h) for h in in_person], apart)

    def preparing(self) -> tuple[Duty, int]:
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
            able = [[self.number[n] for n in names] for names in self.may_prepare]
        return self._duty(start, able, seats, apart)

    def _start(self, balances: list[Fraction], pools: Iterable[tuple[str, ...]], turns: int) -> list[int]:
        """The balances at the end in units, if all is owed and nobody takes a turn."""
        start = [in_units(b, self.unit) for b in balances]
        for names in pools:
            for name in names:
                start[self.number[name]] -= turns * self.unit // len(names)
        return start

    def _duty(self, start: list[int], able: list[list[int]], seats: list[int], apart: list[bool]) -> tuple[Duty, int]:
        one, unit = self.scale.raw(2), self.unit
        first = [(2 * a * unit + unit * unit) * one for a in start] + [0] * (len(self.ids) - self.members)
        duty = Duty(
            first, self.members, 2 * unit * unit * one, able=able, seats=seats, apart=apart, infinite=self.infinite
        )
        return duty, sum(a * a for a in start) * one


def open_(bars: list[int] | None, infinite: int) -> bool:
    return bars is None or any(b < infinite for b in bars)


def make_scale(network: Network, days: list[list[int]]) -> tuple[Scale, int]:
    """Bits wide enough for the largest value each tier can have, and the common denominator of all balances."""
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
        k * (15 + 2 * old),
        k * (m + 1) * max(attendance) * units[1],
        2 * m * int(worst + 1) ** 2 * units[2],
        k * (size + 4) * max(wishes) * units[3],
        k * reach,
    )
    return Scale(tuple(int(x).bit_length() + 2 for x in most), units), unit
