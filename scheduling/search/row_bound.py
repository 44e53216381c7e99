"""What the turns of a year cost at least, duties in a row included: a bound by prices.

The ledger's cost f of n turns is convex, and for any price g of a turn f(n) >= g n - max over m of (g m - f(m)). At
given prices the cheapest sequence of duties is found meeting by meeting, and bounds all plans whatever the prices are
(Lagrange). Whoever serves oftener in it than would pay becomes dearer, whoever serves less cheaper, and again. All are
whole numbers: prices can be poor, never wrong.
"""

from operator import add
from typing import NamedTuple

from scheduling.search.turn_bound import DutyYear

MOST_OPTIONS, MOST_STEPS = 2000, 600_000
PACE, PATIENCE = 8, 4  # steps begin at the full length, and are halved after so many in vain
State = tuple[int, int, int]  # last host, last team and last duty as bits
Option = tuple[int, int]  # host and team as bits
Offer = tuple[int, int, int, State]  # cost with the least rest, host, team, state after it
Choice = tuple[int, int, State]


class Course(NamedTuple):
    """Whom the duties may fall to, meeting by meeting."""

    start: State
    options: list[list[Option]]
    hosts_apart: list[bool]
    teams_apart: list[bool]
    later_hosts: list[bool]
    row: int  # the price of an organisation with a duty at two neighbouring meetings
    unit: int  # all costs in the ledger are multiples of it
    infinite: int

    def follow(self, t: int, last_host: int, option: Option) -> State:
        """Return what stands before the next meeting after this option."""
        host, team = option
        # After the last meeting in person nobody need remember the host: fewer states.
        return (host or last_host) if self.later_hosts[t] else 0, team, host | team

    def states(self) -> list[list[State]]:
        """Return all that may stand before each meeting and after the last."""
        out = [[self.start]]
        for t, options in enumerate(self.options):
            hosts = {s[0] for s in out[-1]} if self.later_hosts[t] else {0}
            out.append(sorted({self.follow(t, host, option) for host in hosts for option in options}))
        return out


class DutyPrices:
    """TurnPrices of one kind of duty, and what they say of the costs in the ledger."""

    def __init__(self, duty: DutyYear) -> None:
        self.duty, self.most = duty, duty.caps or [sum(duty.seats)] * duty.members
        self.prices = self._fair()

    def _fair(self) -> list[int]:
        """Return prices at which nobody pays for another turn or for one less in the cheapest way to fill all
        meetings, and nobody gives a turn to somebody cheaper: between the lowest and the highest such prices."""
        duty, turns = self.duty, dict(self.duty.shares)
        high = [self._more(o, turns.get(o, 0)) for o in range(duty.members)]
        low = [self._more(o, turns.get(o, 0) - 1) for o in range(duty.members)]
        top = list(high)
        for o, n in turns.items():
            if o < duty.members and n == duty.most(o):
                high[o] = max(top)
        rivals = [(a, b) for a, b in sorted(duty.rivals()) if max(a, b) < duty.members]
        for _ in range(duty.members):
            for one, other in rivals:
                low[other] = max(low[other], low[one])
                high[one] = min(high[one], high[other])
        return [min((a + b) // 2, c) for a, b, c in zip(low, high, top, strict=True)]

    def _more(self, o: int, turns: int) -> int:
        """Return what one turn more costs after so many."""
        return self.duty.first[o] + turns * self.duty.rises[o]

    def loss(self, o: int, turns: int) -> int:
        """Return by how much so many turns cost more than they bring at the price."""
        return turns * (self.duty.first[o] - self.prices[o]) + turns * (turns - 1) // 2 * self.duty.rises[o]

    def worth(self, o: int, near: int) -> int:
        """Return how many turns pay best at the price, of equals the nearest to `near`."""
        # Turn n + 1 pays while first + n x rise is at most the price.
        many, rest = divmod(self.prices[o] - self.duty.first[o], self.duty.rises[o])
        return max(0, min(max(near, many + bool(rest)), many + 1, self.most[o]))

    def off(self, turns: list[int]) -> list[int]:
        """Return how many turns more than would pay each organisation takes."""
        return [n - self.worth(o, n) for o, n in enumerate(turns)]

    def price(self, who: int) -> int:
        """Return the price of a turn for everybody in these bits; strangers have no ledger."""
        return sum(price for o, price in enumerate(self.prices) if who >> o & 1)

    def least(self) -> int:
        """Return the least that all turns cost more than their prices."""
        return sum(self.loss(o, self.worth(o, 0)) for o in range(self.duty.members))

    def still(self, key: int) -> int:
        """Return the least that the turns to come cost more than their prices, after those in the key."""
        taken = (key >> o * self.duty.bits & self.duty.full for o in range(self.duty.members))
        return self.least() - sum(map(self.loss, range(self.duty.members), taken))


class TurnPrices:
    """`least` never exceeds the cost of all turns of a plan; `rest` that of the turns after a meeting."""

    def __init__(self, course: Course, hosting: DutyYear, preparing: DutyYear) -> None:
        self.course, self.ledgers = course, (DutyPrices(hosting), DutyPrices(preparing))
        self.states = course.states()
        self.after: list[dict[State, int]] = []
        self.least, self.steps = -course.infinite, 0
        self.most = sum(max((h | t).bit_count() for h, t in options) for options in course.options)
        self._still: list[dict[int, int]] = [{}, {}]

    def improve(self, target: int, allowance: int) -> None:
        """Look for prices that raise `least` to the target, in an allowance of steps.

        Subgradient steps of the length that Polyak gave them (Minimization of unsmooth functionals, 1969), halved when
        they help no more.
        """
        pace, idle, best = PACE, 0, -self.course.infinite
        kept = [ledger.prices for ledger in self.ledgers]
        while pace and self.least < target and self.steps < allowance:
            after, choices = self._backwards()
            least = after[0][self.course.start] + sum(ledger.least() for ledger in self.ledgers)
            idle += 1
            if least > best:
                # The first prices know nothing of duties in a row: in the search any others are of more use.
                best = least if self.after else best
                self.after, kept, idle = after, [ledger.prices for ledger in self.ledgers], 0
            elif idle == PATIENCE:
                pace, idle = pace // 2, 0
            # Prices only ever bound from below, so the best bound met counts, and its prices need not be the last.
            self.least = max(self.least, self._rounded(least))
            if not self._move(self._turns(choices), (target - least) * pace):
                break
        for ledger, prices in zip(self.ledgers, kept, strict=True):
            ledger.prices = prices

    def _move(self, served: tuple[list[int], list[int]], length: int) -> bool:
        """Make dearer whoever serves oftener than pays, cheaper whoever serves less; return whether anybody does."""
        off = [ledger.off(turns) for ledger, turns in zip(self.ledgers, served, strict=True)]
        norm = PACE * sum(x * x for row in off for x in row)
        for ledger, row in zip(self.ledgers, off, strict=True):
            # Rounded to whole prices: a little off the direction, and as valid.
            moved = [length * x // norm if x else 0 for x in row]
            ledger.prices = list(map(add, ledger.prices, moved))
        return norm > 0

    def rest(self, t: int, hosted: int, prepared: int, state: State) -> int:
        """Return the least packed cost of the turns after meeting t."""
        value = self.after[t + 1][state]
        for known, ledger, key in zip(self._still, self.ledgers, (hosted, prepared), strict=True):
            if key not in known:
                known[key] = ledger.still(key)
            value += known[key]
        return self._rounded(value)

    def _rounded(self, value: int) -> int:
        return least_sum(value, self.course.unit, self.course.row, self.most)

    def _turns(self, choices: list[dict[State, Choice]]) -> tuple[list[int], list[int]]:
        """Return how often each organisation hosts and prepares in the cheapest course."""
        members, state = self.ledgers[0].duty.members, self.course.start
        hosting, preparing = [0] * members, [0] * members
        for choice in choices:
            host, team, state = choice[state]
            for o in range(members):
                hosting[o] += host >> o & 1
                preparing[o] += team >> o & 1
        return hosting, preparing

    def _backwards(self) -> tuple[list[dict[State, int]], list[dict[State, Choice]]]:
        """Return for what may stand before each meeting the least cost from there at these prices, and the choice to
        make."""
        after = [dict.fromkeys(self.states[-1], 0)]
        choices: list[dict[State, Choice]] = []
        for t in range(len(self.course.options) - 1, -1, -1):
            known: dict[int, list[Offer]] = {}
            here: dict[State, int] = {}
            chosen: dict[State, Choice] = {}
            for state in self.states[t]:
                # Only the last host changes what an option leads to; team and duty just forbid or add.
                if state[0] not in known:
                    known[state[0]] = self._offers(t, state[0], after[-1])
                here[state], chosen[state] = self._cheapest(t, state, known[state[0]])
            after.append(here)
            choices.append(chosen)
        return after[::-1], choices[::-1]

    def _offers(self, t: int, last_host: int, after: dict[State, int]) -> list[Offer]:
        hosting, preparing = self.ledgers
        hosts = {host: hosting.price(host) for host, _ in self.course.options[t]}
        teams = {team: preparing.price(team) for _, team in self.course.options[t]}
        offers = []
        for option in self.course.options[t]:
            state = self.course.follow(t, last_host, option)
            offers.append((hosts[option[0]] + teams[option[1]] + after[state], *option, state))
        self.steps += len(offers)
        return sorted(offers)

    def _cheapest(self, t: int, state: State, offers: list[Offer]) -> tuple[int, Choice]:
        course = self.course
        last_host, last_team, last_duty = state
        no_host, no_team = last_host if course.hosts_apart[t] else 0, last_team if course.teams_apart[t] else 0
        best, choice = course.infinite, (0, 0, offers[0][3])
        for value, host, team, new in offers:
            self.steps += 1
            # Offers are in order, and a duty in a row only makes dearer.
            if value >= best:
                break
            cost = value + course.row * (new[2] & last_duty).bit_count()
            if cost < best and not host & no_host and not team & no_team:
                best, choice = cost, (host, team, new)
        return best, choice


def least_sum(value: int, unit: int, row: int, most: int) -> int:
    """Return the least number from `value` on that is a sum of units and of at most `most` rows.

    A row below a unit in all: if rows together reach one, the value itself is given back.
    """
    if row * most >= unit:
        return value
    whole, low = divmod(value, unit)
    rows = -(-low // row) if row else most + bool(low)
    return (whole + 1) * unit if rows > most else whole * unit + rows * row
