"""The strip of the year as a letter carries it: twelve months with their marks, for a table, since mail has no SVG."""

from collections.abc import Collection, Iterable
from datetime import date

from flask_babel import format_date

from app.letters.layout import YearMark
from app.meetings.drawings.badges import badges_of
from app.meetings.drawings.year_strip import Mark, strip
from app.meetings.models import Meeting
from app.meetings.row import of_meeting
from app.networks.network_year import months_of

# The twelve tones of organisations, as the stylesheet has them, and the lead for what is online.
TONES = (
    "#4477aa", "#117733", "#aa4499", "#332288", "#882255", "#0077bb",
    "#a6522b", "#6b7a1f", "#5b5b5b", "#946c00", "#2e7f73", "#b5485a",
)  # fmt: skip
LEAD = "#0b6670"


def months(year: int, meetings: Collection[Meeting], own: Iterable[int]) -> list[tuple[str, list[YearMark]]]:
    """(name, marks) of each month; `own` are organisations whose turns are circled."""
    network = next(iter(meetings)).network if meetings else None
    badges = badges_of(network) if network else {}
    begins = network.year_begins if network else 1
    marks = strip(year, map(of_meeting, meetings), badges, begins=begins, mine=own).marks
    return [
        (_name(first), [_mark(each) for each in marks if each.day.month == first.month])
        for first in months_of(year, begins)
    ]


def _name(first: date) -> str:
    return str(format_date(first, "LLL"))[:3]


def _mark(mark: Mark) -> YearMark:
    preparers = " ".join(each.initials for each in mark.preparers)
    host = mark.host if mark.mode != "online" else None
    colour = TONES[host.tone % len(TONES)] if host else LEAD
    return YearMark(mark.day.day, host.initials if host else "", preparers, colour, mark.mine)
