"""The same where nobody may have too many turns (H15): depth first, whoever has had the fewest first."""

from collections.abc import Iterable

from scheduling.model.network import IN_PERSON, Network, PlannedMeeting, Rows
from scheduling.model.year import Excluded, Taken, Year
from scheduling.search.turn_bound import DutyYear
from scheduling.search.turn_cap import TurnCap
from scheduling.search.walk import Filling, Path, Walk

State = tuple[int, int | None, bool, int, int, int]  # meeting, what the next one must know, turns so far
EFFORT = 20  # looks that one question to the places costs


def walk_of(year: Year, network: Network, taken: Taken, excluded: Excluded = frozenset()) -> Walk:
    """Return the ways through the network, within its limit of turns if it has one."""
    return (Walk if network.max_turns is None else CappedWalk)(year, network, taken, excluded)


class CappedWalk(Walk):
    """Ways on which nobody has too many turns."""

    def rows(self) -> Rows | None:
        """Return the rows of one plan, or None if none was found; `whole` then says whether all was looked at."""
        rows, cap = super().rows(), self.dates_fit and self.roster.cap
        # Without the limit there are more plans: none then is none at all.
        if rows is None or not cap or self._fits(cap, rows):
            return rows
        end = _Deep(self, cap).end()
        return None if end is None else self._rows(end)

    def _fits(self, cap: TurnCap, rows: Rows) -> bool:
        return cap.allows(len(rows) - 1, sum(map(self._turns_of, rows)))

    def _turns_of(self, row: PlannedMeeting) -> int:
        names = [*row.preparers, *([] if row.host is None else [row.host])]
        return sum(1 << self.roster.number[n] * self.roster.duty_bits for n in names)


class _Deep:
    def __init__(self, walk: CappedWalk, cap: TurnCap) -> None:
        self.walk, self.cap, self.count = walk, cap, len(walk.meetings)
        self.fillings = [[(f, self._turns(f)) for f in walk._fillings(t)] for t in range(self.count)]
        self.places = self._places()
        self.failed: dict[State, int] = {}

    def _turns(self, filling: Filling) -> int:
        return filling.team.turns + (0 if filling.host is None else 1 << filling.host * self.cap.bits)

    def _places(self) -> DutyYear:
        """Return all turns as if they were of one duty: enough people for them is the least that is needed."""
        able, seats = [], []
        for here in self.fillings:
            hosted = all(f.format == IN_PERSON for f, _ in here)
            able += [sorted({f.host for f, _ in here if f.host is not None}), _all(f.team.who for f, _ in here)]
            seats += [int(hosted and bool(here)), max((len(f.team.who) for f, _ in here), default=0)]
        nobody = [0] * len(self.walk.roster.ids)
        return DutyYear(
            nobody,
            len(nobody),
            0,
            able=able,
            seats=seats,
            apart=[False] * len(seats),
            infinite=1,
            bits=self.cap.bits,
            caps=self.cap.most,
        )

    def end(self) -> Path | None:
        return self._after(0, self.walk._first(), 0)

    def _after(self, t: int, path: Path, turns: int) -> Path | None:
        """Return a whole way that begins with this one."""
        if t == self.count:
            return path if self.walk._enough(path) else None
        state = (t, path.host, path.host_fact, path.team, path.in_person, turns)
        # From a later day there are no more ways than from one that failed.
        if path.day >= self.failed.get(state, path.day + 1) or not self._room(t, turns):
            return None
        for filling, more in sorted(self.fillings[t], key=lambda x: self._had(x[0], turns)):
            if self.walk.looks >= self.walk.most:
                return None
            if self.cap.allows(t, turns + more):
                new = self.walk._follow(t, filling, [path])
                end = new and self._after(t + 1, new, turns + more)
                if end:
                    return end
        self.failed[state] = path.day
        return None

    def _room(self, t: int, turns: int) -> bool:
        self.walk.looks += EFFORT
        return self.places.rest(2 * t, turns) == 0

    def _had(self, filling: Filling, turns: int) -> int:
        who = filling.team.who if filling.host is None else (*filling.team.who, filling.host)
        return sum(turns >> o * self.cap.bits & self.cap.full for o in who)


def _all(groups: Iterable[tuple[int, ...]]) -> list[int]:
    return sorted({o for who in groups for o in who})
