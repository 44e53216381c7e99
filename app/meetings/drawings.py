"""The year strip and the turn balance as numbers a template can draw."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from app.meetings.balances import YearOfTurns
from app.meetings.row import Row
from app.networks.models import Organisation

WIDTH, MARGIN = 1200, 14
BALANCE, CENTRE = 44, 205  # of the turn balance: height of a line, the middle
TONES = 12
IGNORED = {"stichting", "stg", "de", "het", "en", "van", "der", "the", "und", "and", "für", "zorggroep", "woonzorg"}


@dataclass(frozen=True)
class Badge:
    """An organisation's mark: two initials on its colour, ringed when the twelve colours are used up."""

    initials: str
    tone: int
    ringed: bool
    name: str


@dataclass(frozen=True)
class Mark:
    x: float
    day: date
    mode: str
    cancelled: bool
    host: Badge | None
    preparers: tuple[Badge, ...]
    mine: bool


@dataclass(frozen=True)
class Strip:
    year: int
    months: tuple[tuple[float, date], ...]
    school: tuple[tuple[float, float], ...]  # x and width
    marks: tuple[Mark, ...]
    today: float | None


def badge(organisation: Organisation) -> Badge:
    return Badge(
        initials(organisation.short), organisation.tone % TONES, organisation.tone >= TONES, organisation.short
    )


def initials(name: str) -> str:
    words = [word for word in name.replace("’", "").replace("'", "").replace("-", " ").split() if word[0].isalnum()]
    telling = [word for word in words if word.lower() not in IGNORED] or words or ["?"]
    if len(telling) == 1 and len(words) > 1 and words[0] != telling[0]:
        telling = [words[0], telling[0]]
    letters = telling[0][0] + telling[1][0] if len(telling) > 1 else telling[0][:2]
    return letters.upper()


def strip(
    year: int,
    rows: Iterable[Row],
    badges: Mapping[int, Badge],
    *,
    school: Iterable[date] = (),
    today: date | None = None,
    mine: Iterable[int] = (),
) -> Strip:
    """The drawn year; `mine` are organisations whose turns are shown in saffron."""
    own = set(mine)
    marks = tuple(_mark(row, row.date, badges, own) for row in rows if row.date and row.date.year == year)
    return Strip(
        year,
        tuple((_x(date(year, month, 1)), date(year, month, 1)) for month in range(1, 13)),
        tuple((_x(first), _x(last + timedelta(1)) - _x(first)) for first, last in _spans(school)),
        marks,
        _x(today) if today and today.year == year else None,
    )


def _mark(row: Row, day: date, badges: Mapping[int, Badge], own: set[int]) -> Mark:
    return Mark(
        _x(day),
        day,
        row.mode or "in-person",
        row.cancelled,
        badges.get(row.host or 0),
        tuple(badges[each] for each in row.preparers if each in badges),
        bool(own & {row.host, *row.preparers}),
    )


def _x(day: date) -> float:
    start = date(day.year, 1, 1)
    if day.year > start.year:
        return WIDTH - MARGIN
    length = (date(day.year + 1, 1, 1) - start).days
    return round(MARGIN + (WIDTH - 2 * MARGIN) * (day - start).days / length, 1)


def _spans(days: Iterable[date]) -> list[tuple[date, date]]:
    spans: list[tuple[date, date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][1] == timedelta(1):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return [(first, min(last, date(first.year, 12, 30))) for first, last in spans if first.timetuple().tm_yday < 365]


@dataclass(frozen=True)
class BalanceLine:
    badge: Badge
    hosting: Fraction
    preparing: Fraction
    bars: tuple[tuple[float, float], tuple[float, float]]  # x and width, hosting then preparing
    y: int
    may_host: bool


def balance(lines: Sequence[tuple[Organisation, Fraction, Fraction, bool]]) -> list[BalanceLine]:
    """One line per organisation: owed to the left, ahead to the right of the centre."""
    largest = max([abs(value) for _, h, p, _ in lines for value in (h, p)], default=Fraction(1)) or Fraction(1)
    scale = 150 / float(max(largest, Fraction(1)))
    return [
        BalanceLine(badge(org), h, p, (_bar(h, scale), _bar(p, scale)), 46 + BALANCE * n, may)
        for n, (org, h, p, may) in enumerate(lines)
    ]


def _bar(value: Fraction, scale: float) -> tuple[float, float]:
    width = round(float(abs(value)) * scale, 1)
    return (CENTRE if value >= 0 else round(CENTRE - width, 1), max(width, 1.0))


def badges_of(organisations: Iterable[Organisation]) -> dict[int, Badge]:
    return {organisation.id: badge(organisation) for organisation in organisations}


@dataclass(frozen=True)
class YearsLine:
    """One organisation's balance year by year, as the points of two lines around `y`."""

    badge: Badge
    y: int
    hosting: str
    preparing: str
    years: tuple[YearOfTurns, ...]


FIRST_YEAR, LAST_YEAR, ROW, REACH = 50, 342, 60, 16


def years(
    lines: Sequence[tuple[Organisation, Sequence[YearOfTurns]]], shown: Sequence[int]
) -> tuple[list[YearsLine], list[tuple[float, int]]]:
    """(lines, [(x, year)]): above the middle is ahead, below is still to do; every line begins at nothing."""
    step = (LAST_YEAR - FIRST_YEAR) / max(1, len(shown))
    at = {year: FIRST_YEAR + step * (n + 1) for n, year in enumerate(shown)}
    largest = max([abs(b) for _, turns in lines for each in turns for b in each.balance], default=Fraction(1))
    scale = REACH / float(max(largest, Fraction(1)))
    out = []
    for n, (organisation, turns) in enumerate(lines):
        y = 66 + ROW * n
        start = at[turns[0].year] - step if turns else FIRST_YEAR
        hosting, preparing = (
            " ".join(
                f"{x:.1f},{y - float(b) * scale:.1f}"
                for x, b in [(start, Fraction(0)), *((at[each.year], each.balance[kind]) for each in turns)]
            )
            for kind in (0, 1)
        )
        out.append(YearsLine(badge(organisation), y, hosting, preparing, tuple(turns)))
    return out, [(round(x, 1), year) for year, x in at.items()]
