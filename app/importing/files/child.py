"""Reads one workbook in a process of its own, within limits, and writes what it found as JSON.

Whatever a file does to its reader, it does it here: without a database, a secret, a file or more time and memory
than was given. `workbook.py` starts it.
"""

import json
import os
import resource
import signal
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO
from itertools import islice
from typing import Any

from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    PasswordError,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from app.importing.files.looks import Looks, SheetLooks
from app.importing.files.marks import Merged, marks_of
from app.importing.files.ods_bounds import count_ods
from app.importing.files.sheet import LONGEST_TEXT, Limits, Unreadable
from app.importing.files.zip_bounds import Bounds

LOCKED = "EncryptedPackage".encode("utf-16-le")  # the name of what lies behind a password
ROWS = 1_000  # written at once
DAMAGE = (
    *(zipfile.BadZipFile, zlib.error, CalamineError),
    *(NotImplementedError, RuntimeError, EOFError, OSError, ValueError),
)


def main() -> None:
    limits = Limits(**json.loads(sys.argv[1]))
    data = sys.stdin.buffer.read()
    _confine(limits)
    try:
        for each in read(data, limits):
            print(json.dumps(each, ensure_ascii=False, separators=(",", ":")))
    except Unreadable as error:
        _refuse(error.code)
    except MemoryError:
        _refuse("too_large")
    except DAMAGE:
        _refuse("broken")


def _refuse(code: str) -> None:
    print(json.dumps({"refused": code}))


def _confine(limits: Limits) -> None:
    """Processor time, memory beside what is loaded, and no file to write to."""
    seconds = int(limits.seconds) + 2
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as stream:
            pages = int(stream.read().split()[0])
        most = pages * os.sysconf("SC_PAGE_SIZE") + limits.memory
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def read(data: bytes, limits: Limits) -> Iterator[dict[str, Any]]:
    """The file, each sheet, and after it its rows by the thousand; a cell is the place of its value, 0 for none."""
    bounds = Bounds(limits)
    kind, looks = _looked_at(data, bounds)
    try:
        book = CalamineWorkbook.from_filelike(BytesIO(data))
    except PasswordError as error:
        raise Unreadable("password") from error
    yield {"kind": kind, "since_1904": bool(looks and looks.since_1904)}
    counts = _Counts(limits)
    for each in book.sheets_metadata:
        if each.typ is SheetTypeEnum.WorkSheet:
            own = looks.of(each.name) if looks else None
            hidden = each.visible is not SheetVisibleEnum.Visible
            columns = sorted(own.hidden_columns) if own else []
            yield {"title": each.name, "hidden": hidden, "seen": own is not None, "hidden_columns": columns}
            yield from _parts(book.get_sheet_by_name(each.name), own or SheetLooks(), counts)


def _looked_at(data: bytes, bounds: Bounds) -> tuple[str, Looks | None]:
    if not data.startswith(b"PK"):
        if LOCKED in data:
            raise Unreadable("password")
        return "xls", None
    with zipfile.ZipFile(BytesIO(data)) as package:
        names = {name.lower() for name in package.namelist()}
        office, open_document = "[content_types].xml" in names and _any_below(names, "xl/"), "content.xml" in names
        if office == open_document:  # what is both may be counted as one and read as the other
            raise Unreadable("no_workbook")
        if open_document:
            count_ods(package, bounds)
            return "ods", None
        looks = Looks(bounds)
        looks.read(package)
        return ("xlsb", None) if "xl/workbook.bin" in names else ("xlsx", looks)


def _any_below(names: set[str], folder: str) -> bool:
    return any(name.startswith(folder) for name in names)


class _Counts:
    """What the reader hands over, whatever was counted before."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.cells = self.letters = 0

    def check(self, cells: int, letters: int) -> None:
        self.cells += cells
        self.letters += letters
        if self.cells > self.limits.cells or self.letters > self.limits.letters:
            raise Unreadable("too_large")


class _Part:
    """Some rows of a sheet, each value of theirs once."""

    def __init__(self) -> None:
        self.values: list[Any] = [None]
        self.rows: list[tuple[int, list[int]]] = []
        self.marks: list[tuple[int, int, dict[str, Any]]] = []
        self.cells = self.letters = 0
        self._places: dict[tuple[type, Any], int] = {}

    def place(self, value: object) -> int:
        if value in ("", None):
            return 0
        self.cells += 1
        if isinstance(value, str):
            value = value[:LONGEST_TEXT]
        found = self._places.get((type(value), value))
        if found is None:
            self.letters += len(value) if isinstance(value, str) else 0
            found = self._places[type(value), value] = len(self.values)
            self.values.append(_written(value))
        return found


def _written(value: object) -> Any:
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    if isinstance(value, timedelta):
        value = (datetime(1900, 1, 1) + value).time() if timedelta() <= value < timedelta(days=1) else str(value)
    if isinstance(value, datetime):
        return {"at": value.isoformat()}
    if isinstance(value, date):
        return {"day": value.isoformat()}
    return {"time": value.isoformat()} if isinstance(value, time) else value


def _parts(sheet: CalamineSheet, looks: SheetLooks, counts: _Counts) -> Iterator[dict[str, Any]]:
    rows = _rows(sheet, looks, counts.limits)
    while some := list(islice(rows, ROWS)):
        part = _Part()
        for number, values, marks in some:
            part.rows.append((number, [part.place(value) for value in values]))
            part.marks += [(number, column, mark) for column, mark in marks.items()]
        counts.check(part.cells, part.letters)
        hidden = [number for number, _values, _marks in some if number in looks.hidden_rows]
        yield {"values": part.values, "rows": part.rows, "marks": part.marks, "hidden_rows": hidden}


def _rows(
    sheet: CalamineSheet, looks: SheetLooks, limits: Limits
) -> Iterator[tuple[int, list[Any], dict[int, dict[str, Any]]]]:
    """Number, values and marks of each row that says something; values of merged ranges in all their cells."""
    marks, merged, coloured = marks_of(looks), Merged(looks.merged), 0
    for number, row in _values(sheet, sorted(marks), limits):
        own = marks.get(number, {})
        values = row + [""] * (max(own, default=0) - len(row))
        for column in (column for column, mark in own.items() if mark.get("failed")):
            values[column - 1] = ""
        odd = merged.fill(number, values, own)
        if any(value != "" for value in values) or any({"formula", "link"} & mark.keys() for mark in own.values()):
            shown = {column: mark for column, mark in odd.items() if _shows(values, column, mark)}
            # A matrix may say it by colour alone; of more cells than may be written it is decoration.
            by_colour = {column: {"colour": mark["colour"]} for column, mark in odd.items() if "colour" in mark}
            coloured += len(by_colour)
            yield number, values, (by_colour if coloured <= limits.cells else {}) | shown


def _shows(values: list[Any], column: int, mark: dict[str, Any]) -> bool:
    return values[column - 1] != "" or bool({"formula", "link", "filled"} & mark.keys())


def _values(sheet: CalamineSheet, marked: list[int], limits: Limits) -> Iterator[tuple[int, list[Any]]]:
    """The rows the reader knows, from their first column on, and those beyond that hold no more than a formula."""
    top, left = sheet.start or (0, 0)
    bottom, right = sheet.end or (-1, 0)
    if bottom >= limits.lines or right >= limits.columns:
        raise Unreadable("too_large")
    yield from ((number, []) for number in marked if number <= top)
    for number, row in enumerate(sheet.iter_rows(), start=top + 1):
        yield number, [""] * left + row
    yield from ((number, []) for number in marked if number > bottom + 1)
