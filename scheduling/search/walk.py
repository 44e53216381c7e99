"""All ways through one network, meeting by meeting: of two that end in the same turns only the earlier one matters."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scheduling.model.network import ANY, IN_PERSON, ONLINE, Network, PlannedMeeting, Rows
from scheduling.model.year import Excluded, Taken, Year
from scheduling.search.roster import Roster, Team, make_scale

MOST_LOOKS = 1_000_000


@dataclass(frozen=True, slots=True)
class Path:
    """A way to fill the first meetings: what the next one must know of it."""

    day: int
    host: int | None
    host_fact: bool
    team: int
    in_person: int
    before: "Path | None" = None
    row: tuple[str, int | None, tuple[int, ...]] = ("", None, ())


@dataclass(frozen=True, slots=True)
class Filling:
    """One way to fill a meeting; `days` has a bit for each candidate day it can be on."""

    format: str
    host: int | None
    team: Team
    days: int


class Walk:
    """All ways through one network, meeting by meeting."""

    def __init__(
        self, year: Year, network: Network, taken: Taken, excluded: Excluded = frozenset(), most: int = MOST_LOOKS
    ) -> None:
        self.network, self.meetings, self.most = network, network.meetings, most
        days = year.days(network, taken, excluded)
        scale, unit = make_scale(network, days)
        self.days, self.looks = days, 0
        self.bits: dict[int, int] = {}
        self.dates_fit = self._dates_fit()
        if not self.dates_fit:
            return
        self.roster = Roster(year, network, days, scale, unit)
        self.counting = not all(m.locked.format or m.format != ANY for m in self.meetings)
        self.low, self.high = network.in_person or (0, len(self.meetings))

    def _least_gap(self, t: int) -> int | None:
        before = t == 0 or self.meetings[t - 1].locked.date
        return None if before and self.meetings[t].locked.date else self.network.min_gap

    def _dates_fit(self) -> bool:
        # Greedy is exact here: an earlier day never leaves the rest less room.
        last = self.network.previous.date.toordinal() if self.network.previous.date else 0
        for t, days in enumerate(self.days):
            gap = self._least_gap(t)
            first = 0 if gap is None else bisect_left(days, last + gap)
            if first == len(days):
                return False
            last = days[first]
        return True

    def rows(self) -> Rows | None:
        """Return the rows of one plan, or None if none was found; `whole` then says whether all was looked at."""
        if not self.dates_fit:
            return None
        paths = [self._first()]
        for t in range(len(self.meetings)):
            paths = self._next(t, paths)
        ends = [s for s in paths if self._enough(s)]
        return self._rows(ends[0]) if ends else None

    def _first(self) -> Path:
        previous, number = self.network.previous, self.roster.number
        team = 0
        for name in previous.preparers:
            team |= 1 << number[name]
        return Path(previous.date.toordinal() if previous.date else 0, number.get(previous.host or ""), True, team, 0)

    def _enough(self, end: Path) -> bool:
        """Return whether a whole way has as many meetings in person as it should."""
        return not self.counting or self.low <= end.in_person <= self.high

    @property
    def whole(self) -> bool:
        """Return whether nothing was left out: not found means that there is none."""
        return not self.dates_fit or (self.roster.complete and self.looks < self.most)

    def _next(self, t: int, paths: list[Path]) -> list[Path]:
        paths.sort(key=lambda s: s.day)
        by_count: dict[int, list[Path]] = {}
        by_host: dict[tuple[int, int | None, bool], list[Path]] = {}
        for path in paths:
            by_count.setdefault(path.in_person, []).append(path)
            by_host.setdefault((path.in_person, path.host, path.host_fact), []).append(path)
        fresh: dict[tuple[int | None, bool, int, int], Path] = {}
        for filling in self._fillings(t):
            if self.looks >= self.most:
                return []
            # Online keeps who hosted last, so the earliest path is taken for each last host; in person has a new one.
            groups = by_count.values() if filling.format == IN_PERSON else by_host.values()
            for group in groups:
                new = self._follow(t, filling, group)
                if new:
                    key = (new.host, new.host_fact, new.team, new.in_person)
                    if key not in fresh or new.day < fresh[key].day:
                        fresh[key] = new
        return list(fresh.values())

    def _fillings(self, t: int) -> Iterator[Filling]:
        lock = self.meetings[t].locked
        both = self.network.host_may_prepare or ("host" in lock and "preparers" in lock)
        teams = [(team, self._open(t, team.bars)) for team in self.roster.teams[t]]
        in_person = [(o, self._open(t, bars)) for o, _, bars in self.roster.hosts[t]]
        for format_ in self.roster.formats(t):
            for host, host_days in in_person if format_ == IN_PERSON else [(None, -1)]:
                for team, team_days in teams:
                    if host_days & team_days and (host is None or both or not team.mask >> host & 1):
                        yield Filling(format_, host, team, host_days & team_days)

    def _open(self, t: int, bars: list[int] | None) -> int:
        if bars is None:
            return (1 << len(self.days[t])) - 1
        if id(bars) not in self.bits:  # the roster keeps the bars, so the identity stays theirs
            # One integer for all days: & and a shift then find the earliest day open to host and team.
            self.bits[id(bars)] = int("".join(["1" if b < self.roster.infinite else "0" for b in reversed(bars)]), 2)
        return self.bits[id(bars)]

    def _follow(self, t: int, filling: Filling, group: list[Path]) -> Path | None:
        """Return the earliest path after the filling: that of the earliest path before it with which it agrees."""
        gap = self._least_gap(t)
        for path in group:
            self.looks += 1
            if self._agree(t, path, filling):
                begin = 0 if gap is None else bisect_left(self.days[t], path.day + gap)
                later = filling.days >> begin
                if not later:
                    return None
                day = self.days[t][begin + (later & -later).bit_length() - 1]
                counted = path.in_person + (filling.format == IN_PERSON and self.counting)
                row = (filling.format, filling.host, filling.team.who)
                if filling.format == ONLINE:
                    return Path(day, path.host, path.host_fact, filling.team.mask, counted, path, row)
                return Path(day, filling.host, "host" in self.meetings[t].locked, filling.team.mask, counted, path, row)
        return None

    def _agree(self, t: int, path: Path, filling: Filling) -> bool:
        lock = self.meetings[t].locked
        if (
            self.network.no_repeat_host
            and filling.host is not None
            and filling.host == path.host
            and not ("host" in lock and path.host_fact)
        ):
            return False
        team_fact = "preparers" in lock and (t == 0 or "preparers" in self.meetings[t - 1].locked)
        return not self.network.no_repeat_preparer or team_fact or not filling.team.mask & path.team

    def _rows(self, end: Path) -> Rows:
        out, path, ids = [], end, self.roster.ids
        for meeting in reversed(self.meetings):
            format_, host, who = path.row
            out.append(
                PlannedMeeting(
                    meeting.id,
                    date.fromordinal(path.day),
                    format_,
                    None if host is None else ids[host],
                    tuple(ids[o] for o in who),
                )
            )
            assert path.before
            path = path.before
        return tuple(reversed(out))
