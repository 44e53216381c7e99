"""Closed days of a region with their names, and the day up to which they are known.

From the package `holidays`. Its school calendars end without an error: after `known_until` an empty answer means "not
known", never "no holidays".
"""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from holidays import country_holidays

REGIONS: Mapping[str, str] = {
    "NL-Noord": "Nederland, regio Noord",
    "NL-Midden": "Nederland, regio Midden",
    "NL-Zuid": "Nederland, regio Zuid",
    "DE-BW": "Baden-Württemberg",
    "DE-BY": "Bayern",
    "DE-BE": "Berlin",
    "DE-BB": "Brandenburg",
    "DE-HB": "Bremen",
    "DE-HH": "Hamburg",
    "DE-HE": "Hessen",
    "DE-MV": "Mecklenburg-Vorpommern",
    "DE-NI": "Niedersachsen",
    "DE-NW": "Nordrhein-Westfalen",
    "DE-RP": "Rheinland-Pfalz",
    "DE-SL": "Saarland",
    "DE-SN": "Sachsen",
    "DE-ST": "Sachsen-Anhalt",
    "DE-SH": "Schleswig-Holstein",
    "DE-TH": "Thüringen",
}
# Days on which hardly anybody meets in the Netherlands and which the package leaves out (5 May: it has only every
# fifth one).
DUTCH_EXTRAS = ((5, 5, "Bevrijdingsdag"), (12, 24, "Kerstavond"), (12, 31, "Oudejaarsdag"))
SUMMER = ("Zomervakantie", "Sommerferien")
FIRST_YEAR, LAST_YEAR = 2020, 2060


def public_holidays(region: str, years: Iterable[int], extras: bool = True) -> dict[date, str]:
    """Return the public holidays of the years: {day: name in the region's language}, in order of days.

    `region`: a key of REGIONS, else KeyError. `extras` adds 5 May, 24 and 31 December for the Netherlands.
    Source: the package `holidays`.
    """
    country, part = _parts(region)
    found: dict[date, str] = {}
    for year in years:
        found.update(country_holidays(country, subdiv=part, years=year, language=country.lower()))
        if extras and country == "NL":
            found = {date(year, month, day): name for month, day, name in DUTCH_EXTRAS} | found
    return dict(sorted(found.items()))


def school_holidays(region: str, first: date, last: date) -> dict[date, str]:
    """Return the school holidays from first to last, both included, as far as they are known: {day: name}.

    `region`: a key of REGIONS, else KeyError. After `known_until` no answer means "not known".
    """
    days = {d: name for year in range(first.year, last.year + 1) for d, name in _school(region, year).items()}
    return {d: name for d, name in sorted(days.items()) if first <= d <= last}


@cache
def known_until(region: str) -> date:
    """Return the last day of the last complete school year in the data; raises KeyError for an unknown region.

    A school year ends with the summer. Days after it may be there all the same, with holes between: the Dutch data
    know Christmas 2030 and nothing of the autumn before.
    """
    years = range(FIRST_YEAR, LAST_YEAR)
    return max(day for year in years for day, name in _school(region, year).items() if name in SUMMER)


@cache
def _school(region: str, year: int) -> Mapping[date, str]:
    country, part = _parts(region)
    return dict(country_holidays(country, subdiv=part, years=year, categories=("school",), language=country.lower()))


def _parts(region: str) -> tuple[str, str]:
    if region not in REGIONS:
        raise KeyError(region)
    country, _, part = region.partition("-")
    return country, part
