"""Which days are closed, and when organisations cannot."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select

from app.availability.models import Absence, ClosedPeriod
from app.extensions import db
from app.networks.models import Network, Organisation
from scheduling.days import holidays

REGION_NAMES = holidays.REGIONS


@dataclass(frozen=True)
class ClosedDays:
    """What is known of a region between two days."""

    public: dict[date, str]
    school: dict[date, str]
    known_until: date | None  # of the school holidays; None = nothing is known


def closed_days(network: Network, first: date, last: date, region: str | None = None) -> ClosedDays:
    """Public and school holidays of the network's region, and the programme's own closed periods."""
    region = region or network.school_region
    if region is None:
        return ClosedDays({}, {}, None)
    public = holidays.public_holidays(region, range(first.year, last.year + 1))
    public = {day: name for day, name in public.items() if first <= day <= last}
    for period in closed_periods(network.programme_id, first, last):
        if period.region in (None, region):
            public |= dict.fromkeys(_days(max(first, period.first), min(last, period.last)), period.name)
    school = holidays.school_holidays(region, first, last)
    return ClosedDays(public, school, holidays.known_until(region))


def closed_periods(programme_id: int, first: date, last: date) -> list[ClosedPeriod]:
    query = select(ClosedPeriod).where(
        ClosedPeriod.programme_id == programme_id, ClosedPeriod.first <= last, ClosedPeriod.last >= first
    )
    return list(db.session.scalars(query.order_by(ClosedPeriod.first)))


def absences_of(organisation_ids: Sequence[int], first: date, last: date) -> list[Absence]:
    """Absences that touch [first, last]."""
    query = select(Absence).where(
        Absence.organisation_id.in_(organisation_ids),
        or_(Absence.first.is_(None), Absence.first <= last),
        or_(Absence.last.is_(None), Absence.last >= first),
    )
    return list(db.session.scalars(query.order_by(Absence.organisation_id, Absence.first, Absence.id)))


def days_away(
    absences: Iterable[Absence], first: date, last: date
) -> tuple[dict[int, set[date]], dict[int, set[date]]]:
    """({organisation: days nobody can come}, {organisation: days only its room is closed})."""
    away: dict[int, set[date]] = {}
    room_closed: dict[int, set[date]] = {}
    for absence in absences:
        target = room_closed if absence.only == "host" else away
        target.setdefault(absence.organisation_id, set()).update(absence.days(first, last))
    return away, room_closed


def absences_listed(organisations: Sequence[Organisation]) -> list[Absence]:
    query = select(Absence).where(Absence.organisation_id.in_([each.id for each in organisations]))
    return list(db.session.scalars(query.order_by(Absence.first, Absence.id)))


def _days(first: date, last: date) -> list[date]:
    return [first + timedelta(n) for n in range((last - first).days + 1)]
