"""The chains of dates of one network beside others: what they cost, and which days of managers and organisations they
use."""

from dataclasses import dataclass, replace
from operator import add

from scheduling.model.network import Network
from scheduling.model.tiers import Tier
from scheduling.model.year import Taken, Year
from scheduling.search.dates import Gap, Scale, day_costs, reach, reach_back
from scheduling.search.one_network import gaps_of

INFINITE = 1 << 80
WIDE = 40  # bits of a tier of one day
Booking = tuple[str, str, int]  # "manager" or "organisation", its name, the day it is taken
Chain = tuple[int, ...]
WholeTiers = tuple[int, ...]
Weights = dict[Tier, int]


@dataclass(frozen=True, slots=True)
class Priced:
    """The least cost of all chains; for every meeting and day the cost of the day and the least cost after it."""

    least: int
    costs: list[list[int]]
    after: list[list[int]]
    gaps: list[Gap]


class Chains:
    """`days` of every meeting that are still of use, with their tiers and whom they book."""

    def __init__(self, year: Year, network: Network, taken: Taken, units: tuple[int, ...]) -> None:
        self.year, self.network, self.gaps = year, network, gaps_of(network)
        self.days = year.days(network, taken)
        scale = Scale((WIDE,) * len(Tier), units)
        self.tiers: list[dict[int, WholeTiers]] = []
        for meeting, days in zip(network.meetings, self.days, strict=True):
            packed = zip(days, day_costs(year, network, meeting, days, scale), strict=True)
            self.tiers.append({d: _whole(scale, cost) for d, cost in packed})
        self.bookings = [{d: self._bookings(t, d) for d in days} for t, days in enumerate(self.days)]

    def _bookings(self, t: int, day: int) -> list[Booking]:
        meeting, known = self.network.meetings[t], self.year.instance.organisations
        if "date" in meeting.locked:
            return []
        present = [m.org for m in self.network.on_roll(meeting) if day not in self.year.away[m.org]]
        once = [("organisation", o, day) for o in present if known[o].one_per_day]
        return [("manager", self.network.manager, day), *once]

    def keep_bookings(self, shared: set[Booking]) -> None:
        """Forget the bookings that no other network could want."""
        self.bookings = [{d: [b for b in all_ if b in shared] for d, all_ in here.items()} for here in self.bookings]

    def price(self, weights: Weights, prices: dict[Booking, int]) -> Priced:
        """Return what chains cost at a weight for every tier and a price for every booking, by a backward DP."""
        slope = weights.get(Tier.SPACING, 0)
        # A tier that is not asked for has no slope: only the least gap is left of the rule.
        gaps = [replace(g, price=slope) if slope else replace(g, target=None) for g in self.gaps]
        weighted = [(tier, w) for tier, w in weights.items() if tier != Tier.SPACING and w]
        costs = [
            [sum(w * tiers[d][i] for i, w in weighted) + sum(prices.get(b, 0) for b in booked[d]) for d in days]
            for days, tiers, booked in zip(self.days, self.tiers, self.bookings, strict=True)
        ]
        after = [[0] * len(d) for d in self.days]
        for t in range(len(self.days) - 2, -1, -1):
            ahead = list(map(add, after[t + 1], costs[t + 1]))
            after[t] = reach_back(ahead, self.days[t + 1], self.days[t], gaps[t + 1], INFINITE)
        chains = map(sum, zip(self._first(gaps), costs[0], after[0], strict=True)) if self.days else [0]
        return Priced(min(chains, default=INFINITE), costs, after, gaps)

    def _first(self, gaps: list[Gap]) -> list[int]:
        return [self._gap(gaps, (), d) for d in self.days[0]]

    def _gap(self, gaps: list[Gap], chain: Chain, day: int) -> int:
        """Return what the gap between the chain and the next day costs."""
        previous = self.network.previous.date
        before = chain[-1] if chain else previous.toordinal() if previous else None
        return 0 if before is None else gaps[len(chain)].cost(before, day, INFINITE)

    def within(self, priced: Priced, limit: int, most: int) -> list[Chain]:
        """Return the chains that cost `limit` or less; `most` of them or a few more if they are too many."""
        found: list[Chain] = []
        open_: list[tuple[int, Chain]] = [(0, ())]
        while open_ and len(found) < most:
            cost, chain = open_.pop()
            t = len(chain)
            if t == len(self.days):
                found.append(chain)
                continue
            for day, own, after in zip(self.days[t], priced.costs[t], priced.after[t], strict=True):
                more = cost + self._gap(priced.gaps, chain, day) + own
                # `after` is exact, so no way is entered that does not lead to a chain within the limit.
                if more + after <= limit:
                    open_.append((more, (*chain, day)))
        return found

    def cheapest(self, priced: Priced) -> Chain:
        """Return the cheapest chain, of equals the earliest."""
        chain: Chain = ()
        for t, days in enumerate(self.days):
            ways = [
                self._gap(priced.gaps, chain, d) + own + after
                for d, own, after in zip(days, priced.costs[t], priced.after[t], strict=True)
            ]
            chain = (*chain, days[ways.index(min(ways))])
        return chain

    def leave_out(self, priced: Priced, limit: int) -> None:
        """Forget the days that only chains above this cost use."""
        reached = self._first(priced.gaps) if self.days else []
        kept = []
        for t, days in enumerate(self.days):
            here = list(map(add, reached, priced.costs[t]))
            kept.append([d for d, a, b in zip(days, here, priced.after[t], strict=True) if a + b <= limit])
            if t + 1 < len(self.days):
                reached = reach(here, days, self.days[t + 1], priced.gaps[t + 1], INFINITE)
        self.days = kept

    def value(self, chain: Chain) -> WholeTiers:
        """Return the tiers of a chain, in whole units, without its turns."""
        out = [0] * len(Tier)
        for t, day in enumerate(chain):
            for tier, v in enumerate(self.tiers[t][day]):
                out[tier] += v
            gap = self.gaps[t]
            out[Tier.SPACING] += self._gap([replace(gap, least=None)] * len(chain), chain[:t], day)
        return tuple(out)

    def uses(self, chain: Chain) -> dict[Booking, int]:
        """Return how often the chain takes each booking."""
        out: dict[Booking, int] = {}
        for t, day in enumerate(chain):
            for booking in self.bookings[t][day]:
                out[booking] = out.get(booking, 0) + 1
        return out

    def has(self, chain: Chain) -> bool:
        """Return whether all days of the chain are still of use."""
        return all(day in days for day, days in zip(chain, self.days, strict=True))


def _whole(scale: Scale, packed: int) -> WholeTiers:
    return tuple(int(v * u) for v, u in zip(scale.tiers(packed), scale.units, strict=True))
