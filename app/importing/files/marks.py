"""What is odd about the cells of a sheet, row by row: a formula, a link, a look, a place in a merged range."""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any

from app.importing.files.looks import SheetLooks
from app.importing.files.zip_bounds import letters

Marks = dict[int, dict[str, Any]]  # by column
MAIL_IN_FORMULA = re.compile(r'"(mailto:[^"]+)"')


def marks_of(looks: SheetLooks) -> dict[int, Marks]:
    """By row; `failed` beside a formula whose result is an error."""
    found: dict[int, Marks] = defaultdict(lambda: defaultdict(dict))
    for (row, column), formula in looks.formulas.items():
        mail = MAIL_IN_FORMULA.search(formula)
        if (row, column) in looks.unsaved:
            found[row][column]["formula"] = formula
        if mail:
            found[row][column]["link"] = mail[1]
    for (row, column), error in looks.failed.items():
        found[row][column] |= {"formula": error or "#", "failed": True}
    for (row, column), link in looks.links.items():
        found[row][column]["link"] = link
    for (row, column), look in looks.cells.items():
        said = {"struck": look.struck, "colour": look.colour, "short_format": look.no_year}
        found[row][column] |= {name: value for name, value in said.items() if value}
    return found


class Merged:
    """Merged ranges while the rows go by from top to bottom."""

    def __init__(self, ranges: Iterable[tuple[int, int, int, int]]) -> None:
        self._coming = sorted(ranges, key=lambda part: -part[1])  # the next at the end
        self._open: dict[tuple[int, int, int, int], Any] = {}  # with the value they show

    def fill(self, row: int, values: list[Any], marks: Marks) -> Marks:
        """Put the value of a range into its cells of this row; returns the marks with theirs."""
        while self._coming and self._coming[-1][1] <= row:
            part = self._coming.pop()
            self._open[part] = values[part[0] - 1] if part[1] == row and part[0] <= len(values) else ""
        found = dict(marks)
        for part in list(self._open):
            left, top, right, bottom = part
            if bottom < row:
                del self._open[part]
                continue
            values += [""] * (right - len(values))
            for column in range(left, right + 1):
                if (row, column) == (top, left):
                    found[column] = {**found.get(column, {}), "merged": _name(part)}
                else:
                    values[column - 1] = self._open[part]
                    found[column] = {"filled": True}
        return found


def _name(part: tuple[int, int, int, int]) -> str:
    left, top, right, bottom = part
    return f"{letters(left)}{top}:{letters(right)}{bottom}"
