"""What a search over one network keeps: nodes, the routes to them, and the layer after each meeting."""

from dataclasses import dataclass, field
from operator import add

from scheduling.search.roster import Team

Key = tuple[int, int, int, int, int]  # turns of hosting and preparing, last host, last team, last duty


@dataclass(slots=True)  # not frozen: that would take three times as long to make, and many are made
class Route:
    """One way to a node: its cost without dates, the costs of the days with this host, from where, and with whom."""

    cost: int
    days: list[int]
    before: "Node"
    host: int
    team: Team

    def values(self, base: int) -> list[int]:
        """Return for every day its cost beside the base."""
        more = self.cost - base
        days = [more + a for a in self.days] if more else self.days
        return days if self.team.bars is None else list(map(add, days, self.team.bars))


@dataclass(slots=True)
class Node:
    """All ways to fill the first meetings with the same key."""

    key: Key
    cost: int
    least: int
    routes: list[Route] = field(default_factory=list)

    def values(self) -> list[int]:
        """Return for every day the least cost of getting there, beside `cost`."""
        first, *others = [route.values(self.cost) for route in self.routes]
        return list(map(min, first, *others)) if others else first


@dataclass(slots=True)
class Layer:
    """The nodes after meeting t while they are made. What costs `cut` or more is left out; `lost` is the least that
    was."""

    t: int
    cut: int
    lost: int
    narrow: bool  # only one node will be kept: nothing dearer than the cheapest is of use
    nodes: dict[Key, Node] = field(default_factory=dict)

    def leave_out(self, least: int) -> None:
        """Note that something with this bound was not looked at."""
        self.lost = min(self.lost, least)

    def put(self, key: Key, least: int, route: Route) -> None:
        """Add a route to the node with this key."""
        node = self.nodes.get(key)
        if node is None:
            self.nodes[key] = Node(key, route.cost, least, [route])
        else:
            node.routes.append(route)
            node.least = min(node.least, least)
        if self.narrow and least < self.cut:
            self.cut = least + 1
