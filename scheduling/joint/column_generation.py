"""Many networks at once, proven: column generation over chains of dates, tier by tier.

A linear programme over chains prices the days of managers and organisations, and every network looks for its cheapest
chain at these prices. Rounded to integers, the prices give a bound in integers whatever they are (Lagrange). All chains
that could beat the best choice known are listed, and an integer programme chooses among them. The turns of a network
hardly ever depend on its dates: they are taken at their least, and a network where they do depend is priced by the
whole planner from then on.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from fractions import Fraction

from scheduling.joint.date_chains import Booking, Chain, Chains, Priced, Weights, WholeTiers
from scheduling.joint.highs import Column, Limit, LinearProgramme, choose
from scheduling.model.fractions import common_unit
from scheduling.model.network import Rows
from scheduling.model.tiers import NO_COST, Objective, Tier, sum_of
from scheduling.model.year import Year
from scheduling.search.dates import Scale
from scheduling.search.one_network import GivenCosts, OneNetwork, Outcome, plan_days
from scheduling.search.roster import strangers

SCALE = 1 << 16
CHAIN_POOL, MOST_CHAINS = 2000, 20_000
BEFORE_TURNS, AFTER_TURNS = (Tier.STABILITY, Tier.ATTENDANCE), (Tier.PREFERENCE, Tier.SPACING)
BLEND: Weights = {  # nearly the objective: only to meet good chains
    Tier.STABILITY: 1 << 20,
    Tier.ATTENDANCE: 1 << 14,
    Tier.PREFERENCE: 1 << 7,
    Tier.SPACING: 1,
}
STEPS = 250_000  # for the turns of one network
MERGED = 96  # bits of preferences and spacing as one number
UNKNOWN = 1 << 60
PER_COLUMN = 60  # steps of giving a column to a programme


@dataclass(frozen=True, slots=True)
class Proof:
    """The optimum and its tiers, or no rows where the steps ran out or the proof failed."""

    rows: dict[str, Rows]
    bound: Objective
    steps: int


@dataclass(frozen=True, slots=True)
class Stage:
    """What one tier comes to at least, the exact bound in units of 1/SCALE, and the prices that prove it."""

    bound: int
    exact: int
    priced: list[Priced]
    least: list[int]


class _Unproven(Exception):
    """The allowance is used up, or a step of the proof failed."""


def _require(condition: bool) -> None:
    if not condition:
        raise _Unproven


class Columns:
    """`start`: any plan of all networks without a clash; `spent` hears of the steps as they are used."""

    def __init__(
        self, year: Year, start: dict[str, Rows], allowance: int, spent: Callable[[int], None] = lambda _steps: None
    ) -> None:
        self.allowance, self.steps, self.spent = allowance, 0, spent
        self.year, self.networks = year, year.instance.networks
        attendance = [n.weight(w) for n in self.networks for w in ("absent", "school")]
        weekdays = [c for n in self.networks for c in n.weekdays.values()]
        in_a_row = [n.weight(w) for n in self.networks for w in ("avoid", "in_a_row")]
        self.units = (1, common_unit(attendance), 1, common_unit([*weekdays, *in_a_row]), 1)
        taken = year.standing()
        self.chains = [Chains(year, n, taken, self.units) for n in self.networks]
        touched = Counter(
            b for c in self.chains for b in {b for here in c.bookings for all_ in here.values() for b in all_}
        )
        shared = {booking for booking, count in touched.items() if count > 1}
        for chains in self.chains:
            chains.keep_bookings(shared)
        self.settled: Weights = {}
        self.room_for: dict[Booking, int] = {
            b: self._of_manager(b) - taken.managers[b[1:]] if b[0] == "manager" else 1 for b in shared
        }
        self.sizes = [sum(map(len, c.days)) for c in self.chains]
        self.chosen = [tuple(r.date.toordinal() for r in start[n.id]) for n in self.networks]
        self.pool = {(n, c): self.chains[n].value(c) for n, c in enumerate(self.chosen)}
        self.least_turns: list[Objective] = []
        self.excess: dict[tuple[int, tuple[object, ...]], Objective] = {}
        self.marks: dict[tuple[int, int], tuple[str, ...]] = {}
        self.whole: set[int] = set()  # networks whose turns depend on their dates

    def _of_manager(self, booking: Booking) -> int:
        manager = self.year.instance.managers.get(booking[1])
        return manager.max_per_day if manager else 1

    def solve(self) -> Proof:
        """Return the optimum of all networks together, or a Proof without rows if it cannot be proven.

        Never raises: a step that fails, or an allowance that is used up, only means that nothing is claimed.
        """
        try:
            self._tier_by_tier()
            rows, total = self._rows()
        except _Unproven:
            rows, total = {}, NO_COST
        return Proof(rows, total, self.steps)

    def _spend(self, steps: int) -> None:
        self.steps += steps
        self.spent(steps)
        _require(self.steps <= self.allowance)

    def _tier_by_tier(self) -> None:
        """Make the choice the best there is."""
        self._meet()
        all_days = [list(c.days) for c in self.chains]
        self._stages(BEFORE_TURNS)
        days = [list(c.days) for c in self.chains]
        self.least_turns = [self._turns_alone(n, d) for n, d in enumerate(days)]
        for n, (least, known) in enumerate(zip(self.least_turns, all_days, strict=True)):
            # dearer days might make cheaper turns
            before = least[: Tier.UNFAIRNESS]
            _require(not any(before) or self._turns_alone(n, known)[: Tier.UNFAIRNESS] == before)
        self._stages(AFTER_TURNS)
        while wrong := {n for n, c in enumerate(self.chosen) if n not in self.whole and any(self._excess(n, c))}:
            self._price_whole(wrong)
            # Days were left out on the ground of turns at their least: take them back.
            for chains, known in zip(self.chains, days, strict=True):
                chains.days = list(known)
            for tier in AFTER_TURNS:
                del self.settled[tier]
            self._stages(AFTER_TURNS)

    def _stages(self, tiers: tuple[Tier, ...]) -> None:
        for tier in tiers:
            self._stage(tier)

    def _rows(self) -> tuple[dict[str, Rows], Objective]:
        outcomes = [self._with_turns(n, chain) for n, chain in enumerate(self.chosen)]
        rows = {network.id: outcome.rows or () for network, outcome in zip(self.networks, outcomes, strict=True)}
        return rows, sum_of(outcome.value for outcome in outcomes)

    # ------------------------------------------------------------ dates
    def _meet(self) -> None:
        """Fill the pool with chains that are good in all tiers at once."""
        stage = self._generate(BLEND)
        slack, listed = SCALE, list(self.pool)
        while len(listed) < CHAIN_POOL and slack <= SCALE << 30:
            self._keep(listed)
            slack *= 2
            listed = self._within(stage, slack, CHAIN_POOL)
        self._choose(BLEND, list(self.pool))

    def _stage(self, tier: Tier) -> None:
        """Settle one tier and leave out the days that cannot be part of an optimum."""
        self.pool = {(n, c): v for (n, c), v in self.pool.items() if self.chains[n].has(c)}
        weights = {tier: 1}
        if not self._total(weights):
            self.settled[tier] = 0
            for chains in self.chains:
                chains.leave_out(chains.price(weights, {}), 0)
            return
        stage = self._generate(weights)
        if self._total(weights) > stage.bound:
            self._choose(weights, list(self.pool))
        if self._total(weights) > stage.bound:
            # A chain dearer than its network's cheapest by more than what is missing can be part of nothing better:
            # listing the others lists every better choice (fixing by reduced costs).
            listed = self._within(stage, (self._total(weights) - 1) * SCALE - stage.exact, MOST_CHAINS)
            _require(len(listed) < MOST_CHAINS)
            self._keep(listed)
            _require(self._choose(weights, [x for x in listed if x in self.pool]))
        total = self.settled[tier] = self._total(weights)
        _require(total < UNKNOWN)
        for chains, priced, least in zip(self.chains, stage.priced, stage.least, strict=True):
            chains.leave_out(priced, least + total * SCALE - stage.exact)

    def _total(self, weights: Weights) -> int:
        """Return what the choice costs; very much where it is none any more."""
        values = [self.pool.get(x) for x in enumerate(self.chosen)]
        return sum(UNKNOWN if v is None else sum(w * v[t] for t, w in weights.items()) for v in values)

    def _keep(self, listed: list[tuple[int, Chain]]) -> None:
        for n, chain in listed:
            if (n, chain) not in self.pool:
                value = self._value(n, chain)
                if value:
                    self.pool[n, chain] = value

    def _value(self, n: int, chain: Chain) -> WholeTiers | None:
        """Return the tiers of a chain beside the least turns; None if its turns cost more than that before the
        preferences."""
        value = self.chains[n].value(chain)
        if n not in self.whole:
            return value
        excess = self._excess(n, chain)
        if any(excess[: Tier.PREFERENCE]):
            return None
        return tuple(v + int(e * u) for v, e, u in zip(value, excess, self.units, strict=True))

    def _column(self, weights: Weights, n: int, chain: Chain) -> Column:
        value = self.pool[n, chain]
        cost = sum(w * value[tier] for tier, w in weights.items())
        limits: dict[Limit, int] = {t: value[t] for t in self.settled if value[t]}
        limits.update(self.chains[n].uses(chain).items())
        return Column(n, cost, limits)

    def _generate(self, weights: Weights) -> Stage:
        """Add chains until none would help; return the best bound met on the way."""
        programme = LinearProgramme(len(self.networks), self._capacity())
        self._spend(PER_COLUMN * len(self.pool))
        for n, chain in self.pool:
            programme.add(self._column(weights, n, chain))
        best: Stage | None = None
        while True:
            prices = programme.solve(SCALE)
            self._spend(PER_COLUMN * len(self.networks) + len(self.pool) + sum(self.sizes))
            stage, cheapest = self._priced(weights, prices)
            best = stage if best is None or stage.exact > best.exact else best
            # No network has a cheaper chain than those the programme knows: it is solved.
            fresh = [x for x in enumerate(cheapest) if x not in self.pool]
            self._keep(fresh)
            fresh = [x for x in fresh if x in self.pool]
            if not fresh:
                return best
            for n, chain in fresh:
                programme.add(self._column(weights, n, chain))

    def _room(self, limit: Limit) -> int:
        return self.settled[limit] if isinstance(limit, Tier) else self.room_for[limit]

    def _capacity(self) -> dict[Limit, int]:
        out: dict[Limit, int] = dict(self.room_for.items())
        out.update(self.settled.items())
        return out

    def _priced(self, weights: Weights, prices: dict[Limit, int]) -> tuple[Stage, list[Chain]]:
        all_weights = {t: p for t, p in prices.items() if isinstance(t, Tier)}
        all_weights |= {t: w * SCALE for t, w in weights.items()}
        of_days = {b: p for b, p in prices.items() if not isinstance(b, Tier)}
        priced = [c.price(all_weights, of_days) for c in self.chains]
        cheapest = [c.cheapest(p) for c, p in zip(self.chains, priced, strict=True)]
        least = [p.least for p in priced]
        for n in self.whole:
            least[n], cheapest[n] = self._cheapest_whole(n, all_weights, priced[n], cheapest[n])
        # Lagrange: whatever the prices, no choice costs less than the cheapest chains at these prices, less what all
        # room is worth. In integers, so that a float of the programme can weaken the bound and never falsify it.
        exact = sum(least) - sum(self._room(limit) * p for limit, p in prices.items())
        return Stage(-(-exact // SCALE), exact, priced, least), cheapest

    def _within(self, stage: Stage, slack: int, most: int) -> list[tuple[int, Chain]]:
        """Return all chains that are dearer than the cheapest of their network by no more than this."""
        out: list[tuple[int, Chain]] = []
        for n, (chains, priced, least) in enumerate(zip(self.chains, stage.priced, stage.least, strict=True)):
            out += [(n, c) for c in chains.within(priced, least + slack, most - len(out))]
        return out

    def _choose(self, weights: Weights, listed: list[tuple[int, Chain]]) -> bool:
        """Take the cheapest choice if it is better than the one there is; return whether nothing can be better."""
        self._spend(2 * PER_COLUMN * len(listed))
        columns = [self._column(weights, n, chain) for n, chain in listed]
        found, sure = choose(columns, len(self.networks), self._capacity())
        if found is not None and sum(columns[i].cost for i in found) < self._total(weights):
            for i in found:
                self.chosen[listed[i][0]] = listed[i][1]
        return sure

    # ------------------------------------------------------------ turns
    def _turns_alone(self, n: int, days: list[list[int]]) -> Objective:
        """Return the least that turns cost on any of these days, whatever the days themselves cost."""
        gaps = [replace(g, target=None) for g in self.chains[n].gaps]
        asked = GivenCosts(lambda scale: scale, [dict.fromkeys(d, 0) for d in days], gaps)
        outcome = plan_days(self.year, self.networks[n], days, STEPS, asked)
        self._spend(outcome.steps)
        return outcome.bound or NO_COST

    def _with_turns(self, n: int, chain: Chain) -> Outcome:
        outcome = plan_days(self.year, self.networks[n], [[d] for d in chain], STEPS)
        self._spend(outcome.steps)
        return outcome

    def _excess(self, n: int, chain: Chain) -> Objective:
        """Return what the turns on these days cost above the least; it depends on who is away when, no more."""
        key = n, tuple(self._mark(n, d) for d in chain)
        if key not in self.excess:
            outcome = self._with_turns(n, chain)
            _require(outcome.proven)
            if outcome.rows is None:
                self.excess[key] = (Fraction(UNKNOWN),) * len(Tier)
            else:
                dates = self.chains[n].value(chain)
                parts = zip(outcome.value, dates, self.units, self.least_turns[n], strict=True)
                self.excess[key] = tuple(v - Fraction(d, u) - least for v, d, u, least in parts)
        return self.excess[key]

    def _mark(self, n: int, day: int) -> tuple[str, ...]:
        """Return whom the day keeps from a duty, or would rather."""
        if (n, day) not in self.marks:
            network, year = self.networks[n], self.year
            away = [o for o, days in year.away.items() if day in days]
            rooms = [f"room {m.org}" for m in network.members if day in year.of(m.host_unavailable)]
            rather_not = [f"avoid {m.org}" for m in network.members if day in year.of(m.host_avoid)]
            names = {m.org for m in network.members} | set(strangers(network))
            self.marks[n, day] = (*(o for o in away if o in names), *rooms, *rather_not)
        return self.marks[n, day]

    def _price_whole(self, networks: set[int]) -> None:
        self.whole |= networks
        chains = [(n, c) for n, c in self.pool if n in networks]
        for x in chains:
            del self.pool[x]
        self._keep(chains)

    def _cheapest_whole(self, n: int, weights: Weights, priced: Priced, chain: Chain) -> tuple[int, Chain]:
        """Return the least cost of dates and turns together, where the turns cost their least before the
        preferences."""
        weight, days = weights.get(Tier.PREFERENCE, 0) * self.units[Tier.PREFERENCE], self.chains[n].days
        costs = [dict(zip(d, c, strict=True)) for d, c in zip(days, priced.costs, strict=True)]

        def merged(usual: Scale) -> Scale:
            # Preference and spacing at the prices of this stage, as one number in place of the last two tiers.
            return Scale((*usual.bits[: Tier.PREFERENCE], MERGED, 0), (*usual.units[: Tier.PREFERENCE], weight, 1))

        one = OneNetwork(self.year, self.networks[n], days, GivenCosts(merged, costs, priced.gaps))
        one.solve(STEPS)
        self._spend(one.steps)
        turns = self.least_turns[n]
        cost = one.bound() - sum(one.scale.amount(tier, turns[tier]) for tier in Tier if tier != Tier.SPACING)
        _require(0 <= cost < 1 << (MERGED - 1))
        return max(priced.least, cost), one.best.days if one.best else chain
