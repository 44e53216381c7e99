"""Ways in which people write days, turned into the ways that `days` reads."""

import re

from app.importing.cells.calendar_words import MONTH

YEAR = r"(?P<y>\s*['’]?20\d\d)?"
# "10./11./12. Mai", "3 en 4 maart"
SEVERAL = re.compile(
    rf"(?<![\d./-])(?P<some>(?:\d{{1,2}}\.?\s*(?:[/+,&]|\ben\b|\bund\b|\band\b)\s*){{1,30}})(?P<last>\d{{1,2}})\.?\s*(?P<m>{MONTH})\b\.?{YEAR}",
    re.IGNORECASE,
)
# "4.-9.2.", "19.-27.06.2027": the point says that the first figure is a day of the month behind the second
SHORT_RANGE = re.compile(
    r"(?<![\d.])(?P<a>\d{1,2})\.\s*[-–—]\s*(?P<b>\d{1,2})\.\s*(?P<m>\d{1,2})\.?(?P<y>20\d\d|\d\d)?(?![\d.])"
)
QUARTER = re.compile(
    r"\b(?:q\s*(?P<a>[1-4])|(?P<b>[1-4])\s*(?:\.|e|ste|de)?\s*(?:quartal|kwartaal|quarter))\b\.?\s*(?P<y>20\d\d)?",
    re.IGNORECASE,
)
# "01/2026", "Januar 2026", "Q1 2025", "2024": where a month is enough
ONLY_MONTH = re.compile(
    rf"(?:(?:seit|sinds|since|ab|vanaf|from)\s+)?(?:(?P<n>0?[1-9]|1[0-2])\s*[./-]\s*|(?P<m>{MONTH})\.?\s*['’]?)?"
    r"(?P<y>(?:19|20)\d\d|(?<=['’])\d\d)",
    re.IGNORECASE,
)
BY_ARRANGEMENT = re.compile(
    r"n\.?\s?v\.?|nach (?:vereinbarung|absprache)|in overleg|n\.?o\.?t\.?k\.?|nader te bepalen|by arrangement"
    r"|on request",
    re.IGNORECASE,
)


def spelled_out(text: str, year: int) -> str:
    text = SEVERAL.sub(_each, text)
    text = SHORT_RANGE.sub(_whole_range, text)
    return QUARTER.sub(lambda found: _quarter(found, year), text)


def _each(found: re.Match[str]) -> str:
    days = [*re.findall(r"\d{1,2}", found["some"]), found["last"]]
    return "; ".join(f"{day} {found['m']}{found['y'] or ''}" for day in days)


def _whole_range(found: re.Match[str]) -> str:
    year = found["y"] or ""
    return f"{found['a']}.{found['m']}.{year} - {found['b']}.{found['m']}.{year}"


def _quarter(found: re.Match[str], year: int) -> str:
    number, of = int(found["a"] or found["b"]), found["y"] or year
    first, last = 3 * number - 2, 3 * number
    return f"1-{first}-{of} - {31 if last in (3, 12) else 30}-{last}-{of}"
