"""What a manager asks of a year: how many meetings, in which months, on which weekday, at what time."""

import calendar
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any

from app.networks.models import Network
from app.networks.network_year import month_in

MONTHS = {
    1: (3,),
    2: (3, 10),
    3: (2, 5, 10),
    4: (2, 5, 9, 11),
    5: (2, 4, 6, 9, 11),
    6: (1, 3, 4, 6, 9, 11),
    7: (1, 3, 4, 6, 9, 10, 11),
    8: (1, 2, 4, 5, 6, 9, 10, 11),
    9: (1, 2, 3, 4, 5, 6, 9, 10, 11),
    10: (1, 2, 3, 4, 5, 6, 9, 10, 11, 12),
}
Window = tuple[date, date]
FEWEST_TO_GO_BY = 3  # meetings of last year from which a habit is read


@dataclass(frozen=True)
class Wishes:
    number: int = 6
    months: tuple[int, ...] = ()
    weekdays: tuple[int, ...] = (1, 3)  # 0 = Monday
    nth: str = ""  # "", "1".."4" or "last": which of these weekdays in the month
    start: time = time(13, 30)
    minutes: int = 180
    mode: str = "in-person"
    preparers: int = 1
    host_may_prepare: bool = False
    repeat_host: bool = False
    repeat_preparer: bool = False
    min_gap: int = 14
    max_turns: int | None = None  # of one organisation; None: the usual number, 0: any
    spread: bool = False  # hosts go round the regions, where that costs nothing

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> "Wishes":
        known = {key: value for key, value in values.items() if key in cls.__dataclass_fields__}
        if "start" in known:
            known["start"] = time.fromisoformat(known["start"])
        wishes = cls(**known)
        return replace(wishes, months=tuple(wishes.months), weekdays=tuple(wishes.weekdays))

    def to_json(self) -> dict[str, Any]:
        lists = {"months": list(self.months), "weekdays": list(self.weekdays)}
        return {**asdict(self), **lists, "start": f"{self.start:%H:%M}"}

    @property
    def in_months(self) -> tuple[int, ...]:
        """The months meant: those asked for, else the usual ones for this number."""
        return self.months or MONTHS.get(self.number, tuple(range(1, 13)))

    def windows(self, year: int, begins: int = 1) -> list[Window]:
        """One window of days per meeting, in the order of a year that begins in that month."""
        months = sorted(month_in(year, month, begins) for month in self.in_months)
        if len(months) < self.number:
            return _within_months(months, self.number)
        if self.nth:
            chosen = [months[(2 * i + 1) * len(months) // (2 * self.number)] for i in range(self.number)]
            return [_nth_week(month, self.nth) for month in chosen]
        cuts = [i * len(months) // self.number for i in range(self.number + 1)]
        groups = (months[first:last] for first, last in pairwise(cuts))
        return [(group[0], _month_end(group[-1])) for group in groups]


def for_network(network: Network, past_days: Sequence[date], past_preparers: int) -> Wishes:
    """What was asked last time, else a first guess from the network and what it did the year before."""
    if network.wishes:
        return Wishes.from_json(network.wishes)
    latest = max(map(network.year_of, past_days), default=0)
    last_year = [day for day in past_days if network.year_of(day) == latest]
    wishes = Wishes(mode=network.mode, preparers=max(1, min(past_preparers, 2)))
    if len(last_year) < FEWEST_TO_GO_BY:
        return wishes
    months = tuple(sorted({day.month for day in last_year}))
    return replace(
        wishes,
        number=len(last_year),
        months=months if len(months) == len(last_year) else (),
        weekdays=(Counter(day.weekday() for day in last_year).most_common(1)[0][0],),
        nth=_usual_nth(last_year),
    )


def _usual_nth(days: Sequence[date]) -> str:
    """Which of its weekdays of the month it mostly was, if there was a habit."""
    nth, count = Counter((day.day - 1) // 7 + 1 for day in days).most_common(1)[0]
    return str(nth) if nth <= 4 and 2 * count > len(days) else ""


def _month_end(first: date) -> date:
    return first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _nth_week(month: date, nth: str) -> Window:
    """The seven days in which the nth (or last) of every weekday of that month falls."""
    if nth == "last":
        end = _month_end(month)
        return end - timedelta(6), end
    first = month.replace(day=7 * (int(nth) - 1) + 1)
    return first, first + timedelta(6)


def _within_months(months: Sequence[date], number: int) -> list[Window]:
    """Fewer months than meetings: the days of the months are shared out evenly."""
    days = [first.replace(day=d) for first in months for d in range(1, _month_end(first).day + 1)]
    cuts = [i * len(days) // number for i in range(number + 1)]
    return [(days[first], days[max(first, last - 1)]) for first, last in pairwise(cuts)]
