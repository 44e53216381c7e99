"""The search over one network with given formats: meeting by meeting, dates and turns at once.

Two half-made plans with the same numbers of turns and the same last duties have the same future but for their dates.
So a node stands for all
of them and holds, for every day its last meeting may fall on, the least packed cost of getting there. A node whose
cost plus the least possible
rest does not beat the best plan known is left out; so are, in a narrow search, all but the most promising. What was
left out for narrowness
bounds the optimum: when that bound reaches the best plan, it is proven.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from operator import add

from scheduling.dates import Gap, step, step_back
from scheduling.turns import Duty, Roster, Team, open_

Turn = tuple[int | None, tuple[int, ...]]


HostOffer = tuple[
    int, int, int, int, list[int] | None
]  # cost with least rest, cost, key after it, bit of the host, bars
TeamOffer = tuple[int, int, int, Team]  # cost with least rest, cost, key after it, team
Way = tuple["Node", int, Team]
Key = tuple[int, int, int, int, int]  # turns of hosting and preparing, last host, last team, last duty


@dataclass(slots=True)
class Node:
    cost: int
    values: list[int]
    hosted: int
    prepared: int
    last_host: int
    last_team: int
    last_duty: int
    least: int
    routes: list[tuple[int, list[int], Way]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Found:
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
        preparing: tuple[Duty, int],
        gaps: list[Gap],
        costs: list[list[int]],
    ) -> None:
        self.roster, self.in_person, self.gaps = roster, in_person, gaps
        self.days, self.costs, self.infinite = roster.days, costs, roster.infinite
        self.k = len(self.days)
        self.steps = 0
        self.preparing, prepared = preparing
        self.hosting, hosted = roster.hosting(in_person)
        formats = sum(roster.format_cost(t, "in_person" if here else "online") for t, here in enumerate(in_person))
        self.base = formats + prepared + hosted
        self.tolls = [self._tolls(t) for t in range(self.k)]
        self._backwards()
        self.bound = self.root()
        network = roster.network
        self.row = int(network.weight("in_a_row") * roster.scale.units[3]) * roster.scale.raw(3)
        self.both = [self._both(t) for t in range(self.k)]
        self.later_hosts = [network.no_repeat_host and any(in_person[t + 1 :]) for t in range(self.k)]
        hosts, teams = dict(self.hosting.shares), dict(self.preparing.shares)
        self.shares = [(o, hosts.get(o, 0), teams.get(o, 0)) for o in sorted(hosts.keys() | teams.keys())]
        self._hosts_known: list[dict[int, list[HostOffer]]] = [{} for _ in self.days]
        self._teams_known: list[dict[int, list[TeamOffer]]] = [{} for _ in self.days]

    def _both(self, t: int) -> bool:
        lock = self.roster.meetings[t].locked
        return self.roster.network.host_may_prepare or ("host" in lock and "preparers" in lock)

    def _tolls(self, t: int) -> list[int]:
        """For each day the least extra cost of any host and any team on it."""
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
        """after[t][i]: least packed cost of all dates after day i of meeting t, tolls included."""
        self.after = [[0] * len(d) for d in self.days]
        for t in range(self.k - 2, -1, -1):
            ahead = [a + b + c for a, b, c in zip(self.after[t + 1], self.costs[t + 1], self.tolls[t + 1], strict=True)]
            self.after[t] = step_back(ahead, self.days[t + 1], self.days[t], self.gaps[t + 1], self.infinite)

    def first_values(self) -> list[int]:
        previous = self.roster.network.previous.date
        if previous is None:
            return list(self.costs[0])
        reached = step([0], [previous.toordinal()], self.days[0], self.gaps[0], self.infinite)
        return [a + b for a, b in zip(reached, self.costs[0], strict=True)]

    def root(self) -> int:
        """Packed bound before any search."""
        if not self.k:
            return self.base
        dates = min(
            (a + b + c for a, b, c in zip(self.first_values(), self.tolls[0], self.after[0], strict=True)),
            default=self.infinite,
        )
        return min(self.base + dates + self.hosting.rest(0, 0) + self.preparing.rest(0, 0), self.infinite)

    def useful_days(self, limit: int) -> list[list[int]]:
        """The positions of the days on which some chain of dates stays below the limit."""
        slack = limit - self.base - self.hosting.rest(0, 0) - self.preparing.rest(0, 0)
        values, out = self.first_values(), []
        for t in range(self.k):
            if t:
                reached = step(values, self.days[t - 1], self.days[t], self.gaps[t], self.infinite)
                values = [a + b for a, b in zip(reached, self.costs[t], strict=True)]
            values = [a + b for a, b in zip(values, self.tolls[t], strict=True)]
            out.append([i for i, (a, b) in enumerate(zip(values, self.after[t], strict=True)) if a + b < slack])
        return out

    def run(self, width: int, limit: int, allowance: int) -> Found | None:
        """The best plan below the limit that a search of this width meets; raises `bound` as far as it proved."""
        dropped, layer = self.infinite, [self._root_node()]
        stop = self.steps + allowance
        for t in range(self.k):
            layer, lost = self._layer(t, layer, width, limit, stop)
            dropped = min(dropped, lost)
            if self.steps > stop and t < self.k - 1:
                return None
            if not layer:
                break
        self.bound = max(self.bound, min([dropped, limit, *(n.least for n in layer)]))
        return self._found(layer[0]) if layer and self.k else Found(self.base, (), ()) if layer else None

    def _root_node(self) -> Node:
        roster, previous = self.roster, self.roster.network.previous
        host = 1 << roster.number[previous.host] if previous.host is not None else 0
        team = 0
        for name in previous.preparers:
            team |= 1 << roster.number[name]
        return Node(self.base, [], 0, 0, host, team, host | team, self.bound)

    def _layer(self, t: int, layer: list[Node], width: int, limit: int, stop: int) -> tuple[list[Node], int]:
        """The nodes after meeting t, most promising first, and the least bound of what was left out."""
        fresh: dict[Key, Node] = {}
        cut, lost = limit, self.infinite
        for node in layer:
            if self.steps > stop:
                lost = min(lost, node.least)  # and so are all that follow: they are in order
                break
            lost = min(lost, self._expand(t, node, fresh, cut))
            if len(fresh) > 4 * width + 40:
                fresh, least = self._best(fresh, width)
                cut = min(cut, least)
                lost = min(lost, cut)
        fresh, least = self._best(fresh, width)
        return sorted(fresh.values(), key=lambda n: n.least), min(lost, least)

    def _best(self, nodes: dict[Key, Node], width: int) -> tuple[dict[Key, Node], int]:
        """The most promising nodes, among equals the least strained, and the least bound of the others."""
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
            if open_(bars, self.infinite):
                after, own = key + duty.turn(o), cost + duty.cost(key, o)
                out.append((own + duty.rest(t + 1, after), own, after, 1 << o, bars))
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
            if open_(team.bars, self.infinite):
                after, own = key + team.turns, team.cost + sum(costs[o] for o in team.who)
                out.append((own + duty.rest(t + 1, after), own, after, team))
        return out

    def _expand(self, t: int, node: Node, fresh: dict[Key, Node], cut: int) -> int:
        """Puts every way to fill meeting t after this node into `fresh`; the least bound of what reaches the cut."""
        values, after, lost = self._reach(t, node), self.after[t], self.infinite
        hosts, teams = self._host_offers(t, node.hosted), self._team_offers(t, node.prepared)
        if not teams:
            return lost
        floor = node.cost + min(map(add, values, after), default=self.infinite)
        forbidden = node.last_host if self.hosting.apart[t] else 0
        for offer in hosts:
            total, _, _, host, bars = offer
            if floor + total + teams[0][0] >= cut:
                return min(lost, floor + total + teams[0][0])
            if not host & forbidden:
                here = values if bars is None else list(map(add, values, bars))
                least = floor if bars is None else node.cost + min(map(add, here, after))
                lost = min(lost, self._with_host(t, node, fresh, cut, offer=offer, values=here, floor=least + total))
        return lost

    def _with_host(
        self, t: int, node: Node, fresh: dict[Key, Node], cut: int, *, offer: HostOffer, values: list[int], floor: int
    ) -> int:
        """The same for one host: every team that may serve beside it."""
        _, host_own, hosted, host, _ = offer
        after, lost = self.after[t], self.infinite
        forbidden = (node.last_team if self.preparing.apart[t] else 0) | (0 if self.both[t] else host)
        for total, own, prepared, team in self._team_offers(t, node.prepared):
            self.steps += 1
            least, there = floor + total, values
            if least >= cut:
                return min(lost, least)
            if team.mask & forbidden:
                continue
            duty = host | team.mask
            row = self.row * (duty & node.last_duty).bit_count()
            if team.bars is not None:
                there = list(map(add, values, team.bars))
                least = node.cost + min(map(add, there, after)) + offer[0] + total
            least += row
            if least < cut:
                cost = node.cost + host_own + own + row
                new = Node(cost, there, hosted, prepared, host or node.last_host, team.mask, duty, least)
                self._put(fresh, t, new, (node, host, team))
            else:
                lost = min(lost, least)
        return lost

    def _reach(self, t: int, node: Node) -> list[int]:
        if not t:
            return self.first_values()
        reached = step(node.values, self.days[t - 1], self.days[t], self.gaps[t], self.infinite)
        self.steps += len(reached) // 2 + 3
        return list(map(add, reached, self.costs[t]))

    def _put(self, fresh: dict[Key, Node], t: int, new: Node, way: Way) -> None:
        self.steps += 2
        if not self.later_hosts[t]:
            new.last_host = 0
        key = (new.hosted, new.prepared, new.last_host, new.last_team, new.last_duty)
        old = fresh.get(key)
        if old is None:
            fresh[key] = new
            new.routes = [(new.cost, new.values, way)]
            return
        old.routes.append((new.cost, new.values, way))
        old.values = [min(a, new.cost - old.cost + b) for a, b in zip(old.values, new.values, strict=True)]
        old.least = min(old.least, new.least)

    def _strain(self, node: Node) -> int:
        """How hard the turns still to come will be to place: many for one organisation, or for one that may not serve
        next.

        Only an order among equals; it proves nothing.
        """
        total = 0
        for o, hosting, preparing in self.shares:
            hosted = (node.hosted >> o * self.hosting.bits) & self.hosting.full
            prepared = (node.prepared >> o * self.preparing.bits) & self.preparing.full
            open_turns = max(0, hosting - hosted) + max(0, preparing - prepared)
            total += open_turns * (open_turns + (node.last_duty >> o & 1))
        return total

    def _found(self, node: Node) -> Found:
        """The turns of the best plan through a last node, on the earliest dates that are as good."""
        value, turns = node.least, []
        spot = min(range(len(node.values)), key=node.values.__getitem__)
        for t in range(self.k - 1, -1, -1):
            target = node.cost + node.values[spot]
            node, host, team = next(way for cost, values, way in node.routes if cost + values[spot] == target)
            turns.append((host.bit_length() - 1 if host else None, team))
            if t:
                day, before, values = self.days[t][spot], self.days[t - 1], node.values
                spot = min(
                    range(len(before)), key=lambda i: values[i] + self.gaps[t].cost(before[i], day, self.infinite)
                )
        turns.reverse()
        return Found(value, tuple((h, team.who) for h, team in turns), self._earliest(turns))

    def _earliest(self, turns: list[tuple[int | None, Team]]) -> tuple[int, ...]:
        open_costs = [self._day_costs(t, host, team) for t, (host, team) in enumerate(turns)]
        after = [list(c) for c in open_costs]
        for t in range(self.k - 2, -1, -1):
            behind = step_back(after[t + 1], self.days[t + 1], self.days[t], self.gaps[t + 1], self.infinite)
            after[t] = list(map(add, open_costs[t], behind))
        out: list[int] = []
        previous = self.roster.network.previous.date
        for t in range(self.k):
            before = out[-1] if out else previous.toordinal() if previous else None
            gap = [0 if before is None else self.gaps[t].cost(before, d, self.infinite) for d in self.days[t]]
            reach = list(map(add, after[t], gap))
            out.append(self.days[t][reach.index(min(reach))])
        return tuple(out)

    def _day_costs(self, t: int, host: int | None, team: Team) -> list[int]:
        host_bars = next((bars for o, _, bars in self.roster.hosts[t] if o == host), None) if host is not None else None
        out = self.costs[t]
        for bars in (host_bars, team.bars):
            out = out if bars is None else list(map(add, out, bars))
        return out
