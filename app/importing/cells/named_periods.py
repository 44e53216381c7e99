"""Periods that people name: school holidays of a region, "eerste week van juni". The uncertain is a proposal."""

import re
from collections.abc import Iterable
from datetime import date, timedelta
from functools import lru_cache

from app.importing.cells import regions
from app.importing.cells.calendar_words import MONTH, MONTHS, NO_PERIOD
from app.importing.cells.days import Period
from app.importing.cells.person_names import key
from scheduling.days import holidays

SCHOOL = re.compile(r"\bschool|\bschul|vakanties\b|ferien\b", re.IGNORECASE)
DUTCH = {"noord": "NL-Noord", "midden": "NL-Midden", "zuid": "NL-Zuid"}
REGIONS = DUTCH | {key(name): code for code, name in holidays.REGIONS.items() if code.startswith("DE-")}
# "Osterferien BW": which ones, and perhaps where and in which year.
ONES = re.compile(
    r"(?:die\s+|de\s+|in den\s+|in de\s+)?(?P<which>oster|fr[üu]hjahrs|pfingst|sommer|herbst|weihnachts|winter"
    r"|herfst|kerst|mei|voorjaars|krokus|zomer)(?:ferien|vakantie)(?:\s+(?:in|van|für|regio)\b)?(?P<where>\D*?)(?P<year>20\d\d)?",
    re.IGNORECASE,
)
ALSO = {"krokus": "voorjaar"}
NTH = {
    **dict.fromkeys(["eerste", "1e", "1", "erste", "ersten", "first", "1st"], 0),
    **dict.fromkeys(["tweede", "2e", "2", "zweite", "zweiten", "second", "2nd"], 1),
    **dict.fromkeys(["derde", "3e", "3", "dritte", "dritten", "third", "3rd"], 2),
    **dict.fromkeys(["laatste", "letzte", "letzten", "last"], -1),
}
_NTH = "|".join(sorted(NTH, key=len, reverse=True))
WEEK_OF_MONTH = re.compile(
    rf"\b(?P<nth>{_NTH})\.?\s*(?:(?:week|woche)\s*(?:van|in|im|of|der|des)?\s*(?P<m>{MONTH})|(?P<n>{MONTH})-?(?:week|woche))\b",
    re.IGNORECASE,
)


def school_holidays_named(text: str, year: int, region: str | None) -> list[Period]:
    """Those a text names, of the region it names, else of this one; none where they are not known."""
    found = ONES.fullmatch(text.strip().rstrip("."))
    where = found["where"].strip(" ,()-") if found else ""
    code = regions.code(where) if where else region
    if found is None or code is None:
        return []
    stem = key(found["which"]).removesuffix("s")
    stem = ALSO.get(stem, stem)
    first = date(int(found["year"] or year), 1, 1)
    named = holidays.school_holidays(code, first, date(first.year + 1, 1, 31))
    spans = _spans([day for day, name in named.items() if stem in key(name)], gap=5)
    return [span for span in spans if span.first and span.first.year == first.year][:1]


@lru_cache(1_000)
def proposed(text: str, year: int) -> str:
    """Periods written first/last with semicolons between; "" where a text does not say enough for a guess."""
    week = WEEK_OF_MONTH.search(text)
    if week:
        return str(_week_of_month(NTH[week["nth"].lower()], MONTHS[(week["m"] or week["n"]).lower()[:3]], year))
    if not (NO_PERIOD.search(text) and SCHOOL.search(text)):
        return ""
    named = [code for name, code in REGIONS.items() if re.search(rf"\b{re.escape(name)}\b", key(text))]
    if len(named) != 1:
        return ""
    first, last = date(year, 1, 1), date(year, 12, 31)
    if holidays.known_until(named[0]) < last - timedelta(days=40):
        return ""
    return "; ".join(map(str, _spans(sorted(holidays.school_holidays(named[0], first, last)))))


def _week_of_month(nth: int, month: int, year: int) -> Period:
    """From Monday to Sunday; the first week has most of its days in the month, as the first week of a year does."""
    days = [date(year, month, 1) + timedelta(days=n) for n in range(31)]
    thursdays = [day for day in days if day.month == month and day.weekday() == 3]
    monday = thursdays[nth] - timedelta(days=3)
    return Period(monday, monday + timedelta(days=6))


def _spans(days: Iterable[date], gap: int = 3) -> list[Period]:
    """Days in a row as one period; a weekend between two of them is part of it, as is Easter with a wider gap."""
    spans: list[Period] = []
    for each in days:
        if spans and spans[-1].last and each - spans[-1].last <= timedelta(days=gap):
            spans[-1] = Period(spans[-1].first, each)
        else:
            spans.append(Period(each, each))
    return spans
