"""Where the headings stand in a sheet, and which column means what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType
from typing import Any

from app.importing.cells.days import month_first
from app.importing.cells.person_names import key, question_id
from app.importing.files.sheet import EMPTY, Cell, Line, Sheet
from app.importing.tables.heading_words import FIELDS, FOLDED, MEANINGS, folded

WHOSE = ("column_organisation", "column_organisation")  # the code of the question which column it is
PARTS = re.compile(r"[/|()\n]|\s(?:of|oder|or|bzw\.?)\s")
DAYS = frozenset(["date", "joined", "since", "until"])
FURTHEST = 25  # title rows that may stand above the headings
DITTO = re.compile(
    r"(?:s\.?\s?o\.?|siehe oben|s\. oben|wie oben|dito|zie (?:hier)?boven|z\.?o\.?z\.?|idem|id\.|ditto|see above"
    r"|as above|[\"”„″]|'')",
    re.IGNORECASE,
)
OF_GROUP = {"organisation": "organisation", "person": "person", "room": "room", "network": "network"}
MARKS = frozenset(["", "x", "v", "1", "✓", "✔", "ja", "j", "yes", "y"])


@dataclass(frozen=True)
class Column:
    number: int
    field: str  # "" = not known
    heading: str  # as written
    by_hand: bool = False  # somebody said what it means

    @property
    def question(self) -> str:
        """Under which its meaning stands among the answers: the same heading in any file."""
        return question_id("column", self.heading)


@dataclass(frozen=True)
class Table:
    """A sheet whose headings were found: its kind, its columns, the titles above and the lines below."""

    sheet: Sheet
    kind: str  # members, rooms, absences, history, crosses, networks, poll or "" (nothing we know)
    row: int
    columns: tuple[Column, ...]
    titles: tuple[str, ...]
    lines: tuple[Line, ...]
    blocks: Mapping[int, str] = field(default_factory=dict)  # the row of a repeated heading: the title above it

    @cached_property
    def fields(self) -> Mapping[str, Column]:
        """The first column of each field, before it one that somebody named."""
        columns = sorted(self.columns, key=lambda column: (column.by_hand, -column.number))
        return {column.field: column for column in columns if column.field}

    @cached_property
    def mixed(self) -> frozenset[str]:
        """Fields whose column holds a day that can only be meant month first."""
        return frozenset(
            f for f in DAYS & set(self.fields) if any(month_first(self.cell(x, f).text) for x in self.lines)
        )

    def cell(self, line: Line, field: str) -> Cell:
        column = self.fields.get(field)
        return line.cell(column.number) if column else EMPTY

    def heading(self, field: str) -> str:
        column = self.fields.get(field)
        return column.heading if column else field


def find(sheet: Sheet, answers: Mapping[str, Any] = MappingProxyType({})) -> Table:
    """The table in a sheet; its kind is "" when no line reads like headings."""
    candidates = sheet.lines[:FURTHEST]
    best = max(range(len(candidates)), key=lambda n: (_known(candidates, n), -n), default=None)
    if best is None or not _known(candidates, best):
        return Table(sheet, "", 0, (), (), ())
    best = _lower(candidates, best)
    columns = _named(_columns(candidates, best, sheet.hidden_columns), answers)
    titles = tuple(cell.text for line in candidates[:best] for cell in line.written)
    lines = _as_above(sheet.lines[best + 1 :])
    blocks = _blocks(candidates[best], sheet.lines[:best], lines)
    return Table(sheet, _kind(columns, lines), candidates[best].number, columns, titles, lines, blocks)


def _lower(lines: tuple[Line, ...], n: int) -> int:
    """The second of two rows of headings, the first of which is the better known: "Contact" over "Naam, E-mail"."""
    if n + 1 >= len(lines):
        return n
    below = lines[n + 1]
    headings = len(below.written) > 1 and all(_field(cell.text) for cell in below.written)
    return n + 1 if headings and not _same(below, lines[n]) else n


def _same(line: Line, heading: Line) -> bool:
    """Whether a row is the headings again."""
    if line.first.text.strip() != heading.first.text.strip():
        return False  # soon, for this is asked of every row
    said = [key(cell.text) for cell in line.cells if not cell.empty]
    return len(said) > 1 and said == [key(cell.text) for cell in heading.cells if not cell.empty]


def _blocks(heading: Line, above: tuple[Line, ...], lines: tuple[Line, ...]) -> dict[int, str]:
    """Where headings stand again, each block may have a title of its own right above; by the number of its row."""
    again = [n for n, line in enumerate(lines) if _same(line, heading)]
    if not again:
        return {}
    titles = [_title(above), *(_title(lines[:n]) for n in again)]
    starts = [heading.number, *(lines[n].number for n in again)]
    found = dict(zip(starts, (title.first.text.strip() if title else "" for title in titles), strict=True))
    return found | {title.number: "" for title in titles[1:] if title}


def _title(lines: tuple[Line, ...]) -> Line | None:
    """The last row that says anything, when it is one cell."""
    last = next((line for line in reversed(lines) if line.first is not EMPTY), None)
    return last if last and last.alone else None


def _named(columns: tuple[Column, ...], answers: Mapping[str, Any]) -> tuple[Column, ...]:
    """With what somebody said of columns nobody foresaw."""
    whole = answers.get(question_id(*WHOSE, *(column.heading for column in columns if column.heading)))
    return tuple(replace(c, field=said, by_hand=True) if (said := _said(c, answers, whole)) else c for c in columns)


def _said(column: Column, answers: Mapping[str, Any], whole: object) -> str:
    if column.field or not column.heading:
        return ""
    said = "organisation" if column.heading == whole else answers.get(column.question)
    return said if said in MEANINGS else ""


def _as_above(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """ "s.o." and "zie boven" are what stands above them."""
    found: list[Line] = []
    above = Line(0, ())
    for each in lines:
        line = each
        if any(DITTO.fullmatch(cell.text.strip()) for cell in line.cells):
            line = replace(line, cells=tuple(_filled(cell, above.cell(n)) for n, cell in enumerate(line.cells)))
        found.append(line)
        above = line if line.alone is None else above
    return tuple(found)


def _filled(cell: Cell, above: Cell) -> Cell:
    if above.empty or not DITTO.fullmatch(cell.text.strip()):
        return cell
    return replace(cell, value=above.value, link=above.link, ditto=cell.text.strip())


def _known(lines: tuple[Line, ...], n: int) -> int:
    return len({column.field for column in _columns(lines, n)} - {""})


def _columns(lines: tuple[Line, ...], n: int, hidden: frozenset[int] = frozenset()) -> tuple[Column, ...]:
    """Columns by the headings of line n, helped by a line of groups right above it."""
    above = lines[n - 1] if n and _is_groups(lines[n - 1]) else None
    width = max(len(lines[n].cells), len(above.cells) if above else 0)
    columns = [_column(number, lines[n].cell(number), above) for number in range(width) if number + 1 not in hidden]
    return _settled([column for column in columns if column.heading or column.field])


def _is_groups(line: Line) -> bool:
    return sum(_field(cell.text) != "" for cell in line.written) >= 2


def _column(number: int, cell: Cell, above: Line | None) -> Column:
    own, group = _field(cell.text), _group(above, number)
    heading = cell.text.strip()
    if own == "name" and group in OF_GROUP:
        return Column(number, OF_GROUP[group], heading)
    if not own and not heading:
        written = above.cell(number) if above else EMPTY
        alone = group in ("absence", "remark") or (bool(group) and not written.merged and not written.filled)
        return Column(number, group if alone else "", written.text)
    return Column(number, own or (group if not heading else ""), heading)


def _group(above: Line | None, number: int) -> str:
    """What the group over a column means, wherever its merged cell begins."""
    return _field(above.cell(number).text) if above else ""


def _field(text: str) -> str:
    word = key(text)
    if len(word) >= 60:
        return ""
    return FIELDS.get(word) or FOLDED.get(folded(word)) or _of_parts(text)


def _of_parts(text: str) -> str:
    """ "Träger / Einrichtung", "E-Mail (dienstlich)": the first part is known and no other says something else."""
    parts = [FIELDS.get(key(part), "") for part in PARTS.split(text) if key(part)]
    known = set(parts) - {"", "name"} or set(parts) - {""}
    return known.pop() if len(parts) > 1 and parts[0] and len(known) == 1 else ""


def _settled(columns: list[Column]) -> tuple[Column, ...]:
    """A bare "name" is the organisation where no other column is, else the person."""
    fields = {column.field for column in columns}
    person = {"person", "first", "last"} & fields
    meaning = "person" if "organisation" in fields or ("email" in fields and not person) else "organisation"
    if "rhythm" in fields and not fields & {"organisation", "network", "email"}:
        meaning = "network"
    if {"first", "name"} <= fields and "last" not in fields:
        meaning = "last"  # "Vorname; Name"
    return tuple(Column(c.number, meaning if c.field == "name" else c.field, c.heading) for c in columns)


def _kind(columns: tuple[Column, ...], lines: tuple[Line, ...]) -> str:
    fields = {column.field for column in columns} - {""}
    people = fields & {"person", "first", "last", "email"}
    if "date" in fields and fields & {"host", "preparers", "topic"} and "email" not in fields:
        return "history"
    if {"network", "rhythm"} <= fields and "organisation" not in fields and not people:
        return "networks"
    if "organisation" in fields and _is_crosses(columns, lines):
        return "crosses"
    if "organisation" not in fields and "email" in fields and people - {"email"}:
        return "members"  # each may stand for themselves: a practice of one
    if "organisation" not in fields or (len(fields) == 1 and len(columns) > 2):
        return ""  # people only, or names against something else: a date poll, a presence list
    if people or "network" in fields:
        return "members"
    if fields & {"absence", "since"} and "room" not in fields:
        return "absences"
    return "rooms" if fields & {"room", "seats"} and "absence" not in fields else "members"


def _is_crosses(columns: tuple[Column, ...], lines: tuple[Line, ...]) -> bool:
    """Organisations down, networks across, a cross where they meet."""
    unknown = [column for column in columns if not column.field]
    if len(unknown) < 2 or len(unknown) < len(columns) / 2:
        return False
    marks = [
        key(line.cell(column.number).text) or line.cell(column.number).text.strip()
        for line in lines
        for column in unknown
    ]
    return any(marks) and all(mark in MARKS for mark in marks)
