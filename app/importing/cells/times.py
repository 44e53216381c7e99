"""The time of day a cell gives: "17:30 Uhr", "18-19 Uhr", "14.00-16.30 uur", or a time Excel knows as one."""

import re
from datetime import datetime, time

from app.importing.files.sheet import Cell

Span = tuple[time | None, int | None]  # start, and minutes when there is an end
CLOCK = r"(?P<{0}h>[01]?\d|2[0-4])(?:[:.u](?P<{0}m>[0-5]\d)(?::\d\d)?)?\s*(?:h|uur|uhr)?"
IN_TIME = re.compile(
    rf"^\D*?{CLOCK.format('a')}(?:\s*(?:[-–—]|bis|tot|to|t/m|until)\s*{CLOCK.format('b')})?(?!\d)", re.IGNORECASE
)
# Beside a date only what can be nothing else: 4.3 is a day, 13:30 and 13.30 Uhr are not.
IN_DATE = re.compile(r"(?<![\d.\-/])(?:\d{1,2}:\d\d|\d{1,2}(?:[.u]\d\d)?\s*(?:uhr|uur)\b).*$", re.IGNORECASE)


def times(cell: Cell) -> Span:
    """Of a cell in a column of times."""
    value = cell.value
    if isinstance(value, datetime):
        return value.time(), None
    if isinstance(value, float) and 0 < value < 1:
        minutes = round(value * 24 * 60) % (24 * 60)
        return time(minutes // 60, minutes % 60), None
    return _of_text(cell.text)


def in_date(cell: Cell) -> Span:
    """Of a cell that gives the day as well."""
    if isinstance(cell.value, datetime):
        return (cell.value.time() if cell.value.time() != time() else None), None
    found = IN_DATE.search(cell.text)
    return _of_text(found[0]) if found else (None, None)


def without_time(cell: Cell) -> Cell:
    return Cell(IN_DATE.sub("", cell.text).strip(" ,")) if isinstance(cell.value, str) else cell


def _of_text(text: str) -> Span:
    found = IN_TIME.match(" ".join(text.split()))
    start = _clock(found, "a") if found else None
    end = _clock(found, "b") if found else None
    return start, minutes_between(start, end)


def _clock(found: re.Match[str], side: str) -> time | None:
    hour = found[f"{side}h"]
    return time(int(hour), int(found[f"{side}m"] or 0)) if hour and int(hour) < 24 else None


def minutes_between(start: time | None, end: time | None) -> int | None:
    """None where there is no end, or an end that cannot be."""
    if start is None or end is None:
        return None
    minutes = (end.hour - start.hour) * 60 + end.minute - start.minute
    return minutes if 0 < minutes <= 12 * 60 else None
