"""The order of equal turns: among plans as good in all tiers and on the same days, the turns of each organisation lie
as far apart as can be.

Turns of one duty change places between meetings while no rule breaks and no tier changes: what was proven stays true.
"""

from collections import Counter
from collections.abc import Collection
from dataclasses import replace
from itertools import combinations
from math import comb

from scheduling.model.network import Network, PlannedMeeting, Rows
from scheduling.model.tiers import MOVED_HOST, MOVED_PREPARER
from scheduling.model.year import Year
from scheduling.search.turn_sequence import Option, Past, Sequences, Turns

NOBODY = Option(0, ())
MOST_TEAMS = 300  # groups of preparers that are looked at for one meeting


def spread(year: Year, network: Network, rows: Rows) -> Rows:
    """Return the rows of a plan with their turns in the best order found.

    First counts the smallest distance, in meetings, between two turns of an organisation, of either duty: as large as
    can be. Then first turns of a duty come before second ones.
    """
    holders = [o for row in rows for o in (*row.preparers, row.host) if o is not None]
    return rows if len(holders) == len(set(holders)) else _Order(year, network, rows).best()


class _Order:
    """Organisations are numbers here, members first in their order."""

    def __init__(self, year: Year, network: Network, rows: Rows) -> None:
        self.year, self.network, self.rows = year, network, rows
        previous = network.previous
        names = [m.org for m in network.members] + [o for row in rows for o in row.on_duty]
        names += [o for o in (previous.host, *previous.preparers) if o is not None]
        self.names = list(dict.fromkeys(names))
        self.number = {name: o for o, name in enumerate(self.names)}
        self.alone = [Option(1 << o, (o,)) for o in range(len(self.names))]
        self.turns: Turns = [(self._option(r.host), self._option(*r.preparers)) for r in rows]
        host, team = self._option(previous.host).mask, self._option(*dict.fromkeys(previous.preparers)).mask
        self.start = Past(host, team, host | team)

    def _option(self, *names: str | None) -> Option:
        if len(names) == 1:
            return NOBODY if names[0] is None else self.alone[self.number[names[0]]]
        who = tuple(self.number[name] for name in names if name is not None)
        return Option(sum(1 << o for o in who), who)

    def best(self) -> Rows:
        """Look for better orders until there is none, or the steps are used up."""
        far, late, most = _nearest(self.turns), _late(self.turns), self._most()
        # Who hosts and prepares one meeting was never asked to lie apart.
        if not far or (far >= most and not late):
            return self.rows
        sequences = Sequences(self.network, self.start, self._options(), self.turns)
        while far < most and (found := sequences.find(far + 1)):
            self.turns, far, late = found, _nearest(found), _late(found)
        while late and (found := sequences.find(far, late)):
            self.turns, late = found, _late(found)
        return tuple(self._row(t, row) for t, row in enumerate(self.rows))

    def _most(self) -> int:
        """Return a distance that no order exceeds."""
        turns = Counter(o for pair in self.turns for option in pair for o in option.who)
        most = min((len(self.turns) - 1) // (n - 1) for n in turns.values() if n > 1)
        sizes = [len(host.who) + len(team.who) for host, team in self.turns]
        # So many neighbouring meetings with nobody twice need as many people.
        while most and max(sum(sizes[t : t + most]) for t in range(len(sizes) - most + 1)) > len(turns):
            most -= 1
        return most

    def _row(self, t: int, row: PlannedMeeting) -> PlannedMeeting:
        hosts, team = (option.who for option in self.turns[t])
        # What is locked stays in the order in which it was written.
        locked = "preparers" in self.network.meetings[t].locked
        names = row.preparers if locked else tuple(self.names[o] for o in sorted(team))
        return replace(row, host=self.names[hosts[0]] if hosts else None, preparers=names)

    def _options(self) -> list[tuple[list[Option], list[Option]]]:
        """Return for each meeting who of all with turns could host and prepare it on its day."""
        hosts = {o for host, _ in self.turns for o in host.who}
        team = {o for _, team in self.turns for o in team.who}
        return [(self._hosts(t, hosts), self._teams(t, team)) for t in range(len(self.rows))]

    def _hosts(self, t: int, holders: Collection[int]) -> list[Option]:
        network, meeting, year = self.network, self.network.meetings[t], self.year
        now, day, old = self.turns[t][0], self.rows[t].date.toordinal(), meeting.published
        if not now.who or "host" in meeting.locked:
            return [now]
        out = []
        for o in self._here(network.may_host(meeting), holders, day):
            member = network.members[o]
            if day not in year.of(member.host_unavailable):
                moved, avoided = MOVED_HOST if old and old.host != member.org else 0, day in year.of(member.host_avoid)
                out.append(Option(1 << o, (o,), moved, avoided) if moved or avoided else self.alone[o])
        return out

    def _teams(self, t: int, holders: Collection[int]) -> list[Option]:
        meeting, now = self.network.meetings[t], self.turns[t][1]
        able = self._here(self.network.may_prepare(meeting), holders, self.rows[t].date.toordinal())
        size = len(now.who)
        if not size or "preparers" in meeting.locked or comb(len(able), size) > MOST_TEAMS:
            return [now]
        old = {self.number.get(o) for o in meeting.published.preparers} if meeting.published else set()
        if size == 1 and not old:
            return [self.alone[o] for o in able]
        groups = combinations(able, size)
        return [Option(sum(1 << o for o in g), g, -MOVED_PREPARER * sum(o in old for o in g)) for g in groups]

    def _here(self, names: tuple[str, ...], holders: Collection[int], day: int) -> list[int]:
        able = [self.number[name] for name in names if day not in self.year.away[name]]
        return [o for o in able if o in holders]


def _nearest(turns: Turns) -> int:
    """Return the smallest distance between two turns of an organisation."""
    last: dict[int, int] = {}
    nearest = len(turns)
    for t, (host, team) in enumerate(turns):
        for o in host.who + team.who:
            if o in last:
                nearest = min(nearest, t - last[o])
            last[o] = t
    return nearest


def _late(turns: Turns) -> int:
    """Return how often somebody has a first turn of a duty after another's second one, a second after a third, ..."""
    out = 0
    for options in zip(*turns, strict=True):
        had: dict[int, int] = {}
        earlier = [0] * len(turns)  # how many turns so far were somebody's first, second, ...
        for option in options:
            for o in option.who:
                out += sum(earlier[had.get(o, 0) + 1 :])
            for o in option.who:
                number = had.get(o, 0)
                earlier[number] += 1
                had[o] = number + 1
    return out
