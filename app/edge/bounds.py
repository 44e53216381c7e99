"""Within which bounds ids, years and days are taken, wherever they are typed or stand in an address."""

import re
from datetime import date

from app.clock import now

LARGEST = 999_999_999  # of nine figures: no row has a larger number, and every database holds it
BACK, AHEAD = 5, 10  # years
LONG_AGO = 80  # who takes part may have begun before anybody planned here


def row_number(text: object) -> int:
    """An id or a version; ValueError for what no row can have."""
    if not re.fullmatch("[0-9]{1,9}", str(text)):
        raise ValueError("no number of a row")
    return int(str(text))


def years(back: int = BACK) -> range:
    """The years in which anything is planned or looked up."""
    this = now().year
    return range(this - back, this + AHEAD + 1)


def near(day: date | None, back: int = BACK) -> bool:
    """Whether a day, if there is one, lies in these years."""
    return day is None or day.year in years(back)
