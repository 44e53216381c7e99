"""The lines of a table that are records, with the others accounted for: blanks, totals, repeats, columns left out."""

from collections.abc import Iterator

from app.transfer.reading.desk import Desk
from app.transfer.reading.headings import Table
from app.transfer.reading.proposal import Place
from app.transfer.reading.sections import is_total, network_in
from app.transfer.reading.tables import Line
from app.transfer.reading.words import NOT_KEPT


def records(desk: Desk, table: Table) -> Iterator[tuple[Line, Place]]:
    """Records and lines that name a network, each with its place."""
    _list_columns_left_out(desk, table)
    seen: set[tuple[str, ...]] = set()
    few_coloured = sum(line.coloured for line in table.lines) * 5 <= len(table.lines)
    for line in table.lines:
        at = Place(table.sheet.file, table.sheet.name, line.number)
        if _is_record(desk, table, line, at, seen):
            _note_looks(desk, table, line, at, few_coloured)
            yield line, at


def _is_record(desk: Desk, table: Table, line: Line, at: Place, seen: set[tuple[str, ...]]) -> bool:
    if not line.written:
        if not table.sheet.name:
            desk.note(at, "row", "", None, "ignored", "row_blank")
        return False
    if is_total(line):
        desk.note(at, "row", line.written[0].text, None, "ignored", "row_total")
        return False
    if network_in(line, table):
        seen.clear()
        return True
    content = tuple(cell.text.strip() for cell in line.cells)
    if content in seen:
        desk.note(at, "row", "", None, "repaired", "row_repeated")
        return False
    seen.add(content)
    return True


def _note_looks(desk: Desk, table: Table, line: Line, at: Place, few_coloured: bool) -> None:
    """What a person sees and a list of cells does not say: merged, hidden, coloured, calculated."""
    if network_in(line, table):
        return
    for column in table.columns:
        cell = line.cell(column.number)
        if cell.merged:
            desk.note(at, column.heading, cell.merged, cell.text.strip(), "repaired", "merged_down")
        if cell.formula and not cell.link:
            desk.note(at, column.heading, cell.formula, None, "told", "formula_without_value")
    if line.hidden:
        desk.note(at, "row", line.written[0].text, line.written[0].text, "told", "row_hidden")
    if few_coloured and line.coloured and not line.struck:
        desk.note(at, "row", line.written[0].text, line.written[0].text, "told", "row_coloured")


def _list_columns_left_out(desk: Desk, table: Table) -> None:
    at = Place(table.sheet.file, table.sheet.name, table.row)
    for column in table.columns:
        if column.field in NOT_KEPT and column.heading and table.kind != "crosses":
            if any(not line.cell(column.number).empty for line in table.lines):
                desk.note(at, column.heading, None, None, "dropped", f"not_kept_{column.field or 'column'}")
            _read_on(desk, table, column.number, column.heading)


def _read_on(desk: Desk, table: Table, number: int, heading: str) -> None:
    """A line break inside a cell must not end the record: say so where it stood."""
    for line in table.lines:
        text = line.cell(number).text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if "\n" in text:
            at = Place(table.sheet.file, table.sheet.name, line.number)
            desk.note(at, heading, text, text, "repaired", "line_break")
