"""The search over one network with given formats: meeting by meeting, dates and turns at once.

Two half-made plans with the same numbers of turns and the same last duties have the same future but for their dates.
So a node stands for all of them and holds, for every day its last meeting may fall on, the least packed cost of getting
there. A node whose cost plus the least possible rest does not beat the best plan known is left out; so are, in a narrow
search, all but the most promising. What was left out for narrowness bounds the optimum: when that bound reaches the
best plan, it is proven.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import add

from scheduling.model.tiers import Tier
from scheduling.search.beam_nodes import Key, Layer, Node, Route
from scheduling.search.dates import Gap, reach, reach_back
from scheduling.search.roster import Roster, Team
from scheduling.search.row_bound import MOST_OPTIONS, MOST_STEPS, Course, TurnPrices
from scheduling.search.turn_bound import DutyYear

Turn = tuple[int | None, tuple[int, ...]]
# cost with least rest, cost, key after it, bit of the host, bars
HostOffer = tuple[int, int, int, int, list[int] | None]
TeamOffer = tuple[int, int, int, Team]  # cost with least rest, cost, key after it, team


@dataclass(frozen=True, slots=True)
class Found:
    """A plan met: its packed cost, who has which turns, and the days as ordinals."""

    value: int
    turns: tuple[Turn, ...]
    days: tuple[int, ...]


class Search:
    """One choice of formats. `bound` never exceeds the packed cost of any plan with these formats that beats the
    limit it was given."""

    def __init__(
        self,
        roster: Roster,
        in_person: tuple[bool, ...],
        preparing: tuple[DutyYear, int],
        gaps: list[Gap],
        costs: list[list[int]],
    ) -> None:
        self.roster, self.in_person, self.gaps = roster, in_person, gaps
        self.days, self.costs, self.infinite = roster.days, costs, roster.infinite
        self.k = len(self.days)
        self.steps = 0
        self.preparing, prepared = preparing
        self.hosting, hosted = roster.hosting(in_person)
        self.cap = roster.cap
        self.cap_prices = self._price_turns()
        formats = sum(roster.format_cost(t, "in_person" if here else "online") for t, here in enumerate(in_person))
        self.base = formats + prepared + hosted - self._left_over(0)
        self.tolls = [self._tolls(t) for t in range(self.k)]
        self._backwards()
        self.bound = self.root()
        self.prices: TurnPrices | None = None
        network = roster.network
        self.row = roster.scale.amount(Tier.PREFERENCE, network.weight("in_a_row"))
        self.both = [self._both(t) for t in range(self.k)]
        self.later_hosts = [network.no_repeat_host and any(in_person[t + 1 :]) for t in range(self.k)]
        hosts, teams = dict(self.hosting.shares), dict(self.preparing.shares)
        bits = self.hosting.bits  # as many as for preparing
        self.shares = [(o, o * bits, hosts.get(o, 0), teams.get(o, 0)) for o in sorted(hosts.keys() | teams.keys())]
        self._hosts_known: list[dict[int, list[HostOffer]]] = [{} for _ in self.days]
        self._teams_known: list[dict[int, list[TeamOffer]]] = [{} for _ in self.days]

    def _price_turns(self) -> dict[int, int]:
        """Make turns dearer for whoever would have too many, so that the bounds see the limit (H15)."""
        if self.cap is None or self.hosting.rest(0, 0) + self.preparing.rest(0, 0) >= self.infinite:
            return {}
        prices = self.cap.prices(self.hosting, self.preparing, self.roster.scale.raw(Tier.UNFAIRNESS))
        self.hosting, self.preparing = self.hosting.dearer(prices), self.preparing.dearer(prices)
        return prices

    def _left_over(self, turns: int) -> int:
        """Return what the turns that nobody takes are worth at the prices: `base` is less by all of them."""
        return self.cap.slack(self.cap_prices, turns) if self.cap and self.cap_prices else 0

    def _both(self, t: int) -> bool:
        lock = self.roster.meetings[t].locked
        return self.roster.network.host_may_prepare or ("host" in lock and "preparers" in lock)

    def _tolls(self, t: int) -> list[int]:
        """Return for each day the least extra cost of any host and any team on it."""
        # Where not all teams are tried, one that was left out might cost nothing.
        teams = [(team.cost, team.bars) for team in self.roster.teams[t]] if self.roster.complete else [(0, None)]
        hosts = [(cost, bars) for _, cost, bars in self.roster.hosts[t]] if self.in_person[t] else [(0, None)]
        return [a + b for a, b in zip(self._cheapest(teams, t), self._cheapest(hosts, t), strict=True)]

    def _cheapest(self, options: Sequence[tuple[int, list[int] | None]], t: int) -> list[int]:
        n = len(self.days[t])
        if any(bars is None and not cost for cost, bars in options):
            return [0] * n
        rows = [[cost] * n if bars is None else [cost + b for b in bars] for cost, bars in options]
        return [min(*column, self.infinite) for column in zip(*rows, strict=True)] if rows else [self.infinite] * n

    def _backwards(self) -> None:
        """Fill after[t][i]: the least packed cost of all dates after day i of meeting t, tolls included."""
        self.after = [[0] * len(d) for d in self.days]
        for t in range(self.k - 2, -1, -1):
            ahead = [a + b + c for a, b, c in zip(self.after[t + 1], self.costs[t + 1], self.tolls[t + 1], strict=True)]
            self.after[t] = reach_back(ahead, self.days[t + 1], self.days[t], self.gaps[t + 1], self.infinite)

    def first_values(self) -> list[int]:
        """Return the packed cost of each day of the first meeting, with the gap from the meeting before the year."""
        previous = self.roster.network.previous.date
        if previous is None:
            return list(self.costs[0])
        reached = reach([0], [previous.toordinal()], self.days[0], self.gaps[0], self.infinite)
        return [a + b for a, b in zip(reached, self.costs[0], strict=True)]

    def root(self) -> int:
        """Return the packed bound before any search: dates and turns each at their least, as if apart."""
        turns = self.hosting.rest(0, 0) + self.preparing.rest(0, 0)
        return min(self.base + self._least_dates() + turns, self.infinite) if self.k else self.base

    def _least_dates(self) -> int:
        dates = zip(self.first_values(), self.tolls[0], self.after[0], strict=True)
        return min(map(sum, dates), default=self.infinite)

    def price(self, limit: int, allowance: int) -> None:
        """Raise `bound`, and those of all nodes to come, by what duties in a row must cost."""
        course = self._course()
        if not all(course.options):
            self.bound = self.infinite
        elif sum(map(len, course.options)) <= MOST_OPTIONS:
            dates, prices = self.base + self._least_dates(), TurnPrices(course, self.hosting, self.preparing)
            prices.improve(limit - dates, min(allowance, MOST_STEPS))
            self.prices = prices if prices.after else None
            self.steps += prices.steps
            self.bound = max(self.bound, min(dates + prices.least, self.infinite))

    def _course(self) -> Course:
        start, scale = self._root_node().key[2:], self.roster.scale
        options = [self._options(t) for t in range(self.k)]
        return Course(
            start,
            options,
            self.hosting.apart,
            self.preparing.apart,
            self.later_hosts,
            self.row,
            scale.raw(Tier.UNFAIRNESS),
            self.infinite,
        )

    def _options(self, t: int) -> list[tuple[int, int]]:
        """Return who can host and prepare meeting t together on some day."""
        free = [0] * len(self.days[t])
        hosts = [(1 << o, bars or free) for o, _, bars in self.roster.hosts[t]] if self.in_person[t] else [(0, free)]
        teams = [(team.mask, team.bars or free) for team in self.roster.teams[t]]
        return [
            (host, team)
            for host, host_bars in hosts
            for team, team_bars in teams
            if (self.both[t] or not host & team) and min(map(add, host_bars, team_bars)) < self.infinite
        ]

    def useful_days(self, limit: int) -> list[list[int]]:
        """Return the positions of the days on which some chain of dates stays below the limit."""
        slack = limit - self.base - self.hosting.rest(0, 0) - self.preparing.rest(0, 0)
        values, out = self.first_values(), []
        for t in range(self.k):
            if t:
                reached = reach(values, self.days[t - 1], self.days[t], self.gaps[t], self.infinite)
                values = [a + b for a, b in zip(reached, self.costs[t], strict=True)]
            values = [a + b for a, b in zip(values, self.tolls[t], strict=True)]
            out.append([i for i, (a, b) in enumerate(zip(values, self.after[t], strict=True)) if a + b < slack])
        return out

    def run(self, width: int, limit: int, allowance: int) -> Found | None:
        """Return the best plan below the limit that a search of this width meets; raise `bound` as far as it proved.

        None: no plan was met, or the allowance of steps ended.
        """
        dropped, layer = self.infinite, [self._root_node()]
        stop = self.steps + allowance
        for t in range(self.k):
            layer, lost = self._layer(t, layer, width, limit, stop)
            dropped = min(dropped, lost)
            if self.steps > stop and t < self.k - 1:
                return None
            if not layer:
                break
        # Every plan below the limit was met, or lies behind something that was dropped.
        self.bound = max(self.bound, min([dropped, limit, *(n.least for n in layer)]))
        return self._found(layer[0]) if layer and self.k else Found(self.base, (), ()) if layer else None

    def _root_node(self) -> Node:
        roster, previous = self.roster, self.roster.network.previous
        host = 1 << roster.number[previous.host] if previous.host is not None else 0
        team = 0
        for name in previous.preparers:
            team |= 1 << roster.number[name]
        return Node((0, 0, host, team, host | team), self.base, self.bound)

    def _layer(self, t: int, layer: list[Node], width: int, limit: int, stop: int) -> tuple[list[Node], int]:
        """Return the nodes after meeting t, most promising first, and the least bound of what was left out."""
        fresh = Layer(t, limit, self.infinite, narrow=width == 1)
        for node in layer:
            if self.steps > stop:
                fresh.leave_out(node.least)  # and so are all that follow: they are in order
                break
            self._expand(node, fresh)
            # While it grows already: memory stays within a few times the width.
            if len(fresh.nodes) > 4 * width + 40:
                fresh.nodes, least = self._best(fresh.nodes, width)
                fresh.cut = min(fresh.cut, least)
                fresh.leave_out(fresh.cut)
        nodes, least = self._best(fresh.nodes, width)
        return sorted(nodes.values(), key=lambda n: n.least), min(fresh.lost, least)

    def _best(self, nodes: dict[Key, Node], width: int) -> tuple[dict[Key, Node], int]:
        """Return the most promising nodes, among equals the least strained, and the least bound of the others."""
        if len(nodes) <= width:
            return nodes, self.infinite
        edge = sorted(n.least for n in nodes.values())[width]
        sure = {key: n for key, n in nodes.items() if n.least < edge}
        equals = sorted(((self._strain(n), i, key) for i, (key, n) in enumerate(nodes.items()) if n.least == edge))
        self.steps += len(equals) * (1 + len(self.shares) // 3)
        return sure | {key: nodes[key] for _, _, key in equals[: width - len(sure)]}, edge

    def _host_offers(self, t: int, key: int) -> list[HostOffer]:
        known = self._hosts_known[t].get(key)
        if known is None:
            known = self._hosts_known[t][key] = sorted(self._new_host_offers(t, key), key=lambda x: x[0])
            self.steps += self.hosting.effort(t) * len(known)
        return known

    def _new_host_offers(self, t: int, key: int) -> list[HostOffer]:
        duty = self.hosting
        if not self.in_person[t]:
            return [(duty.rest(t + 1, key), 0, key, 0, None)]
        out: list[HostOffer] = []
        for o, cost, bars in self.roster.hosts[t]:
            own, turn = cost + duty.cost(key, o), duty.turn(o)
            out.append((own + duty.rest_after(t + 1, key, 1 << o, turn), own, key + turn, 1 << o, bars))
        return out

    def _team_offers(self, t: int, key: int) -> list[TeamOffer]:
        known = self._teams_known[t].get(key)
        if known is None:
            known = self._teams_known[t][key] = sorted(self._new_team_offers(t, key), key=lambda x: x[0])
            self.steps += self.preparing.effort(t) * len(known)
        return known

    def _new_team_offers(self, t: int, key: int) -> list[TeamOffer]:
        duty, out = self.preparing, []
        costs = [duty.cost(key, o) for o in range(len(self.roster.ids))]
        for team in self.roster.teams[t]:
            own = team.cost + sum(costs[o] for o in team.who)
            out.append((own + duty.rest_after(t + 1, key, team.mask, team.turns), own, key + team.turns, team))
        return out

    def _expand(self, node: Node, fresh: Layer) -> None:
        """Put every way to fill the next meeting after this node into `fresh`."""
        t = fresh.t
        hosted, prepared, last_host, _, _ = node.key
        values, teams = self._reach(t, node), self._team_offers(t, prepared)
        if not teams:
            return
        # The best dates and the best team whoever hosts: hosts come in order, so the first too dear one ends it.
        floor = node.cost + min(map(add, values, self.after[t]), default=self.infinite) + teams[0][0]
        forbidden = last_host if self.hosting.apart[t] else 0
        for offer in self._host_offers(t, hosted):
            total, _, _, host, bars = offer
            if floor + total >= fresh.cut:
                fresh.leave_out(floor + total)
                return
            if not host & forbidden:
                self._with_host(node, fresh, offer, values if bars is None else list(map(add, values, bars)))

    def _with_host(self, node: Node, fresh: Layer, offer: HostOffer, days: list[int]) -> None:
        """Put the same for one host into `fresh`: every team that may serve beside it."""
        t = fresh.t
        _, prepared_before, last_host, last_team, last_duty = node.key
        host_total, host_own, hosted, host, _ = offer
        # Nobody hosts any more: nodes that differ only in the last host are one.
        if not self.later_hosts[t]:
            last_host = 0
        elif host:
            last_host = host
        ahead: list[int] = list(map(add, days, self.after[t]))
        base, nearest = node.cost + host_total, min(ahead)
        forbidden = (last_team if self.preparing.apart[t] else 0) | (0 if self.both[t] else host)
        for total, own, prepared, team in self._team_offers(t, prepared_before):
            self.steps += 1
            least = base + total + nearest
            if least >= fresh.cut:
                fresh.leave_out(least)
                return
            if team.mask & forbidden or not (self.cap is None or self.cap.allows(t, hosted + prepared)):
                continue
            dates = nearest if team.bars is None else min(map(add, ahead, team.bars))
            duty = host | team.mask
            # The wish not to have a duty at two neighbouring meetings, of either kind.
            row = self.row * (duty & last_duty).bit_count()
            if t == self.k - 1:
                row += self._left_over(hosted + prepared)
            cost, least = node.cost + host_own + own + row, base + total + dates + row
            if self.prices and least < fresh.cut:
                rest = self.prices.rest(t, hosted, prepared, (last_host, team.mask, duty))
                least = max(least, cost + rest + dates)
            if least >= fresh.cut:
                fresh.leave_out(least)
                continue
            self.steps += 2
            key = (hosted, prepared, last_host, team.mask, duty)
            fresh.put(key, least, Route(cost, days, node, host, team))

    def _reach(self, t: int, node: Node) -> list[int]:
        if not t:
            return self.first_values()
        reached = reach(node.values(), self.days[t - 1], self.days[t], self.gaps[t], self.infinite)
        # Steps stand for time: the budget has no other clock.
        self.steps += len(reached) // 2 + 3
        return list(map(add, reached, self.costs[t]))

    def _strain(self, node: Node) -> int:
        """Return how hard the turns still to come will be to place: many for one organisation, or for one that may not
        serve next.

        Only an order among equals; it proves nothing.
        """
        hosted, prepared, _, _, last_duty = node.key
        full, total = self.hosting.full, 0
        for o, shift, hosting, preparing in self.shares:
            open_hosting, open_preparing = hosting - (hosted >> shift & full), preparing - (prepared >> shift & full)
            open_turns = (open_hosting if open_hosting > 0 else 0) + (open_preparing if open_preparing > 0 else 0)
            if open_turns:
                total += open_turns * (open_turns + (last_duty >> o & 1))
        return total

    def _found(self, node: Node) -> Found:
        """Return the turns of the best plan through a last node, on the earliest dates that are as good."""
        value, turns, values = node.least, [], node.values()
        spot = values.index(min(values))
        for t in range(self.k - 1, -1, -1):
            # A node keeps all its routes: which one is best depends on the day.
            route = next(r for r in node.routes if r.values(node.cost)[spot] == values[spot])
            turns.append((route.host.bit_length() - 1 if route.host else None, route.team))
            if t:
                node = route.before
                day, before, values = self.days[t][spot], self.days[t - 1], node.values()
                spot = min(
                    range(len(before)), key=lambda i: values[i] + self.gaps[t].cost(before[i], day, self.infinite)
                )
        turns.reverse()
        return Found(value, tuple((h, team.who) for h, team in turns), self._earliest(turns))

    def _earliest(self, turns: list[tuple[int | None, Team]]) -> tuple[int, ...]:
        open_costs = [self._day_costs(t, host, team) for t, (host, team) in enumerate(turns)]
        # Turns are fixed now: what is best from each day on, then the earliest way through.
        after = [list(c) for c in open_costs]
        for t in range(self.k - 2, -1, -1):
            behind = reach_back(after[t + 1], self.days[t + 1], self.days[t], self.gaps[t + 1], self.infinite)
            after[t] = list(map(add, open_costs[t], behind))
        out: list[int] = []
        previous = self.roster.network.previous.date
        for t in range(self.k):
            before = out[-1] if out else previous.toordinal() if previous else None
            gap = [0 if before is None else self.gaps[t].cost(before, d, self.infinite) for d in self.days[t]]
            costs = list(map(add, after[t], gap))
            out.append(self.days[t][costs.index(min(costs))])
        return tuple(out)

    def _day_costs(self, t: int, host: int | None, team: Team) -> list[int]:
        host_bars = next((bars for o, _, bars in self.roster.hosts[t] if o == host), None) if host is not None else None
        out = self.costs[t]
        for bars in (host_bars, team.bars):
            out = out if bars is None else list(map(add, out, bars))
        return out
