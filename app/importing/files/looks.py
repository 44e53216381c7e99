"""What a person sees in an Excel workbook and its values do not say: hidden, merged, struck, linked, calculated."""

import posixpath
import zipfile
from dataclasses import dataclass, field

from app.importing.files.styles import PLAIN, Look, Styles
from app.importing.files.zip_bounds import Attributes, Bounds, Element, Text, corners, place, walk

Where = tuple[int, int]  # row and column, from 1
LONGEST = 4_000
TRUE = ("1", "true", "on")


@dataclass
class SheetLooks:
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    links: dict[Where, str] = field(default_factory=dict)  # or the number of a relation, until that is known
    formulas: dict[Where, str] = field(default_factory=dict)
    unsaved: set[Where] = field(default_factory=set)  # formulas whose result the file does not hold
    failed: dict[Where, str] = field(default_factory=dict)  # "#REF!"
    cells: dict[Where, Look] = field(default_factory=dict)  # that do not look plain


@dataclass
class Looks:
    """Of a whole package, gathered while its parts are counted."""

    bounds: Bounds
    styles: Styles = field(default_factory=Styles)
    since_1904: bool = False
    _sheets: dict[str, SheetLooks] = field(default_factory=dict)  # by the name of their part
    _relations: dict[str, dict[str, str]] = field(default_factory=dict)  # by part: number -> target
    _titles: list[tuple[str, str, str]] = field(default_factory=list)  # title, part of the workbook, relation
    _looks: dict[str, Look] = field(default_factory=dict)  # by number of the style

    def read(self, package: zipfile.ZipFile) -> None:
        """Every part of it, styles first; raises Unreadable when one is too much."""
        parts = self.bounds.parts(package)
        for part in sorted(parts, key=lambda each: "style" not in each.filename.lower()):
            sheet = _OneSheet(self)
            walk(package, part, self.bounds, self._elements(part.filename) | sheet.elements)
            if sheet.begun:
                sheet.end()
                self._sheets[part.filename] = sheet.looks

    def of(self, title: str) -> SheetLooks | None:
        """None where the part of a sheet cannot be told; links lead where they lead."""
        for name, workbook, number in self._titles:
            part = self._target(workbook, number)
            if name == title and part in self._sheets:
                looks, targets = self._sheets[part], self._relations.get(part, {})
                looks.links = {where: targets.get(link, link) for where, link in looks.links.items()}
                return looks
        return None

    def look(self, number: str) -> Look:
        if number not in self._looks:
            self._looks[number] = self.styles.look(number)
        return self._looks[number]

    def _target(self, part: str, number: str) -> str:
        target = self._relations.get(part, {}).get(number, "")
        joined = target.lstrip("/") if target.startswith("/") else posixpath.join(posixpath.dirname(part), target)
        return posixpath.normpath(joined)

    def _elements(self, part: str) -> dict[str, Element]:
        def sheet(attributes: Attributes) -> None:
            self.bounds.sheet(attributes)
            self._titles.append((attributes.get("name", ""), part, _own(attributes, "id")))

        def relation(attributes: Attributes) -> None:
            self.bounds.string(attributes)
            folder, name = posixpath.split(part)
            owner = posixpath.join(posixpath.dirname(folder), name.removesuffix(".rels"))
            self._relations.setdefault(owner, {})[attributes.get("Id", "")] = attributes.get("Target", "")

        own: dict[str, Element] = {"sheet": sheet, "Relationship": relation, "si": self.bounds.string}
        return {**self.styles.elements, **own, "workbookPr": self._epoch}

    def _epoch(self, attributes: Attributes) -> None:
        self.since_1904 = attributes.get("date1904", "") in TRUE


class _OneSheet:
    """The part of one sheet, element by element."""

    def __init__(self, whole: Looks) -> None:
        self.whole = whole
        self.bounds = whole.bounds
        self.looks = SheetLooks()
        self.begun = False
        self._row = self._column = 0
        self._edges = (10**9, 10**9, 0, 0)
        self._pending = False  # a formula whose result has not come yet
        self._failed = False

    @property
    def elements(self) -> dict[str, Element]:
        rows: dict[str, Element] = {"sheetData": self._begin, "row": self._of_row, "c": self._cell, "f": self._formula}
        return {**rows, "v": self._value, "col": self._columns, "mergeCell": self._merge, "hyperlink": self._link}

    def end(self) -> None:
        self._settle()
        if self._edges[2]:
            self.bounds.spread(*self._edges)

    def _begin(self, _attributes: Attributes) -> None:
        self.begun = True

    def _of_row(self, attributes: Attributes) -> None:
        self._settle()
        number = attributes.get("r", "")
        self._row = int(number) if number.isdecimal() else self._row + 1
        self._column = 0
        if attributes.get("hidden") in TRUE:
            self.looks.hidden_rows.add(self._row)

    def _cell(self, attributes: Attributes) -> None:
        if not self.begun:
            return
        self._settle()
        reference = attributes.get("r")
        self._row, self._column = place(reference) if reference else (self._row, self._column + 1)
        self.bounds.place(self._row, self._column)
        self.bounds.count(1)
        left, top, right, bottom = self._edges
        self._edges = min(left, self._column), min(top, self._row), max(right, self._column), max(bottom, self._row)
        self._failed = attributes.get("t") == "e"
        look = self.whole.look(attributes.get("s", ""))
        if look is not PLAIN and look != PLAIN:
            self.looks.cells[self._row, self._column] = look

    def _settle(self) -> None:
        if self._pending:
            self.looks.unsaved.add((self._row, self._column))
        self._pending = False

    def _formula(self, _attributes: Attributes) -> Text | None:
        if not self.begun:
            return None
        self._pending, where = True, (self._row, self._column)
        self.looks.formulas[where] = "="
        return lambda text: self._grow(self.looks.formulas, where, text)

    def _value(self, _attributes: Attributes) -> Text | None:
        if self._failed:
            where = self._row, self._column
            self.looks.failed[where] = ""
            return lambda text: self._grow(self.looks.failed, where, text)
        return self._came if self._pending else None

    def _came(self, text: str) -> None:
        if text.strip():
            self._pending = False

    @staticmethod
    def _grow(texts: dict[Where, str], where: Where, text: str) -> None:
        texts[where] = (texts[where] + text)[:LONGEST]

    def _columns(self, attributes: Attributes) -> None:
        first, last = attributes.get("min", ""), attributes.get("max", "")
        if attributes.get("hidden") in TRUE and first.isdecimal() and last.isdecimal():
            self.looks.hidden_columns |= set(range(int(first), min(int(last), self.bounds.limits.columns) + 1))

    def _merge(self, attributes: Attributes) -> None:
        found = corners(attributes.get("ref", ""))
        self.bounds.rectangle(*found)
        self.looks.merged.append(found)

    def _link(self, attributes: Attributes) -> None:
        found = corners(attributes.get("ref", ""))
        self.bounds.rectangle(*found)
        left, top, _right, _bottom = found
        self.looks.links[top, left] = _own(attributes, "id") or attributes.get("location", "")


def _own(attributes: Attributes, name: str) -> str:
    """An attribute with a namespace, whichever that is."""
    return next((value for key, value in attributes.items() if key.rpartition(" ")[2] == name), "")
