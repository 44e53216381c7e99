"""`python -m bench.headings [--quick] [--tell]`: how many columns of made-up lists are understood without a question.

Printed: right without a question, asked with the right proposal, left out though wanted, wrong and taken as sure.
"""

import sys
from collections import Counter

from app.importing.files.sheet import Cell, Line, Sheet
from app.importing.tables.heading_words import NOT_KEPT, SENSITIVE
from app.importing.tables.headings import find
from app.importing.tables.table import Column
from bench.made_lists import LANGUAGES, UNUSED, MadeList, lists

LINE = "{:<20} {:>8} {:>8} {:>8} {:>8} {:>8}"
OUTCOMES = ("right", "asked", "left out", "wrong")
ALIKE = {"title": ("title", "salutation"), "salutation": ("title", "salutation")}


def table_of(made: MadeList) -> tuple[Column, ...]:
    lines = tuple(Line(n, tuple(Cell(text or None) for text in row)) for n, row in enumerate(made.rows, start=1))
    return find(Sheet("list.csv", "", lines)).columns


def outcome(truth: str, column: Column | None) -> str:
    if column is None or column.proposed:
        return "asked" if column and column.proposed == truth else "left out" if truth else "asked"
    if truth == UNUSED or truth in SENSITIVE:
        unused = column.field in (*NOT_KEPT, *SENSITIVE, "reason", "title")
        return "right" if unused else "wrong"
    if not column.field:
        return "left out"
    return "right" if column.field in ALIKE.get(truth, (truth,)) else "wrong"


def main(seeds: int, tell: bool) -> None:
    found: dict[str, Counter[str]] = {}
    for made in lists(seeds):
        columns = {column.number: column for column in table_of(made)}
        for n, truth in enumerate(made.truth):
            said = outcome(truth, columns.get(n))
            for name in (made.layout, made.language, "all"):
                found.setdefault(name, Counter())[said] += 1
            if tell and said != "right":
                print(said, made.layout, made.language, repr(made.rows[0][n]), truth, columns.get(n), made.rows[1][n])
    print(LINE.format("columns of lists", "all", *OUTCOMES))
    print(f"wrong taken as sure: {found['all']['wrong']} of {found['all'].total()}")
    for name in [*sorted(set(found) - {"all", *LANGUAGES}), *LANGUAGES, "all"]:
        counts = found[name]
        print(LINE.format(name, counts.total(), *(f"{100 * counts[each] / counts.total():.1f} %" for each in OUTCOMES)))


if __name__ == "__main__":
    main(10 if "--quick" in sys.argv else 200, "--tell" in sys.argv)
