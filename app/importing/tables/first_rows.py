"""The first rows of a table as the page shows them, over each column what it is taken for."""

from collections.abc import Iterable
from itertools import islice

from app.importing.proposal import FirstRows, Place, ShownColumn
from app.importing.tables.heading_words import MEANINGS, NOT_KEPT, SENSITIVE
from app.importing.tables.table import Column, Table

ROWS = 3
LETTERS = 40  # of a cell
WITHHELD = {*SENSITIVE, *NOT_KEPT} - {""}


def first_rows(tables: Iterable[tuple[Table, bool]]) -> list[FirstRows]:
    """Of each table, and whether nobody knows what it lists."""
    seen: set[str] = set()
    return [_of_table(table, unclear, seen) for table, unclear in tables]


def _of_table(table: Table, unclear: bool, seen: set[str]) -> FirstRows:
    """Columns with a heading that are not hidden; what nobody may keep is not shown either."""
    columns = [column for column in table.columns if column.heading and not column.hidden]
    said = (line for line in table.lines if len(line.written) > 1)
    rows = tuple(
        tuple("" if column.field in WITHHELD else _short(line.cell(column.number).text) for column in columns)
        for line in islice(said, ROWS)
    )
    at = Place(table.sheet.file, table.sheet.name, table.row)
    asked = unclear or any(column.proposed for column in columns)
    shown = tuple(_shown(column, column.question in seen) for column in columns)
    seen |= {column.question for column in columns}
    return FirstRows(at, shown, rows, asked)


def _shown(column: Column, again: bool) -> ShownColumn:
    meant = column.field if column.field in MEANINGS else ""
    return ShownColumn(column.heading[:200], column.question, meant, column.proposed, again)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= LETTERS else f"{line[: LETTERS - 1]}…"
