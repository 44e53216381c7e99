"""A sheet whose headings were found: its columns with what they mean, the titles above and the lines below."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from app.importing.cells.days import month_first
from app.importing.cells.person_names import question_id
from app.importing.files.sheet import EMPTY, Cell, Line, Sheet

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

    def asked(self, *fields: str) -> bool:
        """Whether some column may mean one of these and is asked about."""
        return any(column.proposed in fields for column in self.columns)

    def heading(self, field: str) -> str:
        column = self.fields.get(field)
        return column.heading if column else field
