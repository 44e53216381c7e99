"""A sheet whose headings were found: its columns with what they mean, the titles above and the lines below."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from app.importing.cells.days import month_first
from app.importing.cells.person_names import key, question_id
from app.importing.files.sheet import EMPTY, Cell, Line, Sheet

OF_PERSON = frozenset(["person", "title", "first", "infix", "last", "email", "phone"])
EACH = frozenset(["absence", "preparers"])  # fields of which every column counts, not the first that says something
NUMBER = re.compile(r"\b\d+\b")
DAYS = frozenset(["date", "joined", "since", "until"])


@dataclass(frozen=True)
class Column:
    number: int
    field: str  # "" = not known, or left out
    heading: str  # as written
    by_hand: bool = False  # somebody said what it means
    proposed: str = ""  # what it likely means, where that is asked
    by_stems: bool = False  # its heading is no listed one, but its words and its cells agree: told
    nth: int = 1  # of the columns of this heading
    hidden: bool = False
    group: str = ""  # what stands over it, in a line of groups
    seat: int = 0  # of which person in a row it is
    nameless: bool = False  # it has cells and no heading

    @property
    def question(self) -> str:
        """Under which its meaning stands among the answers: the same heading in any file."""
        return question_id("column", self.heading, *([str(self.nth)] if self.nth > 1 else ()))


@dataclass(frozen=True)
class Table:
    sheet: Sheet
    kind: str  # members, rooms, absences, history, crosses, networks, poll or "" (nothing we know)
    row: int
    columns: tuple[Column, ...]
    titles: tuple[str, ...]
    lines: tuple[Line, ...]
    blocks: Mapping[int, str] = field(default_factory=dict)  # the row of a repeated heading: the title above it
    seat: int = 0  # the person of each row whose columns are looked at

    @cached_property
    def alike(self) -> Mapping[str, tuple[Column, ...]]:
        """The columns of each field, those that somebody named first; of a person only those of the own seat."""
        found: dict[str, tuple[Column, ...]] = {}
        for column in sorted(self.columns, key=lambda column: (not column.by_hand, column.number)):
            if column.field and (column.seat == self.seat or column.field not in OF_PERSON):
                found[column.field] = (*found.get(column.field, ()), column)
        return found

    @cached_property
    def fields(self) -> Mapping[str, Column]:
        """The first column of each field, before it one that somebody named."""
        return {field: columns[0] for field, columns in self.alike.items()}

    @cached_property
    def others(self) -> tuple["Table", ...]:
        """The same, seen as the table of the second, the third person of each row."""
        return tuple(replace(self, seat=seat) for seat in range(1, max((c.seat for c in self.columns), default=0) + 1))

    @cached_property
    def apart(self) -> Mapping[str, tuple["Table", ...]]:
        """Where several columns of a field count: the same once for each of them, without the others."""
        return {
            field: tuple(
                replace(self, columns=tuple(c for c in self.columns if c is each or c.field != field))
                for each in columns
            )
            for field, columns in self.alike.items()
            if len(columns) > 1 and self.counts_each(field)
        }

    def counts_each(self, field: str) -> bool:
        """ "Network 1" and "Network 2" are two; "Network" and "Group" say one thing."""
        alike = {NUMBER.sub("", key(column.heading)).strip() for column in self.alike.get(field, ())}
        return field in EACH or (field == "network" and self.kind == "members" and len(alike) == 1)

    @cached_property
    def mixed(self) -> frozenset[str]:
        """Fields whose column holds a day that can only be meant month first."""
        return frozenset(
            f for f in DAYS & set(self.fields) if any(month_first(self.cell(x, f).text) for x in self.lines)
        )

    @cached_property
    def _only(self) -> Mapping[str, int]:
        """The number of the column, of fields that have one."""
        return {field: columns[0].number for field, columns in self.alike.items() if len(columns) == 1}

    def cell(self, line: Line, field: str) -> Cell:
        """Of the columns of a field the first that says something."""
        only = self._only.get(field)
        if only is not None:
            return line.cell(only)
        cells = [line.cell(column.number) for column in self.alike.get(field, ())] or [EMPTY]
        return next((cell for cell in cells if not cell.empty), cells[0])

    def asked(self, *fields: str) -> bool:
        """Whether some column may mean one of these and is asked about."""
        return any(column.proposed in fields for column in self.columns)

    def heading(self, field: str, line: Line | None = None) -> str:
        """Of the column that says something in this line, else of the first one."""
        columns = self.alike.get(field)
        if not columns:
            return field
        said = (column for column in columns if line and not line.cell(column.number).empty)
        return next(said, columns[0]).heading
