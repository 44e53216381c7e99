"""In which month the year of a network begins."""

from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy import select

from app.audit import differences, record
from app.errors import Refused
from app.extensions import db
from app.meetings import phrases
from app.meetings.models import Cycle, TurnWish
from app.meetings.queries import cycles_of, meetings_of
from app.networks.models import Network
from app.rounds.models import DateRound


def begin_year_in(network: Network, month: int, now: datetime) -> None:
    """Let the year begin in that month; past meetings that were imported count for the years as they lie now.

    Raises Refused where a year is published, planned or asked about already: people know it by its name and its dates.
    """
    before = network.year_begins
    if month == before:
        return
    cycles = cycles_of(network)
    if any(cycle.published or cycle.draft for cycle in cycles) or _asked(network):
        raise Refused(
            _(
                "The year of this network begins in %(month)s: people know it so. Only a network of which no year is "
                "published, planned or asked about can change that.",
                month=phrases.month_names()[before - 1],
            )
        )
    begins = differences(network, {"year_begins": month}, ("year_begins",))
    record("year-begins", network, now, network_id=network.id, **begins)
    network.year_begins = month
    _sort(network, cycles)
    network.changed(now)


def _asked(network: Network) -> bool:
    """Whether a date round or a wish for a turn names a year."""
    found = (select(model.id).where(model.network_id == network.id).limit(1) for model in (DateRound, TurnWish))
    return any(db.session.scalar(query) is not None for query in found)


def _sort(network: Network, cycles: list[Cycle]) -> None:
    """Put each meeting into the year in which it lies now."""
    by_year = {cycle.year: cycle for cycle in cycles}
    for meeting in meetings_of([network.id]):
        year = network.year_of(meeting.day)
        if year not in by_year:
            by_year[year] = Cycle(network=network, year=year)
            db.session.add(by_year[year])
        meeting.cycle = by_year[year]
    db.session.flush()
