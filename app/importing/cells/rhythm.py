"""How often a network meets, as people write it: "monatlich, 60 Min.", "elke 2e donderdag 13:30-16:30"."""

import re
from dataclasses import dataclass

from app.importing.cells.calendar_words import WEEKDAYS
from app.importing.cells.times import in_date, times
from app.importing.files.sheet import Cell

OFTEN = {
    r"tweemaandelijks|om de maand|elke twee maanden|zweimonatlich|alle (?:zwei|2) monate|every (?:two|other) month": 6,
    r"halfjaarlijks|halbjährlich|half[- ]yearly|twice a year": 2,
    r"(?:per|elk|ieder) kwartaal|kwartaal\w*|vierteljährlich|quartalsweise|(?:pro|jedes) quartal|quarterly": 4,
    r"maandelijks|(?:elke|iedere|per) maand|monatlich|jeden monat|monthly|every month": 12,
}
_A_YEAR = r"(?:per jaar|/\s*jaar|p\.?j\.?|im jahr|pro jahr|jährlich|a year|per year)"
TIMES_A_YEAR = re.compile(rf"(?<![\d\-–])\b(\d{{1,2}})\s*(?:x|×|keer|maal|-?mal|times)\s*{_A_YEAR}", re.IGNORECASE)
DAYS = (
    r"(?P<day>maandag|dinsdag|woensdag|donderdag|vrijdag|montag|dienstag|mittwoch|donnerstag|freitag|monday|tuesday"
    r"|wednesday|thursday|friday)\w*"
)
NTH = {
    "1": r"1e|1ste|1st|1\.|eerste|erste[nrm]?|first",
    "2": r"2e|2de|2nd|2\.|tweede|zweite[nrm]?|second",
    "3": r"3e|3de|3rd|3\.|derde|dritte[nrm]?|third",
    "4": r"4e|4de|4th|4\.|vierde|vierte[nrm]?|fourth",
    "last": r"laatste|letzte[nrm]?|last",
}
NTH_DAY = re.compile(rf"(?:\b(?P<nth>{'|'.join(NTH.values())})\s+)?\b{DAYS}", re.IGNORECASE)
_TO = r"\s*(?:-|–|bis|tot|to)\s*"
SPAN = re.compile(
    rf"\b\d{{1,2}}[:.]\d\d{_TO}\d{{1,2}}[:.]\d\d\b|\b\d{{1,2}}(?:[:.]\d\d)?{_TO}\d{{1,2}}(?:[:.]\d\d)?(?=\s*(?:uhr|uur|h)\b)",
    re.IGNORECASE,
)
EARLIEST = 7  # the hour before which nobody meets
MINUTES = re.compile(r"\b(\d{2,3})\s*min", re.IGNORECASE)
HOURS = re.compile(r"\b([1-8])(?:[.,](5))?\s*(?:std|stunden?|hours?|uur)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Rhythm:
    """What is said of a year of meetings; what is not said is None or empty."""

    number: int | None = None
    weekday: int | None = None  # 0 = Monday
    nth: str = ""  # of its weekdays in the month: "1".."4", "last"
    start: str = ""
    minutes: int | None = None
    online: bool = False

    def __bool__(self) -> bool:
        return self != Rhythm(online=self.online)

    def __str__(self) -> str:
        length = f"{self.minutes} min" if self.minutes else ""
        day = f"weekday {self.weekday}" if self.weekday is not None else ""
        often = f"{self.number}×" if self.number else ""
        return ", ".join(part for part in (often, self.nth, day, self.start, length) if part)

    @property
    def wishes(self) -> dict[str, object]:
        """As a network keeps them."""
        days = [self.weekday] if self.weekday is not None else None
        said = {"number": self.number, "weekdays": days, "nth": self.nth, "start": self.start, "minutes": self.minutes}
        return {name: value for name, value in said.items() if value}


def rhythm(text: str) -> Rhythm:
    """Falsy where nothing is said plainly."""
    text = " ".join(text.split())
    start, minutes = _time(text)
    day = NTH_DAY.search(text)
    return Rhythm(
        number=_number(text),
        weekday=WEEKDAYS[day["day"].lower()[:2]] if day else None,
        nth=_nth(day["nth"]) if day and day["nth"] else "",
        start=start,
        minutes=minutes,
        online=bool(re.search(r"\bonline|\bvideo|\bdigita", text, re.IGNORECASE)),
    )


def _number(text: str) -> int | None:
    stated = TIMES_A_YEAR.search(text)
    if stated:
        return int(stated[1]) if 1 <= int(stated[1]) <= 52 else None
    return next(
        (number for words, number in OFTEN.items() if re.search(rf"\b(?:{words})s?\b", text, re.IGNORECASE)), None
    )


def _nth(word: str) -> str:
    return next(nth for nth, words in NTH.items() if re.fullmatch(words, word, re.IGNORECASE))


def _time(text: str) -> tuple[str, int | None]:
    """Start as HH:MM and length in minutes."""
    span = SPAN.search(text)
    start, minutes = times(Cell(span[0])) if span else in_date(Cell(text))
    if start and start.hour < EARLIEST:
        start = None  # "2 uur" is how long
    if minutes is None:
        stated, hours = MINUTES.search(text), HOURS.search(text)
        minutes = int(stated[1]) if stated else int(hours[1]) * 60 + 30 * bool(hours[2]) if hours else None
        minutes = None if span is None and start and hours and not stated else minutes  # "om 8 uur"
    return f"{start:%H:%M}" if start else "", minutes if minutes and 15 <= minutes <= 720 else None
