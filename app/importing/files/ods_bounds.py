"""How much an OpenDocument sheet unfolds to: a row or cell may say that it stands there a million times."""

import zipfile

from app.importing.files.zip_bounds import Attributes, Bounds, Element, walk


def count_ods(package: zipfile.ZipFile, bounds: Bounds) -> None:
    """All its parts; raises Unreadable when something is too much."""
    for part in bounds.parts(package):
        tables = _Tables(bounds)
        elements: dict[str, Element] = {
            "table": tables.table,
            "table-row": tables.row,
            "table-cell": tables.cell,
            "covered-table-cell": tables.cell,
            "p": tables.said,
        }
        walk(package, part, bounds, elements)
        tables.end()


class _Tables:
    def __init__(self, bounds: Bounds) -> None:
        self.bounds = bounds
        self._row = self._column = 0  # of the last that came, from 1
        self._rows = self._columns = 1  # how often that one stands there
        self._filled = True
        self._edges = (10**9, 10**9, 0, 0)

    def table(self, attributes: Attributes) -> None:
        self.end()
        self.bounds.sheet(attributes)
        self._row, self._rows, self._edges = 0, 1, (10**9, 10**9, 0, 0)

    def row(self, attributes: Attributes) -> None:
        self._row += self._rows if self._row else 1
        self._rows = _number(attributes, "number-rows-repeated")
        self._column, self._columns = 0, 1

    def cell(self, attributes: Attributes) -> None:
        self._column += self._columns if self._column else 1
        self._columns = _number(attributes, "number-columns-repeated")
        self._filled = False
        if any(name.endswith("value-type") for name in attributes):
            self.said(attributes)

    def said(self, _attributes: Attributes) -> None:
        """The cell that is open holds something: it counts as often as it stands there."""
        if self._filled or not self._column:
            return
        self._filled = True
        bottom, right = self._row + self._rows - 1, self._column + self._columns - 1
        self.bounds.rectangle(self._column, self._row, right, bottom)
        left, top, most_right, most_down = self._edges
        self._edges = min(left, self._column), min(top, self._row), max(most_right, right), max(most_down, bottom)

    def end(self) -> None:
        if self._edges[2]:
            self.bounds.spread(*self._edges)


def _number(attributes: Attributes, name: str) -> int:
    found = next((value for key, value in attributes.items() if key.rpartition(" ")[2] == name), "1")
    return max(1, int(found)) if found.isdecimal() and len(found) < 10 else 1
