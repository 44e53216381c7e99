"""Is this package safe to open? Looked at as a stream, before openpyxl builds anything in memory."""

import re
import zipfile
import zlib
from io import BytesIO
from xml.parsers import expat

from app.importing.files.sheet import UPLOAD, Limits, Unreadable

CHUNK = 256 * 1024
MOST_PARTS = 500


def check(name: str, data: bytes, limits: Limits = UPLOAD) -> tuple[bool, int]:
    """Whether the workbook holds formulas, and its number of cells; raises Unreadable."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as package:
            return _checked(name, package, limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise Unreadable("broken", name) from error


def _checked(name: str, package: zipfile.ZipFile, limits: Limits) -> tuple[bool, int]:
    parts = package.infolist()
    names = {part.filename for part in parts}
    if "[Content_Types].xml" not in names or not any(part.startswith("xl/") for part in names):
        raise Unreadable("no_workbook", name)
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > limits.bytes:
        raise Unreadable("too_large", name)
    counts = _Counts(name, limits)
    for part in parts:
        if part.filename.endswith((".xml", ".rels")):
            counts.read(package, part)
    return counts.formulas, counts.cells


class _Counts:
    """Counts over all parts of a package; whatever is too much ends the reading."""

    def __init__(self, name: str, limits: Limits) -> None:
        self.name = name
        self.limits = limits
        self.cells = self.bytes = 0
        self.formulas = False

    def read(self, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.StartDoctypeDeclHandler = self._refuse
        if part.filename.startswith("xl/worksheets/"):
            parser.StartElementHandler = self._element
        try:
            with package.open(part) as stream:
                while chunk := stream.read(CHUNK):
                    self._grow(len(chunk))
                    parser.Parse(chunk, False)
            parser.Parse(b"", True)
        except expat.ExpatError as error:
            raise Unreadable("broken", self.name) from error

    def _refuse(self, *_declaration: object) -> None:
        raise Unreadable("broken", self.name)

    def _grow(self, size: int) -> None:
        self.bytes += size
        if self.bytes > self.limits.bytes:
            raise Unreadable("too_large", self.name)

    def _element(self, tag: str, attributes: dict[str, str]) -> None:
        kind = tag.rpartition(" ")[2]
        if kind == "c":
            self._cell(attributes.get("r", ""), 1)
        elif kind == "f":
            self.formulas = True
        elif kind in ("mergeCell", "hyperlink"):
            self._range(attributes.get("ref", ""))

    def _range(self, ref: str) -> None:
        first, _colon, last = ref.partition(":")
        columns, rows = _place(last or first)
        left, top = _place(first)
        self._cell(last or first, max(1, (columns - left + 1) * (rows - top + 1)))

    def _cell(self, ref: str, count: int) -> None:
        column, row = _place(ref)
        self.cells += count
        if self.cells > self.limits.cells or column > self.limits.columns or row > self.limits.lines:
            raise Unreadable("too_large", self.name)


def _place(ref: str) -> tuple[int, int]:
    """Column and row of "AB12", both from 1; (0, 0) for what is no such thing."""
    found = re.fullmatch(r"\$?([A-Z]{1,3})\$?([0-9]{1,7})", ref)
    if found is None:
        return 0, 0
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - 64
    return column, int(found[2])
