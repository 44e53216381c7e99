"""One network on the days that are not taken: all choices of formats, wider and wider searches, and what they prove."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import product

from scheduling.model.network import ANY, IN_PERSON, ONLINE, Network, PlannedMeeting, Rows
from scheduling.model.tiers import Objective
from scheduling.model.year import Excluded, Taken, Year
from scheduling.search.beam import Found, Search
from scheduling.search.dates import Gap, Scale, day_costs
from scheduling.search.roster import Roster, make_scale
from scheduling.search.turn_bound import DutyYear

WIDTHS = (1, 16, 128, 1024, 8192, 16384)  # the widest needs about 60 MB
PRICED = 1024  # the width from which on turns have prices
MOST_FORMATS = 2048
ENOUGH = 10**12  # the narrowest search may always go on to a first plan


@dataclass(frozen=True, slots=True)
class Outcome:
    """Rows and their tiers if there are any, the tiers below which there is no plan (none: there is no plan at all),
    and the steps used."""

    rows: Rows | None
    value: Objective
    bound: Objective | None
    steps: int

    @property
    def proven(self) -> bool:
        """Return whether nothing better can exist."""
        return self.bound is None or (self.rows is not None and self.bound == self.value)


@dataclass(frozen=True, slots=True)
class GivenCosts:
    """Other costs than those of the objective: a scale made of the usual one, and packed costs of days and gaps."""

    scale: Callable[[Scale], Scale]
    costs: list[dict[int, int]]
    gaps: list[Gap]


class OneNetwork:
    """The planning of one network on the days given."""

    def __init__(self, year: Year, network: Network, days: list[list[int]], asked: GivenCosts | None = None) -> None:
        self.year, self.network, self.asked = year, network, asked
        self.scale, unit = make_scale(network, days)
        if asked:
            self.scale = asked.scale(self.scale)
        self.roster = Roster(year, network, days, self.scale, unit)
        self.limit = self.scale.infinite
        self.best: Found | None = None
        self.best_formats: tuple[bool, ...] = ()
        self.steps = 0
        self.unseen = self.scale.infinite
        self.searches = self._searches(list(self._formats()))

    def _formats(self) -> Iterator[tuple[bool, ...]]:
        options = [self.roster.formats(t) for t in range(len(self.network.meetings))]
        low, high = self.network.in_person or (0, len(options))
        # H12 is waived where every format is given.
        if all(m.locked.format or m.format != ANY for m in self.network.meetings):
            low, high = 0, len(options)
        free = 1
        for some in options:
            free *= len(some)
        if free > MOST_FORMATS:
            yield from self._some_formats(options, low, high)
            return
        for formats in product(*options):
            if low <= formats.count(IN_PERSON) <= high:
                yield tuple(f == IN_PERSON for f in formats)

    def _some_formats(self, options: list[list[str]], low: int, high: int) -> Iterator[tuple[bool, ...]]:
        """Yield, where all are too many to try, the cheapest for each number of meetings in person. What is not
        tried lowers the bound."""
        extra = []
        self.unseen = 0
        for t, some in enumerate(options):
            costs = {f: self.roster.format_cost(t, f) for f in some}
            self.unseen += min(costs.values())
            extra.append((costs[IN_PERSON] - costs[ONLINE] if len(some) == 2 else 0, t))
        fixed = sum(some == [IN_PERSON] for some in options)
        free = [t for _, t in sorted(extra) if len(options[t]) == 2]
        for count in range(max(low, fixed), min(high, fixed + len(free)) + 1):
            here = set(free[: count - fixed])
            yield tuple(t in here or some == [IN_PERSON] for t, some in enumerate(options))

    def _searches(self, formats: list[tuple[bool, ...]]) -> list[Search]:
        roster = self.roster
        preparing: tuple[DutyYear, int] = roster.preparing()
        gaps, costs = self._dates()
        searches = [Search(roster, f, preparing, gaps, costs) for f in formats]
        self.steps += 200 * len(searches)
        return sorted((s for s in searches if s.bound < self.limit), key=lambda s: s.bound)

    def _dates(self) -> tuple[list[Gap], list[list[int]]]:
        """Return what lies between the meetings, and the packed costs of their days."""
        network, days = self.network, self.roster.days
        if self.asked:
            return self.asked.gaps, [[cost[d] for d in ds] for cost, ds in zip(self.asked.costs, days, strict=True)]
        costs = [day_costs(self.year, network, m, d, self.scale) for m, d in zip(network.meetings, days, strict=True)]
        return gaps_of(network), costs

    def bound(self) -> int:
        """Return the packed cost below which there is no plan."""
        open_bounds = [s.bound for s in self.searches]
        # What was never looked at, teams or formats, may be as good as the bound of the root says, and no better.
        complete = self.roster.complete and self.unseen == self.scale.infinite
        floor = (
            self.scale.infinite
            if complete
            else min([self.root, *([self.unseen] if self.unseen < self.scale.infinite else [])])
        )
        return min([self.limit, floor, *open_bounds])

    def solve(self, allowance: int, widths: tuple[int, ...] = WIDTHS) -> None:
        """Search wider and wider until nothing is left out, or the allowance of steps is used up."""
        self.root = min((s.bound for s in self.searches), default=self.scale.infinite)
        for width in widths:
            if width == PRICED:
                self._price(allowance)
            for search in self.searches:
                # The narrowest search runs whatever the budget: some plan is better than none.
                if search.bound < self.limit and (self.steps < allowance or not (self.best or width > WIDTHS[0])):
                    self._run(search, width, allowance)
            self.searches = [s for s in self.searches if s.bound < self.limit]
            # Two widths without any plan: whether there is one is quicker asked in `feasible`.
            if not self.searches or self.steps >= allowance or (not self.best and width >= WIDTHS[1]):
                return
            self._narrow()

    def _run(self, search: Search, width: int, allowance: int) -> None:
        before = search.steps
        found = search.run(width, self.limit, allowance - self.steps if self.best or width > WIDTHS[0] else ENOUGH)
        self.steps += search.steps - before
        if found and found.value < self.limit:
            self.limit, self.best, self.best_formats = found.value, found, search.in_person

    def _price(self, allowance: int) -> None:
        """Look for better bounds, worth their steps only where the narrow searches did not suffice."""
        for search in self.searches:
            before = search.steps
            search.price(self.limit, allowance - self.steps)
            self.steps += search.steps - before
        self.searches = [s for s in self.searches if s.bound < self.limit]

    def _narrow(self) -> None:
        """Leave out the days that no better plan can use; fewer days make better bounds."""
        keep: list[set[int]] = [set() for _ in self.roster.days]
        for search in self.searches:
            for t, useful in enumerate(search.useful_days(self.limit)):
                keep[t].update(useful)
        days = [[d for i, d in enumerate(ds) if i in keep[t]] for t, ds in enumerate(self.roster.days)]
        if days == self.roster.days:
            return
        self.roster = Roster(self.year, self.network, days, self.scale, self.roster.unit)
        known = {s.in_person: s for s in self.searches}
        self.searches = self._searches([s.in_person for s in self.searches])
        for search in self.searches:
            # Proven before, and still true of fewer days.
            search.bound = max(search.bound, known[search.in_person].bound)
            search.prices = known[search.in_person].prices

    def rows(self) -> Rows | None:
        """Return the rows of the best plan met, if any."""
        if self.best is None:
            return None
        ids, out = self.roster.ids, []
        for meeting, here, day, (host, team) in zip(
            self.network.meetings, self.best_formats, self.best.days, self.best.turns, strict=True
        ):
            name = None if host is None else ids[host]
            # What is locked stays in the order in which it was written.
            team_names = meeting.locked.preparers if "preparers" in meeting.locked else tuple(ids[o] for o in team)
            out.append(
                PlannedMeeting(meeting.id, date.fromordinal(day), IN_PERSON if here else ONLINE, name, team_names)
            )
        return tuple(out)


def gaps_of(network: Network) -> list[Gap]:
    """Return what must and should lie before each meeting."""
    locked = [True, *("date" in m.locked for m in network.meetings)]
    return [
        Gap(None if locked[t] and locked[t + 1] else network.min_gap, network.target_gap)
        for t in range(len(network.meetings))
    ]


def plan_network(
    year: Year, network: Network, taken: Taken, allowance: int, excluded: Excluded = frozenset()
) -> Outcome:
    """Return the outcome for one network on the days not taken and not excluded, in an allowance of steps."""
    return plan_days(year, network, year.days(network, taken, excluded), allowance)


def plan_days(
    year: Year, network: Network, days: list[list[int]], allowance: int, asked: GivenCosts | None = None
) -> Outcome:
    """Return the outcome for one network on these candidate days (ordinals) of each meeting."""
    one = OneNetwork(year, network, days, asked)
    one.solve(allowance)
    value, bound = one.scale.tiers(one.limit) if one.best else (), one.bound()
    if bound == one.limit and one.best:
        return Outcome(one.rows(), value, value, one.steps)
    return Outcome(one.rows(), value, one.scale.tiers(bound) if bound < one.scale.infinite else None, one.steps)
