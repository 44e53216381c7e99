"""Whether any plan exists, without asking how good it is. Fast, because of two plans that end in the same turns only
the earlier one matters."""

from dataclasses import dataclass

from scheduling.model.instance import Instance
from scheduling.model.network import Network, Rows
from scheduling.model.year import Excluded, Taken, Year
from scheduling.search.capped_walk import walk_of


@dataclass(frozen=True, slots=True)
class Answer:
    """`known` False: the steps ran out. Rows if there is a plan."""

    known: bool
    rows: dict[str, Rows] | None = None


def possible(instance: Instance, most: int = 300) -> Answer:
    """Return any plan of all networks together, solving at most so many networks one by one."""
    year = Year(instance)
    rows = _one_after_another(year) if len(instance.networks) > 1 else None
    return Answer(True, rows) if rows else _AllNetworks(year, most).answer()


def _one_after_another(year: Year) -> dict[str, Rows] | None:
    taken, rows = year.standing(), {}
    for network in year.instance.networks:
        found = walk_of(year, network, taken).rows()
        if found is None:
            return None
        rows[network.id] = found
        year.take_rows(taken, network, found)
    return None if first_clash(year, year.standing(), rows) else rows


class _AllNetworks:
    """The networks are solved without each other. Where meetings clash on a day, one of them must leave that day:
    branch."""

    def __init__(self, year: Year, most: int) -> None:
        self.year, self.most, self.taken = year, most, year.standing()
        self.known: dict[tuple[str, Excluded], Rows | None] = {}
        self.whole = True

    def answer(self) -> Answer:
        queue: list[Excluded] = [frozenset()]
        seen: set[Excluded] = set()
        while queue:
            excluded = queue.pop()
            rows = self._rows(excluded)
            if rows is None:
                continue
            clash = first_clash(self.year, self.taken, rows)
            if not clash:
                return Answer(True, rows)
            if len(self.known) > self.most:
                return Answer(False)
            # At least one of them leaves the day in every plan, so these branches lose none.
            branches = [excluded | {place} for place in reversed(clash)]
            queue.extend(b for b in branches if b not in seen)
            seen.update(branches)
        return Answer(self.whole)

    def _rows(self, excluded: Excluded) -> dict[str, Rows] | None:
        rows = {}
        for network in self.year.instance.networks:
            found = self._network(network, frozenset(x for x in excluded if x[0] == network.id))
            if found is None:
                return None
            rows[network.id] = found
        return rows

    def _network(self, network: Network, excluded: Excluded) -> Rows | None:
        key = (network.id, excluded)
        if key not in self.known:
            walk = walk_of(self.year, network, self.taken, excluded)
            self.known[key] = walk.rows()
            self.whole = self.whole and (walk.whole or self.known[key] is not None)
        return self.known[key]


def first_clash(year: Year, taken: Taken, rows: dict[str, Rows]) -> list[tuple[str, str, int]]:
    """Return (network, meeting, day) of which one must leave its day, dates that are locked left out; [] if all fit."""
    managers: dict[tuple[str, int], list[tuple[str, str, int]]] = {}
    organisations: dict[tuple[str, int], list[tuple[str, str, int]]] = {}
    for network in year.instance.networks:
        meetings = {m.id: m for m in network.meetings}
        for row in rows.get(network.id, ()):
            day = row.date.toordinal()
            place = (network.id, row.meeting, day)
            if meetings[row.meeting].locked.date:
                continue
            managers.setdefault((network.manager, day), []).append(place)
            if (
                len(managers[network.manager, day]) + taken.managers[network.manager, day]
                > year.instance.manager(network).max_per_day
            ):
                return managers[network.manager, day]
            for member in network.on_roll(meetings[row.meeting]):
                if year.instance.organisations[member.org].one_per_day and day not in year.away[member.org]:
                    organisations.setdefault((member.org, day), []).append(place)
                    if len(organisations[member.org, day]) > 1:
                        return organisations[member.org, day]
    return []
