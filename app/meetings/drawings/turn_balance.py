"""The turn balance: owed to the left, ahead to the right; and the same as lines over the years."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from app.meetings.balances import YearOfTurns
from app.meetings.drawings.badges import Badge
from app.text import by_name

LINE, CENTRE, REACH = 50, 205, 150  # of a line: its height, its middle, the longest bar


@dataclass(frozen=True)
class Standing:
    """How one organisation stands with one kind of duty: turns done, and done minus owed."""

    done: int
    balance: Fraction
    first: bool  # whether everybody else is less far behind

    @property
    def side(self) -> str:
        """next, due, level or ahead: by halves of a turn, so that nobody reads decimals."""
        if self.first:
            return "next"
        if abs(self.balance) < Fraction(1, 2):
            return "level"
        return "due" if self.balance < 0 else "ahead"


@dataclass(frozen=True)
class BalanceLine:
    organisation_id: int
    badge: Badge
    hosting: Standing
    preparing: Standing
    bars: tuple[tuple[float, float], tuple[float, float]]  # x and width, hosting then preparing
    y: int
    may_host: bool

    @property
    def no_turn_yet(self) -> bool:
        """Nothing done and nothing owed: one word says it for both duties."""
        both = (self.hosting, self.preparing)
        return all(each.done == 0 and each.side == "level" for each in both)


@dataclass(frozen=True)
class Turns:
    """What a line of the balance is drawn from: (hosting, preparing) each."""

    organisation_id: int
    badge: Badge
    done: tuple[int, int]
    balance: tuple[Fraction, Fraction]
    may_host: bool


def balance(turns: Iterable[Turns]) -> list[BalanceLine]:
    """One line per organisation, whoever owes most first."""
    listed = sorted(turns, key=lambda each: (sum(each.balance), by_name(each.badge.name)))
    largest = max([abs(value) for each in listed for value in each.balance], default=Fraction(1))
    scale = REACH / float(max(largest, Fraction(1)))
    hosting = _furthest_behind([each.balance[0] for each in listed if each.may_host])
    preparing = _furthest_behind([each.balance[1] for each in listed])
    return [
        BalanceLine(
            each.organisation_id,
            each.badge,
            Standing(each.done[0], each.balance[0], first=each.may_host and each.balance[0] == hosting),
            Standing(each.done[1], each.balance[1], first=each.balance[1] == preparing),
            (_bar(each.balance[0], scale), _bar(each.balance[1], scale)),
            52 + LINE * n,
            each.may_host,
        )
        for n, each in enumerate(listed)
    ]


def _furthest_behind(balances: Sequence[Fraction]) -> Fraction | None:
    """The balance of the one who is next; None when nobody owes a turn, or two owe as much."""
    least = min(balances, default=Fraction(0))
    return least if least < 0 and balances.count(least) == 1 else None


def _bar(value: Fraction, scale: float) -> tuple[float, float]:
    width = round(float(abs(value)) * scale, 1)
    return (CENTRE if value >= 0 else round(CENTRE - width, 1), max(width, 1.0))


@dataclass(frozen=True)
class YearsLine:
    """One organisation's balance year by year, as the points of two lines around `y`."""

    badge: Badge
    y: int
    hosting: str
    preparing: str
    years: tuple[YearOfTurns, ...]


FIRST_YEAR, LAST_YEAR, ROW, SWING = 50, 342, 60, 16


def years(
    lines: Sequence[tuple[Badge, Sequence[YearOfTurns]]], shown: Sequence[int]
) -> tuple[list[YearsLine], list[tuple[float, int]], int]:
    """(lines, [(x, year)], turns at the edge): above the middle is ahead, below still to do; all begin at nothing."""
    step = (LAST_YEAR - FIRST_YEAR) / max(1, len(shown))
    at = {year: FIRST_YEAR + step * (n + 1) for n, year in enumerate(shown)}
    largest = max([abs(b) for _, turns in lines for each in turns for b in each.balance], default=Fraction(1))
    edge = max(1, ceil(largest))
    scale = SWING / edge
    out = []
    for n, (badge, turns) in enumerate(lines):
        y = 66 + ROW * n
        start = at[turns[0].year] - step if turns else FIRST_YEAR
        hosting, preparing = (
            " ".join(
                f"{x:.1f},{y - float(b) * scale:.1f}"
                for x, b in [(start, Fraction(0)), *((at[each.year], each.balance[kind]) for each in turns)]
            )
            for kind in (0, 1)
        )
        out.append(YearsLine(badge, y, hosting, preparing, tuple(turns)))
    return out, [(round(x, 1), year) for year, x in at.items()], edge
