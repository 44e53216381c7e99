"""The year strip: twelve months as one band, meetings as marks on it."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from app.meetings.drawings.badges import Badge
from app.meetings.row import Row
from app.networks.network_year import months_of, span_of, year_of

WIDTH, MARGIN = 1200, 14
BAND, HEIGHT = 50, 46  # of the band: its top, its height
RADIUS, LETTER = 13, 13  # of a mark alone in its lane; the width of a letter of its initials
ABOVE, BELOW = (38, 18), (118, 138)  # the two levels on which initials stand


@dataclass(frozen=True)
class Label:
    x: float
    y: int
    text: str


@dataclass(frozen=True)
class Mark:
    key: str  # of its row
    meeting_id: int | None
    x: float
    y: float
    radius: float
    day: date
    mode: str
    state: str  # done, coming, open, cancelled
    host: Badge | None
    preparers: tuple[Badge, ...]
    mine: bool


@dataclass(frozen=True)
class Strip:
    year: int
    months: tuple[tuple[float, date], ...]
    school: tuple[tuple[float, float], ...]  # x and width
    marks: tuple[Mark, ...]
    above: tuple[Label, ...]  # who prepares
    below: tuple[Label, ...]  # who hosts
    today: float | None

    @property
    def today_lines(self) -> tuple[tuple[int, int], ...]:
        """From where to where today's line is drawn: never through a mark."""
        if self.today is None:
            return ()
        in_the_way = any(abs(mark.x - self.today) < mark.radius + 6 for mark in self.marks)
        top, bottom = BAND - 6, BAND + HEIGHT + 6
        return ((top, BAND), (bottom - 6, bottom)) if in_the_way else ((top, bottom),)


def strip(
    year: int,
    rows: Iterable[Row],
    badges: Mapping[int, Badge],
    *,
    begins: int = 1,
    school: Iterable[date] = (),
    today: date | None = None,
    mine: Iterable[int] = (),
    open_turns: Collection[int] = (),
) -> Strip:
    """The drawn year from its first month on.

    `mine` are organisations whose turns are ringed in saffron, `open_turns` ids of meetings.
    """
    shown = sorted((r for r in rows if r.date and year_of(r.date, begins) == year), key=lambda row: row.first_day)
    span = span_of(year, begins)
    lanes, radius = _lanes([_x(row.first_day, span) for row in shown])
    own = set(mine)
    marks = tuple(
        Mark(
            key=str(row.key),
            meeting_id=row.meeting_id,
            x=_x(row.first_day, span),
            y=lane,
            radius=radius,
            day=row.first_day,
            mode=row.mode or "in-person",
            state=_state(row, today, open_turns),
            host=badges.get(row.host or 0),
            preparers=tuple(badges[each] for each in row.preparers if each in badges),
            mine=bool(own & {row.host, *row.preparers}),
        )
        for row, lane in zip(shown, lanes, strict=True)
    )
    held = [mark for mark in marks if mark.state != "cancelled"]
    return Strip(
        year,
        tuple((_x(month, span), month) for month in months_of(year, begins)),
        tuple(
            (_x(first, span), _x(last + timedelta(1), span) - _x(first, span)) for first, last in _spans(school, span)
        ),
        marks,
        _labels([(mark.x, " ".join(each.initials for each in mark.preparers)) for mark in held], ABOVE),
        _labels([(mark.x, mark.host.initials if mark.host else "") for mark in held], BELOW),
        _x(today, span) if today and span[0] <= today <= span[1] else None,
    )


def _state(row: Row, today: date | None, open_turns: Collection[int]) -> str:
    if row.cancelled:
        return "cancelled"
    if today and row.first_day < today:
        return "done"
    return "open" if row.meeting_id in open_turns else "coming"


def _lanes(xs: Sequence[float]) -> tuple[list[float], float]:
    """The height of each mark and the radius of all: one lane, or as many as keep them apart."""
    for lanes in range(1, 9):
        radius = min(RADIUS, HEIGHT / lanes / 2 - 1)
        free = [float("-inf")] * lanes
        chosen = []
        for x in xs:
            lane = next((n for n in range(lanes) if x - radius > free[n]), None)
            if lane is None:
                break
            free[lane] = x + radius + 2
            chosen.append(BAND + HEIGHT * (2 * lane + 1) / lanes / 2)
        else:
            break
    chosen += [BAND + HEIGHT / 2] * (len(xs) - len(chosen))  # more than eight on a day
    return chosen, round(radius, 1)


def _labels(wanted: Iterable[tuple[float, str]], levels: tuple[int, int]) -> tuple[Label, ...]:
    """Initials where they are free of others; those without room are left to the table beside the strip."""
    labels, free = [], [0.0] * len(levels)
    for at, text in wanted:
        half = LETTER * len(text) / 2
        x = min(max(at, half), WIDTH - half)
        level = next((n for n, end in enumerate(free) if x - half >= end), None)
        if text and level is not None:
            labels.append(Label(round(x, 1), levels[level], text))
            free[level] = x + half + LETTER / 2
    return tuple(labels)


def _x(day: date, span: tuple[date, date]) -> float:
    length = (span[1] - span[0]).days + 1
    return round(MARGIN + (WIDTH - 2 * MARGIN) * (day - span[0]).days / length, 1)


def _spans(days: Iterable[date], span: tuple[date, date]) -> list[tuple[date, date]]:
    spans: list[tuple[date, date]] = []
    for day in sorted(days):
        if spans and day - spans[-1][1] == timedelta(1):
            spans[-1] = (spans[-1][0], day)
        else:
            spans.append((day, day))
    return [(first, min(last, span[1] - timedelta(1))) for first, last in spans if (first - span[0]).days < 364]
