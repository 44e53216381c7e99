"""Days worth asking a network about: the best few of each meeting's window."""

from datetime import date
from itertools import chain

from app.networks.models import Network
from app.planning import day_map
from app.planning.year_request import Wishes

PER_MEETING = 3
COST = {"open": 0, "dear-1": 1, "dear-2": 2, "dear-3": 3, "dear-4": 4}


def of_year(network: Network, year: int, wishes: Wishes, today: date) -> list[day_map.Day]:
    """Up to three days per meeting, cheapest first and near the middle of its window; closed days are left out."""
    days = {day.day: day for day in chain.from_iterable(day_map.of_year(network, year))}
    chosen: dict[date, day_map.Day] = {}
    for first, last in wishes.windows(year):
        middle = first.toordinal() + (last - first).days / 2
        fit = [
            day
            for day in days.values()
            if first <= day.day <= last and day.day > today
            if day.day.weekday() in wishes.weekdays and day.shade in COST
        ]
        fit.sort(key=lambda day: (COST[day.shade], abs(day.day.toordinal() - middle)))
        chosen |= {day.day: day for day in fit[:PER_MEETING]}
    return [chosen[day] for day in sorted(chosen)]
