"""The lines of a table that are records, with the others accounted for: blanks, totals, repeats, columns left out."""

from collections.abc import Iterator
from itertools import islice

from app.importing.cells.values import Read, yes_no
from app.importing.files.sheet import EMPTY, Cell
from app.importing.proposal import Item, Place
from app.importing.tables.desk import LONGEST, Desk, Record
from app.importing.tables.heading_words import NOT_KEPT, SENSITIVE
from app.importing.tables.kind_of_table import OF_ROOM, USED
from app.importing.tables.meanings import HIDDEN, withheld
from app.importing.tables.section_rows import NOTE, is_total, network_in
from app.importing.tables.table import Column, Table

SHOWN = 3  # values of a column that is asked about
STEP = 1_000  # rows between two signs of life


def records(desk: Desk, table: Table) -> Iterator[Record]:
    """Records and lines that name a network, each with its place."""
    list_columns(desk, table)
    seen: set[int] = set()  # hashes: a long list kept whole would be much to hold
    coloured = sum(bool(line.colour) for line in table.lines) if table.sheet.name else 0  # a text has no looks
    few_coloured = coloured * 5 <= len(table.lines)
    sensitive = [column for column in table.columns if column.field in SENSITIVE]
    seconds, odd = _seconds(table), _odd(table)
    for n, line in enumerate(table.lines, start=1):
        if desk.progress and n % STEP == 0:
            desk.progress(table.sheet.file, n, len(table.lines))
        record = Record(desk, table, line, Place(table.sheet.file, table.sheet.name, line.number))
        if network_in(line, table):
            seen.clear()
            yield record
        elif _says_something(record, seen):
            _note_looks(record, few_coloured, line.number in odd)
            _note_seconds(record, seconds)
            _drop_sensitive(record, sensitive)
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


def _odd(table: Table) -> set[int]:
    """Numbers of the lines in which a cell is merged, stands for the one above, or has no result."""
    return {
        line.number
        for line in table.lines
        if any(cell.merged or cell.ditto or (cell.formula and not cell.link) for cell in line.cells)
    }


def _note_looks(record: Record, few_coloured: bool, odd: bool) -> None:
    """What a person sees and a list of cells does not say: merged, hidden, coloured, calculated."""
    for column in record.table.columns if odd else ():
        cell = record.line.cell(column.number)
        if cell.merged:
            record.desk.note(record.at, column.heading, cell.merged, Read(cell.text.strip(), "repaired", "merged_down"))
        if cell.ditto:
            record.desk.note(record.at, column.heading, cell.ditto, Read(cell.text.strip(), "told", "as_above"))
        if cell.formula and not cell.link:
            record.desk.note(record.at, column.heading, cell.formula, Read(None, "told", "formula_without_value"))
    line, told = record.line, []
    if line.hidden:
        told.append(("row_hidden", ""))
    if few_coloured and line.colour and not line.struck:
        told.append(("row_coloured", line.colour))
    for code, about in told:
        record.note("row", line.first.text, Read(line.first.text, "told", code), about)


def _seconds(table: Table) -> list[tuple[Column, ...]]:
    """Columns of which the first that says something counts."""
    found = [
        columns
        for each in (table, *table.others)
        for field, columns in each.alike.items()
        if len(columns) > 1 and field in USED[table.kind] and not each.counts_each(field)
    ]
    return list(dict.fromkeys(found))


def _note_seconds(record: Record, seconds: list[tuple[Column, ...]]) -> None:
    """What another column says of the same, each cell for itself."""
    for columns in seconds:
        said = [(column, text) for column in columns if (text := record.line.cell(column.number).text.strip())]
        for column, text in said[1:]:
            if text != said[0][1]:
                record.desk.note(record.at, column.heading, text, Read(said[0][1], "told", "second_value"))


def _drop_sensitive(record: Record, sensitive: list[Column]) -> None:
    """Each cell that nobody needs to know is listed, without what stood in it."""
    for column in sensitive:
        if not record.line.cell(column.number).empty:
            record.desk.note(record.at, column.heading, None, Read(None, "dropped", f"not_kept_{column.field}"))


def list_columns(desk: Desk, table: Table) -> None:
    """What was thought of each column that no listed heading explains: told, asked, or left out by name."""
    _ask_hidden(desk, table)
    for column in table.columns:
        if column.hidden or not any(not line.cell(column.number).empty for line in table.lines):
            continue
        _told_column(desk, table, column)
        if column.field in NOT_KEPT:
            _read_on(desk, table, column.number, column.heading)


def _told_column(desk: Desk, table: Table, column: Column) -> None:
    left_out = not column.field or column.field in NOT_KEPT
    if table.kind in ("crosses", "poll") and not (column.field or column.nameless):
        return  # a network, a day
    if column.by_hand:
        _column(
            desk, table, column, "told", "column_meaning" if column.field else "column_left_out", column.field or None
        )
    elif column.proposed:
        _column(desk, table, column, "asked", "column_likely", column.proposed)
    elif left_out:
        _column(desk, table, column, "dropped", f"not_kept_{column.field or 'column'}", None)
    elif column.field not in SENSITIVE and table.kind and not _used(column, table):
        _column(desk, table, column, "dropped", "column_unused", None)
    elif column.by_stems and column.field not in SENSITIVE:
        _column(desk, table, column, "told", "column_read", column.field)


def _used(column: Column, table: Table) -> bool:
    """A postcode or the way to a room needs a room; a reason needs days."""
    fields = table.fields.keys()
    if table.kind == "members" and column.field in OF_ROOM:
        return bool(fields & {"room", "seats"})
    return column.field in USED[table.kind] or (column.field == "reason" and "absence" in fields)


def _ask_hidden(desk: Desk, table: Table) -> None:
    """Somebody hid them, and nobody knows what for: named and asked, once for all of a table."""
    headings = tuple(column.heading for column in withheld(table.columns))
    if headings:
        at = Place(table.sheet.file, table.sheet.name, table.row)
        doubt = Read(None, "asked", HIDDEN, "yes", options=("yes", "no"))
        desk.ask(at, "column", "", doubt, headings, parse=lambda text: yes_no(Cell(text)).value)


def _column(desk: Desk, table: Table, column: Column, action: str, code: str, field: str | None) -> None:
    """An asked one shows what stands in it; any but one left out for a reason may be said to mean something else."""
    at = Place(table.sheet.file, table.sheet.name, table.row)
    question = column.question if not code.startswith("not_kept_") or code == "not_kept_column" else None
    asked = action == "asked"
    found = _samples(table, column) if asked else None
    kept, proposed = (None, field or "") if asked else (field, "")
    item = Item(at, column.heading[:LONGEST], found, kept, action, code, question, proposed)
    desk.proposal.items.append(item)


def _samples(table: Table, column: Column) -> str:
    texts = (line.cell(column.number).text.strip() for line in table.lines)
    return "; ".join(islice(dict.fromkeys(text[:40] for text in texts if text), SHOWN))


def _read_on(desk: Desk, table: Table, number: int, heading: str) -> None:
    """A line break inside a cell must not end the record: say so where it stood."""
    for line in table.lines:
        text = line.cell(number).text.replace("\r\n", "\n").replace("\r", "\n").strip()
        if "\n" in text:
            at = Place(table.sheet.file, table.sheet.name, line.number)
            desk.note(at, heading, text, Read(text, "repaired", "line_break"))
