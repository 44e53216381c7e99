"""Many networks: one after another, each keeping off the days taken, and then again in better orders."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from heapq import heappop, heappush

from scheduling.joint.column_generation import Columns
from scheduling.joint.highs import available
from scheduling.model.network import Network, Rows
from scheduling.model.tiers import Objective, sum_of
from scheduling.model.year import Excluded, Taken, Year
from scheduling.search.feasible import first_clash
from scheduling.search.one_network import Outcome, plan_network

Tell = Callable[[str, int, int], None]  # step, how much of it is done, of how much
LEAST = 20_000


@dataclass(frozen=True, slots=True)
class JointOutcome:
    """`rows` None: no order of planning gave every network a plan. No plan of all is below `bound`; `bound` None: one
    has no plan even alone."""

    rows: dict[str, Rows] | None
    value: Objective
    bound: Objective | None
    method: str = "networks one after another"


def untold(_step: str, _done: int, _total: int) -> None:
    """Tell nobody how far it is."""


class _Programme:
    def __init__(self, year: Year, allowance: int, tell: Tell = untold) -> None:
        self.year, self.left, self.allowance, self.tell = year, allowance, allowance, tell
        self.networks = {n.id: n for n in year.instance.networks}
        self.alone: dict[str, Outcome] = {}

    def _solve(self, network: Network, taken: Taken, allowance: int) -> Outcome:
        outcome = plan_network(self.year, network, taken, max(LEAST, min(allowance, self.left)))
        self.spend(outcome.steps)
        return outcome

    def spend(self, steps: int) -> None:
        self.left -= steps
        if len(self.alone) == len(self.networks):
            self.tell("together", self.allowance - self.left, self.allowance)

    def solve_alone(self) -> bool:
        """Every network as if it had the manager for itself: the bound. Whether each has a plan."""
        # Half of the budget at most, so that something is left for what binds them.
        share = self.left // (2 * len(self.networks) + 1)
        for network in self.networks.values():
            self.tell("alone", len(self.alone), len(self.networks))
            self.alone[network.id] = self._solve(network, self.year.standing(), share)
        return all(o.rows is not None for o in self.alone.values())

    def bound(self) -> Objective | None:
        return _bound_of(self.alone.values())

    def fits(self, name: str, rows: Rows, taken: Taken) -> bool:
        """Whether rows made without the others keep off the days taken."""
        network = self.networks[name]
        meetings = {m.id: m for m in network.meetings}
        for row in rows:
            meeting = meetings[row.meeting]
            if not meeting.locked.date and not self.year.open(network, meeting, [row.date.toordinal()], taken):
                return False
        return True

    def in_order(self, order: list[str]) -> tuple[dict[str, Outcome], str | None]:
        """Outcomes in this order, and the first network that found no place."""
        taken = self.year.standing()
        out: dict[str, Outcome] = {}
        for name in order:
            outcome = self.alone[name]
            if outcome.rows is None or not self.fits(name, outcome.rows, taken):
                outcome = self._solve(self.networks[name], taken, self.left // len(order))
            if outcome.rows is None:
                return out, name
            out[name] = outcome
            self.year.take_rows(taken, self.networks[name], outcome.rows)
        return out, None

    def again(self, outcomes: dict[str, Outcome], with_another: bool = False) -> bool:
        """Plans each network that lost something once more, alone or with another one, the rest standing.

        Whether the whole gained.
        """
        gained = False
        for name in list(outcomes):
            for other in [n for n in outcomes if n != name] if with_another else [None]:
                if self.left > 0 and outcomes[name].value > self.alone[name].value:
                    gained = self._replan(outcomes, name, other) or gained
        return gained

    def _replan(self, outcomes: dict[str, Outcome], name: str, other: str | None) -> bool:
        taken = self.year.standing()
        for n, standing in outcomes.items():
            if n not in (name, other):
                self.year.take_rows(taken, self.networks[n], standing.rows or ())
        new: dict[str, Outcome] = {}
        for again in [name] if other is None else [name, other]:
            new[again] = self._solve(self.networks[again], taken, self.left // len(outcomes))
            self.year.take_rows(taken, self.networks[again], new[again].rows or ())
        if any(o.rows is None for o in new.values()) or total_value(new) >= total_value({n: outcomes[n] for n in new}):
            return False
        outcomes.update(new)
        return True


class _Branches:
    """The proven optimum of few networks: each at its best alone; where two clash on a day, one of them must leave it.

    Conflict-based search (Sharon, Stern, Felner, Sturtevant 2015): the branch with the least sum of bounds comes
    first, so the first one without a clash is the best of all, and until then its sum bounds the optimum.
    """

    def __init__(self, programme: _Programme, allowance: int) -> None:
        self.programme, self.stop = programme, programme.left - allowance
        self.taken = programme.year.standing()
        self.effort = sum(len(n.meetings) * (len(n.members) + 4) for n in programme.networks.values())
        self.known: dict[tuple[str, Excluded], Outcome] = {}
        self.seen: set[Excluded] = set()
        self.heap: list[tuple[Objective, int, Excluded]] = []
        self.found: dict[str, Outcome] | None = None

    def search(self, bound: Objective) -> Objective:
        """A bound; equal to the sum of `found` if that is the optimum. Raises no bound without proof."""
        self._push(frozenset())
        while self.heap and self.programme.left > self.stop:
            bound, _, excluded = heappop(self.heap)
            self.programme.spend(self.effort)
            outcomes = self._outcomes(excluded)
            clash = first_clash(self.programme.year, self.taken, {n: o.rows or () for n, o in outcomes.items()})
            if not clash:
                self.found = outcomes if all(o.rows is not None and o.proven for o in outcomes.values()) else None
                return bound
            for place in clash:
                self._push(excluded | {place})
        return self.heap[0][0] if self.heap else bound

    def _push(self, excluded: Excluded) -> None:
        if excluded in self.seen:
            return
        self.seen.add(excluded)
        bound = _bound_of(self._outcomes(excluded).values())
        if bound is not None:
            # Of equal bounds the latest: it has more clashes behind it.
            heappush(self.heap, (bound, -len(self.seen), excluded))

    def _outcomes(self, excluded: Excluded) -> dict[str, Outcome]:
        return {n: self._outcome(n, frozenset(x for x in excluded if x[0] == n)) for n in self.programme.networks}

    def _outcome(self, name: str, excluded: Excluded) -> Outcome:
        if not excluded:
            return self.programme.alone[name]
        if (name, excluded) not in self.known:
            year, network = self.programme.year, self.programme.networks[name]
            outcome = plan_network(year, network, self.taken, LEAST, excluded)
            self.programme.spend(outcome.steps)
            self.known[name, excluded] = outcome
        return self.known[name, excluded]


def plan_together(
    year: Year, allowance: int, joint: bool, extra: bool | None = None, tell: Tell = untold
) -> JointOutcome:
    """Return a plan of all networks and a bound, in an allowance of steps.

    `joint` spends the allowance on a proof and on better orders; without it the first order that works is kept.
    `extra`: whether to use the optional extra, by default wherever it is installed.
    """
    programme = _Programme(year, allowance, tell)
    programme.solve_alone()
    bound = programme.bound()
    if bound is None:
        return JointOutcome(None, (), None)
    first = _in_good_order(programme, bound, False)
    if not joint or (first and total_value(first) == bound):
        return _outcome_of(programme, first, bound)
    room = programme.left > LEAST * len(programme.networks)  # less proves nothing
    if first and room and (available() if extra is None else extra):
        proof = Columns(year, _rows(first), programme.left, programme.spend).solve()
        if proof.rows:
            return JointOutcome(proof.rows, proof.bound, proof.bound, "columns of dates, tier by tier")
    branches = _Branches(programme, programme.left // (1 + len(programme.networks) // 2))
    bound = branches.search(bound)
    if branches.found:
        return _outcome_of(programme, branches.found, bound)
    again = _in_good_order(programme, bound, True) if not first or programme.left > 0 else None
    better = [x for x in (first, again) if x]
    return _outcome_of(programme, min(better, key=total_value, default=None), bound)


def _bound_of(outcomes: Iterable[Outcome]) -> Objective | None:
    """Return the sum of the bounds; None if one network has no plan."""
    bounds = [outcome.bound for outcome in outcomes]
    known = [bound for bound in bounds if bound is not None]
    return sum_of(known) if len(known) == len(bounds) else None


def _outcome_of(programme: _Programme, outcomes: dict[str, Outcome] | None, bound: Objective) -> JointOutcome:
    if outcomes is None:
        return JointOutcome(None, (), bound)
    return JointOutcome(_rows({n: outcomes[n] for n in programme.networks}), total_value(outcomes), bound)


def _in_good_order(programme: _Programme, bound: Objective, patient: bool) -> dict[str, Outcome] | None:
    """Return the networks one after another, whoever found no place or lost something first; `patient`: order after
    order."""
    order, best = list(programme.networks), None
    tried: set[tuple[str, ...]] = set()
    while tuple(order) not in tried and len(tried) <= 2 * len(order):
        tried.add(tuple(order))
        outcomes, squeezed = programme.in_order(order)
        if squeezed is not None:
            order = [squeezed, *(n for n in order if n != squeezed)]
            continue
        while programme.again(outcomes) or (patient and programme.again(outcomes, with_another=True)):
            pass
        best = outcomes if best is None else min(best, outcomes, key=total_value)
        if not patient or programme.left <= 0 or total_value(best) == bound:
            break
        losers = [n for n in order if outcomes[n].value > programme.alone[n].value]
        order = [*losers, *(n for n in order if n not in losers)]
    return best


def _rows(outcomes: dict[str, Outcome]) -> dict[str, Rows]:
    return {n: o.rows or () for n, o in outcomes.items()}


def total_value(outcomes: dict[str, Outcome]) -> Objective:
    """Return the sum of the tiers of all outcomes."""
    return sum_of(outcome.value for outcome in outcomes.values())
