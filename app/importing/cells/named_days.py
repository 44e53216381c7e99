"""Holidays that people name instead of giving their date: "Buß- und Bettag", "2e pinksterdag"."""

import re
from datetime import date

from scheduling.days import holidays

_NAMED = (
    ("DE-SN", "Buß- und Bettag", r"bu(?:ß|ss)[- ]*(?:und|u\.|&)\s*bettag"),
    ("DE-NW", "Fronleichnam", r"fronleichnam"),
    ("DE-NW", "Allerheiligen", r"allerheiligen"),
    ("DE-SN", "Christi Himmelfahrt", r"(?:christi )?himmelfahrt"),
    ("DE-SN", "Pfingstmontag", r"pfingstmontag"),
    ("DE-SN", "Ostermontag", r"ostermontag"),
    ("DE-SN", "Karfreitag", r"karfreitag"),
    ("DE-SN", "Reformationstag", r"reformationstag"),
    ("DE-SN", "Tag der Deutschen Einheit", r"tag der (?:deutschen )?einheit"),
    ("NL-Noord", "Hemelvaartsdag", r"hemelvaart(?:sdag)?"),
    ("NL-Noord", "Koningsdag", r"koningsdag"),
    ("NL-Noord", "Bevrijdingsdag", r"bevrijdingsdag"),
    ("NL-Noord", "Goede vrijdag", r"goede vrijdag"),
    ("NL-Noord", "Tweede paasdag", r"(?:tweede|2e) paasdag"),
    ("NL-Noord", "Tweede pinksterdag", r"(?:tweede|2e) pinksterdag"),
)
NAMED = re.compile(
    r"\b(?:" + "|".join(f"(?P<n{n}>{each[2]})" for n, each in enumerate(_NAMED)) + r")\b(?:\s+(?P<y>20\d\d))?",
    re.IGNORECASE,
)


def named(text: str, year: int) -> list[tuple[date, date]]:
    found = (_day(match, year) for match in NAMED.finditer(text))
    return [(day, day) for day in found if day]


def _day(match: re.Match[str], year: int) -> date | None:
    region, name, _pattern = _NAMED[next(n for n in range(len(_NAMED)) if match[f"n{n}"])]
    of = int(match["y"] or year)
    return next((day for day, said in holidays.public_holidays(region, [of]).items() if said == name), None)
