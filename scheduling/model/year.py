"""The days of a network's year as the planner sees them."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from scheduling.model.instance import Instance
from scheduling.model.network import Meeting, Network, PlannedMeeting, Spans

Excluded = frozenset[tuple[str, str, int]]  # network, meeting, day


@dataclass
class Taken:
    """Days on which a manager or an organisation already sits in a meeting that stands."""

    managers: Counter[tuple[str, int]] = field(default_factory=Counter)
    organisations: set[tuple[str, int]] = field(default_factory=set)

    def free(self, instance: Instance, network: Network, days: list[int], roll: Iterable[str]) -> list[int]:
        """Return the days that the manager has free, and all of the roll too."""
        most = instance.manager(network).max_per_day
        full = {d for (name, d), n in self.managers.items() if name == network.manager and n >= most}
        if self.organisations:
            once = [o for o in roll if instance.organisations[o].one_per_day]
            full |= {d for d in days if any((o, d) in self.organisations for o in once)}
        return [d for d in days if d not in full] if most else []


def ordinals(spans: Spans, first: int, last: int) -> set[int]:
    """Return the days of the spans that lie in first..last, all as ordinals."""
    out: set[int] = set()
    for begin, end in spans:
        out.update(range(max(first, begin.toordinal()), min(last, end.toordinal()) + 1))
    return out


class Year:
    """Calendars of an instance as sets of ordinals, cut to the days that its networks can use."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        days = [
            d
            for n in instance.networks
            for m in n.meetings
            for d in (*m.window, *([m.locked.date] if m.locked.date else []))
        ]
        self.first = min(days, default=date.min).toordinal()
        self.last = max(days, default=date.min).toordinal()
        self._spans: dict[int, tuple[Spans, set[int]]] = {}

    def of(self, spans: Spans) -> set[int]:
        """Return the days of the spans, known by identity: the spans are kept, so the identity stays theirs."""
        known = self._spans.get(id(spans))
        if known is None:
            known = self._spans[id(spans)] = (spans, ordinals(spans, self.first, self.last))
        return known[1]

    @cached_property
    def away(self) -> dict[str, set[int]]:
        """Return the days on which each organisation cannot be there."""
        return {o.id: self.of(o.unavailable) for o in self.instance.organisations.values()}

    def calendar(self, name: str | None) -> set[int]:
        """Return the days of a calendar; one that is unknown or None has none."""
        return set() if name is None else self.of(self.instance.calendars.get(name, ()))

    def standing(self, but: str | None = None) -> Taken:
        """Return what the meetings with a locked date take, of all networks but one."""
        taken = Taken()
        for network in self.instance.networks:
            for meeting in network.meetings:
                if meeting.locked.date and network.id != but:
                    self.take(taken, network, meeting, meeting.locked.date.toordinal())
        return taken

    def take(self, taken: Taken, network: Network, meeting: Meeting, day: int) -> None:
        """Take the day for the manager and for everybody on the roll who can be there."""
        taken.managers[network.manager, day] += 1
        for member in network.on_roll(meeting):
            # H14 asks only who is available: whoever is away that day is free for nobody, and taken by nobody.
            if day not in self.away[member.org]:
                taken.organisations.add((member.org, day))

    def take_rows(self, taken: Taken, network: Network, rows: Iterable[PlannedMeeting]) -> None:
        """Take the days of a network's rows; those with a locked date stand taken already."""
        meetings = {m.id: m for m in network.meetings}
        for row in rows:
            if not meetings[row.meeting].locked.date:
                self.take(taken, network, meetings[row.meeting], row.date.toordinal())

    def candidates(self, network: Network, meeting: Meeting, taken: Taken) -> list[int]:
        """Return the days the meeting may fall on, in order, as far as can be seen without the meetings beside it."""
        if meeting.locked.date:
            # A fact, even on a Sunday in the holidays.
            return [meeting.locked.date.toordinal()]
        days = self._window(network, meeting) - self.of(self.instance.manager(network).unavailable)
        days = days.difference(*(self.calendar(name) for name in network.closed))
        return self.open(network, meeting, sorted(days), taken)

    def days(self, network: Network, taken: Taken, excluded: Excluded = frozenset()) -> list[list[int]]:
        """Return the candidates of every meeting that are not excluded; meetings with the same ones share the list."""
        known: dict[object, list[int]] = {}
        out = []
        for meeting in network.meetings:
            gone = frozenset(d for n, m, d in excluded if (n, m) == (network.id, meeting.id))
            # The roster takes one list for one set of options, so equal candidates must be the same object.
            key = (meeting.locked.date, meeting.window, tuple(m.org for m in network.on_roll(meeting)), gone)
            if key not in known:
                known[key] = [d for d in self.candidates(network, meeting, taken) if d not in gone]
            out.append(known[key])
        return out

    def _window(self, network: Network, meeting: Meeting) -> set[int]:
        first, last = (d.toordinal() for d in meeting.window)
        # Ordinal 1, the first day of the year 1, is a Monday: an ordinal's rest by 7 is its ISO weekday.
        return {d for w in network.weekdays for d in range(first + (w - first) % 7, last + 1, 7)}

    def open(self, network: Network, meeting: Meeting, days: list[int], taken: Taken) -> list[int]:
        """Return the days on which enough of the roll can be there, and all who can have no other meeting."""
        roll = {m.org: self.away[m.org].intersection(days) for m in network.on_roll(meeting)}
        # H11 turned round, in whole numbers: at most (100 - quorum) per cent of the roll may be missing.
        missing = Counter(d for away in roll.values() for d in away)
        most = (100 - network.quorum) * len(roll)
        empty = {d for d, number in missing.items() if 100 * number > most}
        return taken.free(self.instance, network, [d for d in days if d not in empty] if most >= 0 else [], roll)
