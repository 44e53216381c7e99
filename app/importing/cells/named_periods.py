"""A proposal for "schoolvakanties Noord": that region's school holidays in the plan year, as far as they are known."""

import re
from datetime import date, timedelta
from functools import lru_cache

from app.importing.cells.calendar_words import NO_PERIOD
from app.importing.cells.days import Period
from app.importing.cells.person_names import key
from scheduling.days import holidays

SCHOOL = re.compile(r"\bschool|\bschul|vakanties\b|ferien\b", re.IGNORECASE)
DUTCH = {"noord": "NL-Noord", "midden": "NL-Midden", "zuid": "NL-Zuid"}
REGIONS = DUTCH | {key(name): code for code, name in holidays.REGIONS.items() if code.startswith("DE-")}


@lru_cache(1_000)
def proposed(text: str, year: int) -> str:
    """Periods written first/last with semicolons between; "" when no one region is named or too little is known."""
    if not (NO_PERIOD.search(text) and SCHOOL.search(text)):
        return ""
    regions = [code for name, code in REGIONS.items() if re.search(rf"\b{re.escape(name)}\b", key(text))]
    if len(regions) != 1:
        return ""
    first, last = date(year, 1, 1), date(year, 12, 31)
    if holidays.known_until(regions[0]) < last - timedelta(days=40):
        return ""
    return "; ".join(map(str, _spans(sorted(holidays.school_holidays(regions[0], first, last)))))


def _spans(days: list[date]) -> list[Period]:
    """Days in a row as one period; a weekend between two of them is part of it."""
    spans: list[Period] = []
    for each in days:
        if spans and spans[-1].last and each - spans[-1].last <= timedelta(days=3):
            spans[-1] = Period(spans[-1].first, each)
        else:
            spans.append(Period(each, each))
    return spans
