"""Whether any plan exists, without asking how good it is. Fast, because of two plans that end in the same turns only
the earlier one matters."""

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from scheduling.model.instance import Instance
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

    def __init__(self, year: Year, network: Network, taken: Taken, excluded: Excluded = frozenset()) -> None:
        self.network, self.meetings = network, network.meetings
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
        previous, number = self.network.previous, self.roster.number
        team = 0
        for name in previous.preparers:
            team |= 1 << number[name]
        first = Path(previous.date.toordinal() if previous.date else 0, number.get(previous.host or ""), True, team, 0)
        paths = [first]
        for t in range(len(self.meetings)):
            paths = self._next(t, paths)
        ends = [s for s in paths if not self.counting or self.low <= s.in_person <= self.high]
        return self._rows(ends[0]) if ends else None

    @property
    def whole(self) -> bool:
        """Return whether nothing was left out: not found means that there is none."""
        return not self.dates_fit or (self.roster.complete and self.looks < MOST_LOOKS)

    def _next(self, t: int, paths: list[Path]) -> list[Path]:
        paths.sort(key=lambda s: s.day)
        by_count: dict[int, list[Path]] = {}
        by_host: dict[tuple[int, int | None, bool], list[Path]] = {}
        for path in paths:
            by_count.setdefault(path.in_person, []).append(path)
            by_host.setdefault((path.in_person, path.host, path.host_fact), []).append(path)
        fresh: dict[tuple[int | None, bool, int, int], Path] = {}
        for filling in self._fillings(t):
            if self.looks >= MOST_LOOKS:
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
        found = Walk(year, network, taken).rows()
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
            walk = Walk(self.year, network, self.taken, excluded)
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
