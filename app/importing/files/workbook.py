"""An Excel workbook -> sheets. openpyxl reads it, once for values and, where there are formulas, once for those."""

import re
import warnings
from io import BytesIO
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.utils.exceptions import InvalidFileException

from app.importing.files import zip_bounds
from app.importing.files.sheet import (
    EMPTY,
    LONGEST_TEXT,
    UPLOAD,
    Cell,
    Limits,
    Line,
    Opened,
    Sheet,
    Unreadable,
    Value,
)

# What openpyxl lets through when a part is missing, cut short or holds what it should not.
DAMAGE = (
    *(ArithmeticError, AttributeError, LookupError, OSError, RecursionError, SyntaxError, TypeError, ValueError),
    *(BadZipFile, InvalidFileException),
)
MOST_HELD = 10_000
WHITE = ("00000000", "FFFFFFFF", "00FFFFFF")


def open_workbook(name: str, data: bytes, limits: Limits = UPLOAD) -> Opened:
    """Raises Unreadable."""
    formulas, cells = zip_bounds.check(name, data, limits)
    if cells > UPLOAD.cells:
        return _large(name, data)
    values = _load(name, data, data_only=True)
    written = _load(name, data, data_only=False) if formulas else None
    sheets = []
    for title in values.sheetnames:
        sheet = values[title]
        if hasattr(sheet, "merged_cells"):  # a chart sheet has no cells
            sheets.append(_sheet(name, sheet, written[title] if written else None, values.epoch == CALENDAR_MAC_1904))
    return Opened(name, "xlsx", tuple(sheets))


def _large(name: str, data: bytes) -> Opened:
    """Read row by row, values only: what is struck through, merged or linked is not seen, which is told."""
    held: dict[Any, Cell] = {}
    try:
        book = load_workbook(BytesIO(data), data_only=True, read_only=True)
        sheets = [_values(name, sheet, book.epoch == CALENDAR_MAC_1904, held) for sheet in book.worksheets]
    except DAMAGE as error:
        raise Unreadable("broken", name) from error
    return Opened(name, "xlsx", tuple(sheets), large=True)


def _values(name: str, sheet: Any, since_1904: bool, held: dict[Any, Cell]) -> Sheet:
    rows = enumerate(sheet.iter_rows(values_only=True), start=1)
    lines = tuple(Line(number, tuple(_held(_limited(value), held) for value in row)) for number, row in rows)
    return Sheet(name, sheet.title, lines, sheet.sheet_state != "visible", since_1904)


def _held(value: Value, held: dict[Any, Cell]) -> Cell:
    """What stands in many cells is held once; 1, 1.0 and True are three values."""
    found = held.get((type(value), value))
    if found is None:
        if len(held) >= MOST_HELD:
            held.clear()
        found = held[type(value), value] = Cell(value)
    return found


def _load(name: str, data: bytes, *, data_only: bool) -> Any:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "Data Validation extension is not supported" is nothing to us
            return load_workbook(BytesIO(data), data_only=data_only)
    except DAMAGE as error:
        raise Unreadable("broken", name) from error


def _sheet(name: str, sheet: Any, written: Any, since_1904: bool) -> Sheet:
    merged = _merged(sheet)
    formulas = written._cells if written is not None else {}
    rows: dict[int, dict[int, Cell]] = {}
    # Not iter_rows: it would make every missing cell of a sparse sheet.
    for (row, column), cell in sheet._cells.items():
        written_there = formulas.get((row, column), cell)
        rows.setdefault(row, {})[column] = _cell(cell, written_there, merged)
    hidden = _hidden_columns(sheet)
    lines = [_line(row, rows[row], hidden, sheet) for row in sorted(rows)]
    return Sheet(name, sheet.title, tuple(lines), sheet.sheet_state != "visible", since_1904)


def _line(row: int, cells: dict[int, Cell], hidden: set[int], sheet: Any) -> Line:
    columns = [column for column in range(1, max(cells) + 1) if column not in hidden]
    concealed = row in sheet.row_dimensions and bool(sheet.row_dimensions[row].hidden)
    return Line(row, tuple(cells.get(column, EMPTY) for column in columns), concealed)


def _merged(sheet: Any) -> dict[tuple[int, int], tuple[str, Value]]:
    """(row, column) -> the range it lies in and the value that range shows."""
    return {
        (row, column): (part.coord, part.start_cell.value)
        for part in sheet.merged_cells.ranges
        for row in range(part.min_row, part.max_row + 1)
        for column in range(part.min_col, part.max_col + 1)
    }


def _hidden_columns(sheet: Any) -> set[int]:
    return {
        column
        for dimension in sheet.column_dimensions.values()
        if dimension.hidden
        for column in range(dimension.min or 0, (dimension.max or 0) + 1)
    }


def _cell(cell: Any, written: Any, merged: dict[tuple[int, int], tuple[str, Value]]) -> Cell:
    where = (cell.row, cell.column)
    part, value = merged.get(where, ("", cell.value))
    filled = bool(part) and not part.startswith(f"{cell.coordinate}:")
    failed = cell.data_type == "e"  # #REF! and its like
    formula = str(value) if failed else "" if value is not None or filled else _formula(written.value)
    return Cell(
        value=None if failed else _limited(value),
        link=_link(cell, formula),
        formula=formula,
        merged="" if filled else part,
        filled=filled,
        struck=bool(cell.font and cell.font.strike),
        coloured=_coloured(cell),
        short_format=bool(getattr(cell, "is_date", False) and "y" not in cell.number_format.lower()),
    )


def _limited(value: Any) -> Value:
    if isinstance(value, str):
        return value[:LONGEST_TEXT]
    return value if isinstance(value, int | float | bool) or hasattr(value, "isoformat") else None


def _formula(value: Any) -> str:
    """The formula as typed, for a cell whose result was not saved."""
    text = str(getattr(value, "text", value) or "")
    return text[:LONGEST_TEXT] if text.startswith("=") else ""


def _link(cell: Any, formula: str) -> str:
    target = cell.hyperlink.target if getattr(cell, "hyperlink", None) else None
    mailto = re.search(r'"(mailto:[^"]+)"', formula)
    return str(target or (mailto[1] if mailto else ""))


def _coloured(cell: Any) -> bool:
    fill = cell.fill
    return bool(fill and fill.fill_type == "solid" and fill.fgColor.type == "rgb" and fill.fgColor.rgb not in WHITE)
