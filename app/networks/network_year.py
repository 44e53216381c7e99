"""The year of a network: twelve months that may begin in any of them, called by the calendar year it begins in."""

from collections.abc import Iterable
from datetime import date, timedelta

PLANNED_AHEAD = 4  # months before a year begins it is the one to plan


def year_of(day: date, begins: int) -> int:
    """Return the year in which the day lies."""
    return day.year - (day.month < begins)


def month_in(year: int, month: int, begins: int) -> date:
    """Return the first day of a month of that year."""
    return date(year + (month < begins), month, 1)


def months_of(year: int, begins: int) -> list[date]:
    """Return the first days of its twelve months, in order."""
    return [month_in(year, (begins - 1 + n) % 12 + 1, begins) for n in range(12)]


def span_of(year: int, begins: int) -> tuple[date, date]:
    """Return its first and last day."""
    return date(year, begins, 1), date(year + 1, begins, 1) - timedelta(1)


def name_of(year: int, begins: int) -> str:
    """Return what people call it: "2026", or "2026/27" where it runs over New Year's."""
    return str(year) if begins == 1 else f"{year}/{(year + 1) % 100:02}"


def shared_name(year: int, begins: Iterable[int]) -> str:
    """Return what several networks call it together: only the number where they begin in different months."""
    months = set(begins)
    return name_of(year, months.pop()) if len(months) == 1 else str(year)


def year_to_plan(day: date, begins: int) -> int:
    """Return the year that is planned on that day: the next one in the last months of this one."""
    months = day.year * 12 + day.month - 1 + PLANNED_AHEAD
    return year_of(date(months // 12, months % 12 + 1, 1), begins)
