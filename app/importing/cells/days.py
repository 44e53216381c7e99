"""Days and periods as people type them in Dutch, German and English. The day comes first; a week alone is no day."""

import re
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from app.edge.bounds import AHEAD, BACK
from app.importing.cells.calendar_words import (
    MONTH,
    MONTHS,
    NO_PERIOD,
    ONLY_HOST,
    OPEN_END,
    TO,
    TO_WORD,
    WEEK,
    WEEKDAY,
    WEEKDAYS,
    WEEKLY,
)
from app.importing.cells.named_days import NAMED, named
from app.importing.cells.spelling_days import BY_ARRANGEMENT, ONLY_MONTH, spelled_out
from app.importing.cells.values import Read
from app.importing.files.sheet import Cell
from app.text import clean

NUMERIC = r"(?P<d>\d{1,2})(?P<s>[-/.])(?P<m>\d{1,2})(?:(?P=s)(?P<y>\d{4}|\d{2})|\.(?!\d))?(?![\d/])"
WRITTEN = (
    rf"(?P<d>\d{{1,2}})(?:\.|e|ste|de|st|nd|rd|th)?\s*(?P<m>{MONTH})\b\.?(?:\s*[,'’]?\s*(?P<y>20\d\d|(?<=['’])\d\d))?"
)
ISO = r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})"
NEVER = re.compile(r"[-–—]+|geen|keine?|none|nihil|nee|nein|no|n\.?\s?v\.?\s?t\.?|n/a|entfällt", re.IGNORECASE)
FIGURES = re.compile(r"(?P<d>\d{1,2})[-/.](?P<m>\d{1,2})(?:[-/.](?P<y>\d{4}|\d{2}))?")
BARE = r"(?P<d>\d{1,2})\.?"
SERIAL = range(30_000, 60_000)  # 1982 to 2064: a date whose cell lost its format


@dataclass(frozen=True)
class Period:
    """Days, or one weekday (0 = Monday), or that weekday within those days."""

    first: date | None = None
    last: date | None = None
    weekday: int | None = None
    only: str | None = None

    def __str__(self) -> str:
        days = "/".join(dict.fromkeys(str(day) for day in (self.first, self.last) if day))
        week = f"weekday {self.weekday}" if self.weekday is not None else ""
        return " ".join(part for part in (days, week, self.only) if part)


def _named(pattern: str, suffix: str) -> str:
    """The pattern with its groups numbered, so that it can stand twice in one expression."""
    return re.sub(r"\(\?P([<=])(\w)", rf"(?P\1\2{suffix}", pattern)


def _point(suffix: str) -> str:
    return "|".join(_named(pattern, f"{suffix}{n}") for n, pattern in enumerate((ISO, NUMERIC, WRITTEN)))


RANGE = re.compile(
    rf"(?<![\d/])(?:{_named(BARE, 'c')}(?:{TO}(?:{_named(WRITTEN, 'e')})|{TO_WORD}(?:{_named(NUMERIC, 'f')}))|"
    rf"(?:{_point('a')})(?:{TO}(?:{WEEKDAY}\s+)?(?:{_point('b')}))?)",
    re.IGNORECASE,
)
WEEKS = re.compile(rf"{WEEK}\s*(\d{{1,2}})(?:{TO}(?:{WEEK}\s*)?(\d{{1,2}}))?(?:\s*['’]?(20\d\d))?(?!\d)", re.IGNORECASE)
ISO_PERIOD = re.compile(r"(\d{4}-\d\d-\d\d)/(\d{4}-\d\d-\d\d)")
UNTIL = re.compile(rf"^(?!.*\d)\D*?{TO_WORD}(?:eind|ende|end of|end)?\s*(?P<m>{MONTH})\b", re.IGNORECASE)
WHOLE_MONTHS = re.compile(rf"\b({MONTH})\b\.?(?:{TO}({MONTH})\b)?(?:\s*['’]?(20\d\d))?", re.IGNORECASE)
HALF_MONTH = re.compile(
    rf"\b(?:eind|ende|end|begin|anfang|beginning|half|halb|mitte|medio|mid)\b.*{MONTH}", re.IGNORECASE
)

OF_MONTH = re.compile(rf"(?:week|woche)\s*(?:van|in|im|of|der|des)?\s*{MONTH}", re.IGNORECASE)  # only a part of it


class Impossible(ValueError):
    """A day that no calendar has, such as 31 June."""


def month_first(text: str) -> bool:
    """Whether a day can only be meant month first: 2/25/2027."""
    found = FIGURES.fullmatch(text.strip())
    return found is not None and int(found["d"]) <= 12 < int(found["m"]) <= 31


def day(cell: Cell, year: int, *, since_1904: bool = False, mixed: bool = False, back: int = BACK) -> Read:
    """The one day a cell names: repaired, told, asked (a week, another weekday, far away) or refused (no such day).

    `mixed`: in its column some days stand month first, so that 2/3 is asked. `back`: as many years before `year`.
    """
    found = _day(cell, year, since_1904, mixed)
    return found if found.value is None or _near(found.value, year, back) else Read(None, "asked", "date_far")


def _near(when: date | None, year: int, back: int = BACK) -> bool:
    return when is None or year - back <= when.year <= year + AHEAD


def _day(cell: Cell, year: int, since_1904: bool, mixed: bool) -> Read:
    if isinstance(cell.value, date):
        return Read(cell.value.date() if isinstance(cell.value, datetime) else cell.value, "repaired", "date_cell")
    text = " ".join((clean(cell.text) or "").split())
    if not text:
        return Read(None)
    if text.isdecimal() and int(text) in SERIAL:
        return Read(_from_serial(int(text), since_1904), "told", "date_serial")
    try:
        return (mixed and _either_way(text, year)) or _typed_day(text, year)
    except Impossible:
        return Read(None, "refused", "date_impossible")


def month(cell: Cell) -> date | None:
    """The first day of the month, or of the year, that a cell names in place of a day."""
    found = ONLY_MONTH.fullmatch(" ".join((clean(cell.text) or "").split()))
    if found is None:
        return None
    number = int(found["n"]) if found["n"] else _month(found["m"].lower()) if found["m"] else 1
    return date(int(found["y"]) + (2000 if len(found["y"]) == 2 else 0), number, 1)


def _either_way(text: str, year: int) -> Read | None:
    """Figures in a column of both orders; None where only day first is possible."""
    found = FIGURES.fullmatch(text)
    if found is None or int(found["d"]) > 12 or found["d"] == found["m"]:
        return None
    turned = _date({"d": found["m"], "m": found["d"], "y": found["y"] or str(year)}, {})
    if month_first(text):
        return Read(turned, "told", "date_month_first")
    usual = _date({name: value for name, value in found.groupdict().items() if value}, {"y": str(year)})
    return Read(None, "asked", "date_order", options=(usual.isoformat(), turned.isoformat()))


@lru_cache(4_000)
def _typed_day(text: str, year: int) -> Read:
    spans = [span for span in _ranges(text, year) if span[0] == span[1]]
    if len(spans) != 1:
        return Read(None, "asked", "date_only_week" if WEEKS.search(text) else "date_unclear")
    found = spans[0][0]
    weekday = re.match(rf"({WEEKDAY})\b", text, re.IGNORECASE)
    if weekday and WEEKDAYS[weekday[1].lower()[:2]] != found.weekday():
        return Read(None, "asked", "date_other_weekday", found.isoformat())
    if re.fullmatch(ISO, text):
        return Read(found, "repaired", "date_iso")
    return Read(found, "told", "date_text")


def _from_serial(number: int, since_1904: bool) -> date:
    """Excel counts a 29 February 1900 that never was: before it everything is a day later."""
    first = date(1904, 1, 1) if since_1904 else date(1899, 12, 30 + (number < 60))
    return first + timedelta(days=number)


def periods(cell: Cell, year: int, note: str = "") -> Read:
    """All periods a cell names; the value is a tuple of Period. Asked when there are none, or far away."""
    found = _periods_in(cell, year, note)
    near = all(_near(each.first, year) and _near(each.last, year) for each in found.value)
    return found if near else Read((), "asked", "date_far")


def _periods_in(cell: Cell, year: int, note: str) -> Read:
    if isinstance(cell.value, date):
        when = cell.value.date() if isinstance(cell.value, datetime) else cell.value
        code = "date_year_hidden" if cell.short_format else "date_cell"
        return Read((Period(when, when),), "repaired", code)
    text = " ".join((clean(cell.text) or "").split())
    if not text or NEVER.fullmatch(text):
        return Read(())
    if BY_ARRANGEMENT.fullmatch(text):
        return Read((), "told", "period_arranged")
    only = "host" if ONLY_HOST.search(f"{text} {note}") else None
    try:
        found = _periods(spelled_out(text, year), year)
    except Impossible:
        return Read((), "refused", "date_impossible")
    if not found:
        return Read((), "asked", "period_unclear")
    return Read(tuple(Period(*each, only) for each in found), "told", "period_text")


def _periods(text: str, year: int) -> list[tuple[date | None, date | None, int | None]]:
    spans = _with_weeks(_ranges(text, year), _weeks(text, year)) or _until(text, year) or named(text, year)
    if _unread(text) or (not spans and NO_PERIOD.search(text)) or OPEN_END.search(text):
        return []
    spans = spans or _months(text, year)
    weekly = _weekly(text)
    if spans:
        within = weekly if WEEKLY.search(text) else None
        return [(first, last, within) for first, last in spans]
    return [] if weekly is None else [(None, None, weekly)]


def _ranges(text: str, year: int) -> list[tuple[date, date]]:
    """Weeks are taken out first: "KW 30-35" is no thirtieth of anything."""
    text = ISO_PERIOD.sub(r"\1 - \2", WEEKS.sub(" ", text))
    return [_range(match, year) for match in RANGE.finditer(text)]


def _with_weeks(days: list[tuple[date, date]], weeks: list[tuple[date, date]]) -> list[tuple[date, date]]:
    """A week beside its own days explains them: "carnaval (wk 6, 6 t/m 14 feb)"."""
    return days + [week for week in weeks if all(last < week[0] or week[1] < first for first, last in days)]


def _unread(text: str) -> bool:
    """Whether figures are left over that nothing above explains."""
    for known in (ISO_PERIOD, RANGE, WEEKS, NAMED, WHOLE_MONTHS):
        text = known.sub(" ", text)
    return any(sign.isdecimal() for sign in text)


def _range(match: re.Match[str], year: int) -> tuple[date, date]:
    parts = {name: value for name, value in match.groupdict().items() if value}
    last = _parts(parts, "b") or _parts(parts, "e") or _parts(parts, "f")
    first = _parts(parts, "a") or _parts(parts, "c")
    end = _date(last or first, {"y": str(year)})
    begin = _date(first, {"m": str(end.month), "y": str(end.year)})
    if begin > end and "y" not in (last or {}):
        end = _date(last, {"y": str(year + 1)})
    if begin > end:
        raise Impossible
    return begin, end


def _parts(parts: dict[str, str], side: str) -> dict[str, str]:
    """The d, m and y of one end, whichever of the notations it was written in."""
    return {name[0]: value for name, value in parts.items() if name[1] == side and name[0] in "dmy"}


def _date(parts: dict[str, str], missing: dict[str, str]) -> date:
    known = {**missing, **parts}
    month, year = known["m"].lower(), int(known["y"])
    try:
        return date(year + 2000 if len(known["y"]) < 3 else year, _month(month), int(known["d"]))
    except ValueError as error:
        raise Impossible from error


def _month(text: str) -> int:
    return int(text) if text.isdecimal() else MONTHS[text[:3]]


def _weeks(text: str, year: int) -> list[tuple[date, date]]:
    return [
        (_monday(int(a), y or year), _monday(int(b or a), y or year) + timedelta(6)) for a, b, y in _week_numbers(text)
    ]


def _week_numbers(text: str) -> list[tuple[str, str, int | None]]:
    return [(a, b, int(y) if y else None) for a, b, y in WEEKS.findall(text)]


def week_of(text: str, year: int) -> date | None:
    """The Monday of the one week a text names."""
    try:
        found = _weeks(text, year)
    except Impossible:
        return None
    return found[0][0] if len(found) == 1 else None


def _monday(week: int, year: int) -> date:
    """Week 53 of a year that has none is the last week of the year before: it holds this year's first days."""
    try:
        return date.fromisocalendar(year, week, 1)
    except ValueError:
        if week != 53:
            raise Impossible from None
    return date.fromisocalendar(year, 1, 1) - timedelta(7)


def _until(text: str, year: int) -> list[tuple[date, date]]:
    match = UNTIL.search(text)
    return [(date(year, 1, 1), _month_end(year, _month(match["m"].lower())))] if match else []


def _months(text: str, year: int) -> list[tuple[date, date]]:
    if HALF_MONTH.search(text) or OF_MONTH.search(text):
        return []
    spans = []
    for first, last, stated in WHOLE_MONTHS.findall(text):
        begin, end = _month(first.lower()), _month((last or first).lower())
        of = int(stated or year)
        spans.append((date(of, begin, 1), _month_end(of + (end < begin), end)))
    return spans


def _month_end(year: int, month: int) -> date:
    return (date(year, month, 28) + timedelta(4)).replace(day=1) - timedelta(1)


def _weekly(text: str) -> int | None:
    """The weekday, when the text names just one."""
    found = {WEEKDAYS[word.lower()[:2]] for word in re.findall(rf"\b({WEEKDAY})", text, re.IGNORECASE)}
    return found.pop() if len(found) == 1 else None
