"""Rows as a table or a workbook that opens right in every spreadsheet program, and calculates nothing."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from io import BytesIO, StringIO
from typing import Any

from app.text import uncalculated

TYPES = {
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ics": "text/calendar; charset=utf-8",
}
Rows = Iterable[Sequence[Any]]


def table(rows: Rows) -> bytes:
    """Cells parted by semicolons, with the mark by which Excel knows UTF-8."""
    stream = StringIO()
    csv.writer(stream, delimiter=";").writerows(map(uncalculated, rows))
    return stream.getvalue().encode("utf-8-sig")


def workbook(sheets: Mapping[str, Rows], *, number_formats: Mapping[type, str] | None = None, width: int = 0) -> bytes:
    """A sheet for each name; cells of these types are shown so, and columns so wide."""
    # Not at the top: loading it is a sixth of what every start of the program takes.
    book = import_module("openpyxl").Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(uncalculated(row))
        _dress(sheet, number_formats or {}, width)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


def _dress(sheet: Any, number_formats: Mapping[type, str], width: int) -> None:
    for column in sheet.columns if width else ():
        sheet.column_dimensions[column[0].column_letter].width = width
    for cell in (cell for row in sheet.iter_rows() for cell in row) if number_formats else ():
        if type(cell.value) in number_formats:
            cell.number_format = number_formats[type(cell.value)]
