"""The lines of a table that are records, with the others accounted for: blanks, totals, repeats, columns left out."""

from collections.abc import Iterator

from app.importing.cells.values import Read
from app.importing.files.sheet import EMPTY
from app.importing.proposal import Item, Place
from app.importing.tables.desk import Desk, Record
from app.importing.tables.heading_words import NOT_KEPT, SENSITIVE
from app.importing.tables.headings import Column, Table
from app.importing.tables.section_rows import NOTE, is_total, network_in

STEP = 10_000  # rows between two signs of life


def records(desk: Desk, table: Table) -> Iterator[Record]:
    """Records and lines that name a network, each with its place."""
    _list_columns_left_out(desk, table)
    seen: set[int] = set()  # hashes: a long list kept whole would be much to hold
    coloured = sum(bool(line.colour) for line in table.lines) if table.sheet.name else 0  # a text has no looks
    few_coloured = coloured * 5 <= len(table.lines)
    for n, line in enumerate(table.lines, start=1):
        if desk.progress and n % STEP == 0:
            desk.progress(table.sheet.file, n)
        record = Record(desk, table, line, Place(table.sheet.file, table.sheet.name, line.number))
        if network_in(line, table):
            seen.clear()
            yield record
        elif _says_something(record, seen):
            _note_looks(record, few_coloured)
            _drop_sensitive(record)
            yield record


def _says_something(record: Record, seen: set[int]) -> bool:
    first = record.line.first
    content = hash(tuple(cell.text.strip() for cell in record.line.cells))
    if record.line.number in record.table.blocks:
        record.note("row", first.text, Read(None, "ignored", "row_headings"))
    elif NOTE.search(first.text) and record.line.alone:
        record.note("row", first.text, Read(None, "ignored", "row_note"))
    elif first is EMPTY:
        if not record.table.sheet.name:
            record.note("row", "", Read(None, "ignored", "row_blank"))
    elif is_total(record.line):
        record.note("row", first.text, Read(None, "ignored", "row_total"))
    elif content in seen:
        record.note("row", "", Read(None, "repaired", "row_repeated"))
    else:
        seen.add(content)
        return True
    return False


def _note_looks(record: Record, few_coloured: bool) -> None:
    """What a person sees and a list of cells does not say: merged, hidden, coloured, calculated."""
    for column in record.table.columns:
        cell = record.line.cell(column.number)
        if cell.merged:
            record.desk.note(record.at, column.heading, cell.merged, Read(cell.text.strip(), "repaired", "merged_down"))
        if cell.ditto:
            record.desk.note(record.at, column.heading, cell.ditto, Read(cell.text.strip(), "told", "as_above"))
        if cell.formula and not cell.link:
            record.desk.note(record.at, column.heading, cell.formula, Read(None, "told", "formula_without_value"))
    first = record.line.first.text
    if record.line.hidden:
        record.note("row", first, Read(first, "told", "row_hidden"))
    if few_coloured and record.line.colour and not record.line.struck:
        record.note("row", first, Read(first, "told", "row_coloured"))


def _drop_sensitive(record: Record) -> None:
    """Each cell that nobody needs to know is listed, without what stood in it."""
    for column in record.table.columns:
        if column.field in SENSITIVE and not record.line.cell(column.number).empty:
            record.desk.note(record.at, column.heading, None, Read(None, "dropped", f"not_kept_{column.field}"))


def _list_columns_left_out(desk: Desk, table: Table) -> None:
    at = Place(table.sheet.file, table.sheet.name, table.row)
    for column in table.columns if table.kind != "crosses" else ():
        no_room = column.field == "postcode" and "room" not in table.fields
        if (column.field in NOT_KEPT or no_room) and column.heading:
            if any(not line.cell(column.number).empty for line in table.lines):
                _left_out(desk, at, column, "" if no_room else column.field)
            _read_on(desk, table, column.number, column.heading)
        elif column.by_hand:
            item = Item(at, column.heading, None, column.field, "told", "column_meaning", column.question)
            desk.proposal.items.append(item)


def _left_out(desk: Desk, at: Place, column: Column, field: str) -> None:
    """What a column means that nobody foresaw may be said by hand."""
    code = f"not_kept_{field}" if field else "not_kept_column"
    question = None if column.field else column.question
    desk.proposal.items.append(Item(at, column.heading, None, None, "dropped", code, question))


def _read_on(desk: Desk, table: Table, number: int, heading: str) -> None:
    """A line break inside a cell must not end the record: say so where it stood."""
    for line in table.lines:
        text = line.cell(number).text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if "\n" in text:
            at = Place(table.sheet.file, table.sheet.name, line.number)
            desk.note(at, heading, text, Read(text, "repaired", "line_break"))
