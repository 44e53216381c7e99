"""Sequences of turns, built meeting by meeting and given up as soon as somebody's turns come too close.

Whoever had fewest turns and waited longest comes first. Organisations are numbers, and bits of a mask.
"""

from typing import NamedTuple

from scheduling.model.network import Network

MOST_STEPS = 1500  # of building sequences for one network
NEVER = -(10**6)


class Option(NamedTuple):
    """Who may have the turns of a duty at a meeting: as bits, as numbers, and what they add to the tiers."""

    mask: int
    who: tuple[int, ...]
    moved: int = 0
    avoided: int = 0


Turns = list[tuple[Option, Option]]  # of each meeting: host and team


class Past(NamedTuple):
    """What the next meeting must know: the last host, team and duty as bits, and what has come together so far."""

    host: int
    team: int
    duty: int
    in_a_row: int = 0
    moved: int = 0
    avoided: int = 0


class Sequences:
    """Every way to give the same turns to the same organisations at the same cost."""

    def __init__(
        self, network: Network, start: Past, options: list[tuple[list[Option], list[Option]]], turns: Turns
    ) -> None:
        self.apart = _apart(network, [bool(host.who) for host, _ in turns])
        self.start, self.options, self.steps = start, options, 0
        self.count = len(turns)
        people = 1 + max(o for pair in turns for option in pair for o in option.who)
        self.left, self.had, self.early = ([[0] * n, [0] * n] for n in (people, people, self.count + 2))
        for pair in turns:
            for left, option in zip(self.left, pair, strict=True):
                for o in option.who:
                    left[o] += 1
        self.open = [a + b for a, b in zip(*self.left, strict=True)]
        self.last = [NEVER] * people
        self.chosen: Turns = []
        self.duties: list[int] = []
        self.before: list[int] = []  # when those with the turns chosen had their turn before
        self.goal = self._goal(turns)
        self.far = 1
        self.late: int | None = None

    def _goal(self, turns: Turns) -> tuple[int, int, int]:
        past = self.start
        for known, pair in zip(self.options, turns, strict=True):
            host, team = (next(x for x in some if x.mask == y.mask) for some, y in zip(known, pair, strict=True))
            past = _after(past, host, team)
        return past[3:]

    def find(self, far: int, late: int | None = None) -> Turns | None:
        """Return a sequence in which all turns lie so far apart, and fewer than `late` come too early.

        None if there is none, or the steps are used up.
        """
        self.far, self.late = far, late
        found = self._from(0, self.start, 0)
        turns = list(self.chosen) if found else None
        while self.chosen:
            self._take_back()
        return turns

    def _from(self, t: int, past: Past, late: int) -> bool:
        """Fill the meetings from t on; `chosen` then has them all."""
        if t == self.count:
            return past[3:] == self.goal
        busy = 0
        for duty in self.duties[max(0, t + 1 - self.far) :]:
            busy |= duty
        hosts_apart, teams_apart = self.apart[t]
        teams = self._open(1, t, busy | past.team if teams_apart else busy)
        for host in self._open(0, t, busy | past.host if hosts_apart else busy):
            early = late if self.late is None else late + self._too_early(0, host)
            for team in teams:
                if team.mask & host.mask:
                    continue
                now = early if self.late is None else early + self._too_early(1, team)
                after = _after(past, host, team)
                if after.in_a_row > self.goal[0] or (self.late is not None and now >= self.late):
                    continue
                self.steps += 1
                if self.steps > MOST_STEPS:
                    return False
                self._take(t, host, team)
                if self._fits(t) and self._from(t + 1, after, now):
                    return True
                self._take_back()
        return False

    def _open(self, duty: int, t: int, busy: int) -> list[Option]:
        """Return the options with nobody in them who is busy or has had all turns, in the order to try them."""
        left, had, last = self.left[duty], self.had[duty], self.last
        some = [x for x in self.options[t][duty] if not x.mask & busy and all(left[o] for o in x.who)]
        if len(some) > 1:
            some.sort(key=lambda x: [(had[o], last[o]) for o in x.who])
        return some

    def _too_early(self, duty: int, option: Option) -> int:
        early, had = self.early[duty], self.had[duty]
        return sum([sum(early[had[o] + 1 :]) for o in option.who])

    def _take(self, t: int, host: Option, team: Option) -> None:
        self.chosen.append((host, team))
        self.duties.append(host.mask | team.mask)
        for duty, option in enumerate((host, team)):
            left, had, early = self.left[duty], self.had[duty], self.early[duty]
            for o in option.who:
                left[o] -= 1
                early[had[o]] += 1
                had[o] += 1
                self.open[o] -= 1
                self.before.append(self.last[o])
                self.last[o] = t

    def _take_back(self) -> None:
        options = self.chosen.pop()
        self.duties.pop()
        for duty, option in ((1, options[1]), (0, options[0])):
            left, had, early = self.left[duty], self.had[duty], self.early[duty]
            for o in reversed(option.who):
                left[o] += 1
                had[o] -= 1
                early[had[o]] -= 1
                self.open[o] += 1
                self.last[o] = self.before.pop()

    def _fits(self, t: int) -> bool:
        """Return whether the meetings after t are enough for everybody's turns to come."""
        far, last, count = self.far, self.last, self.count
        for o, turns in enumerate(self.open):
            if turns and max(t + 1, last[o] + far) + (turns - 1) * far >= count:
                return False
        return True


def _after(past: Past, host: Option, team: Option) -> Past:
    duty = host.mask | team.mask
    return Past(
        host.mask or past.host,
        team.mask,
        duty,
        past.in_a_row + (duty & past.duty).bit_count(),
        past.moved + host.moved + team.moved,
        past.avoided + host.avoided + team.avoided,
    )


def _apart(network: Network, hosted: list[bool]) -> list[tuple[bool, bool]]:
    """Return for each meeting whether its host and its team must be others than before: not where both are facts."""
    out, host_fact, team_fact = [], True, True
    for meeting, here in zip(network.meetings, hosted, strict=True):
        host, team = "host" in meeting.locked, "preparers" in meeting.locked
        apart = (
            network.no_repeat_host and not (host and host_fact),
            network.no_repeat_preparer and not (team and team_fact),
        )
        out.append(apart)
        host_fact, team_fact = host if here else host_fact, team
    return out
