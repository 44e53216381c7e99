"""The year day by day: which days are closed, and which are dear because people cannot come."""

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain

from flask_babel import gettext as _
from flask_babel import ngettext

from app.availability.queries import ClosedDays, absences_of, closed_days, days_away
from app.meetings import phrases
from app.networks.models import Network
from app.networks.network_year import months_of
from app.planning.elsewhere import Busy, busy_days
from app.planning.year_request import Wishes
from app.rounds.queries import said

STEPS = 4  # shades of "some cannot come"
PER_MEETING = 3  # days a network is asked about
COST = {"open": 0, "dear-1": 1, "dear-2": 2, "dear-3": 3, "dear-4": 4}


@dataclass(frozen=True)
class Day:
    day: date
    shade: str  # open, dear-1 .. dear-4, closed, weekend
    why: str


def of_year(network: Network, year: int) -> list[list[Day]]:
    """Twelve months of days, each saying why it is closed or dear."""
    first, last = network.span(year)
    members = network.members_on(first) or network.memberships
    closed = closed_days(network, first, last)
    absences = absences_of([member.organisation_id for member in members], first, last)
    away, _rooms = days_away(absences, first, last)
    busy = busy_days(network, year)
    known = phrases.names(network)
    missing: dict[date, set[str]] = {}
    answers = said(network, year)
    for organisation, days in (*away.items(), *answers.cannot.items()):
        for day in days:
            missing.setdefault(day, set()).add(known[organisation])
    months = months_of(year, network.year_begins)
    return [[_day(day, closed, busy, missing, len(members)) for day in _month(month)] for month in months]


def _month(first: date) -> Iterator[date]:
    return (first + timedelta(n) for n in range(calendar.monthrange(first.year, first.month)[1]))


def _day(day: date, closed: ClosedDays, busy: Busy, missing: dict[date, set[str]], members: int) -> Day:
    if day in closed.public:
        return Day(day, "closed", closed.public[day])
    if day.weekday() > 4:
        return Day(day, "weekend", _("weekend"))
    if day in busy.manager:
        return Day(day, "closed", _("you have another meeting that day"))
    reasons = []
    absent = sorted(missing.get(day, ()))
    if absent:
        reasons.append(_("%(names)s cannot come.", names=phrases.joined(absent)))
    if day in closed.school:
        reasons.append(_("School holiday: %(name)s.", name=closed.school[day]))
    cost = len(absent) / max(members, 1) + (0.3 if day in closed.school else 0)
    shade = f"dear-{min(STEPS, 1 + int(STEPS * cost))}" if reasons else "open"
    return Day(day, shade, " ".join(reasons) or _("Nobody is known to be away."))


def open_days(months: list[list[Day]]) -> str:
    """How many days are left on which nobody is known to be away."""
    count = sum(day.shade == "open" for month in months for day in month)
    return ngettext("Nobody is known to be away on one day.", "Nobody is known to be away on %(num)s days.", count)


def worth_asking(network: Network, year: int, wishes: Wishes, today: date) -> list[Day]:
    """Days to ask a network about: up to three a meeting, cheapest first and near the middle of its window.

    Closed days are left out.
    """
    days = {day.day: day for day in chain.from_iterable(of_year(network, year))}
    chosen: dict[date, Day] = {}
    for first, last in wishes.windows(year, network.year_begins):
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
