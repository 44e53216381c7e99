"""Is this package safe to open? Every part is looked at as a stream, whatever it is called, before a reader sees it."""

import re
import zipfile
from collections.abc import Callable, Mapping
from xml.parsers import expat

from app.importing.files.sheet import Limits, Unreadable

CHUNK = 256 * 1024
MOST_PARTS = 500
MOST_SHEETS = 100
REFERENCE = re.compile(r"\$?([A-Za-z]{1,3})\$?([0-9]{1,7})")
OF_SHEETS = b"sheetData"  # a tolerant reader finds a sheet behind whatever stands before it
MUST_BE_XML = (".xml", ".rels")
Attributes = dict[str, str]
Text = Callable[[str], None]
Element = Callable[[Attributes], Text | None]


class Bounds:
    """What is counted over all parts of a package; whatever is too much ends the reading."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.bytes = self.cells = self.area = self.sheets = self.strings = 0

    def parts(self, package: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
        found = package.infolist()
        if len(found) > MOST_PARTS or sum(part.file_size for part in found) > self.limits.bytes:
            raise Unreadable("too_large")
        return found

    def grow(self, size: int) -> None:
        self.bytes += size
        _most(self.bytes, self.limits.bytes)

    def sheet(self, _attributes: Attributes) -> None:
        self.sheets += 1
        _most(self.sheets, MOST_SHEETS)

    def string(self, _attributes: Attributes) -> None:
        self.strings += 1
        _most(self.strings, self.limits.cells)

    def count(self, cells: int) -> None:
        self.cells += cells
        _most(self.cells, self.limits.cells)

    def place(self, row: int, column: int) -> None:
        _most(row, self.limits.lines)
        _most(column, self.limits.columns)

    def rectangle(self, left: int, top: int, right: int, bottom: int) -> None:
        """Of cells that count as one each: a merged range, the cells a link lies on."""
        self.place(bottom, right)
        self.count(max(1, (right - left + 1) * (bottom - top + 1)))

    def spread(self, left: int, top: int, right: int, bottom: int) -> None:
        """The rectangle a reader makes room for."""
        self.area += (right - left + 1) * (bottom - top + 1)
        _most(self.area, self.limits.area)


def _most(found: int, limit: int) -> None:
    if found > limit:
        raise Unreadable("too_large")


def place(reference: str) -> tuple[int, int]:
    """Row and column of "AB12" or "ab12", both from 1; raises Unreadable for what readers may take for anything."""
    found = REFERENCE.fullmatch(reference)
    if found is None:
        raise Unreadable("broken")
    column = 0
    for letter in found[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(found[2]), column


def letters(column: int) -> str:
    """ "AB" of 28."""
    found = ""
    while column:
        column, letter = divmod(column - 1, 26)
        found = chr(65 + letter) + found
    return found


def corners(reference: str) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of "A1:C3"."""
    first, _colon, last = reference.partition(":")
    (top, left), (bottom, right) = place(first), place(last or first)
    return min(left, right), min(top, bottom), max(left, right), max(top, bottom)


def walk(package: zipfile.ZipFile, part: zipfile.ZipInfo, bounds: Bounds, elements: Mapping[str, Element]) -> None:
    """One part through what is done with its elements, by their local names; what is no XML is only counted.

    An element that returns a function gets the text up to the next one. Raises Unreadable for entities, and for
    what is neither whole XML nor safe to leave to a reader.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    known: dict[str, Element | None] = {}

    def start(tag: str, attributes: Attributes) -> None:
        if tag not in known:
            known[tag] = elements.get(tag.rpartition(" ")[2])
        handle = known[tag]
        parser.CharacterDataHandler = handle(attributes) if handle is not None else None

    parser.StartElementHandler = start
    sound, sheet, tail = True, part.filename.lower().endswith(MUST_BE_XML), b""
    with package.open(part) as stream:
        while chunk := stream.read(CHUNK):
            bounds.grow(len(chunk))
            sound = sound and _parsed(parser, chunk)
            sheet = sheet or OF_SHEETS in tail + chunk
            tail = chunk[-len(OF_SHEETS) :]
            if sheet and not sound:
                raise Unreadable("broken")
    if sheet and not (sound and _parsed(parser, b"", last=True)):
        raise Unreadable("broken")


def _parsed(parser: expat.XMLParserType, data: bytes, *, last: bool = False) -> bool:
    try:
        parser.Parse(data, last)
    except expat.ExpatError:
        return False
    return True


def _refuse(*_declaration: object) -> None:
    raise Unreadable("broken")
