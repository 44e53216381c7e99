"""Where the headings stand in a sheet, and which column means what."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

from app.importing.cells.person_names import key
from app.importing.files.sheet import EMPTY, Cell, Line, Sheet
from app.importing.files.zip_bounds import letters
from app.importing.tables.column_content import content, likely
from app.importing.tables.heading_stems import bare, counted, meaning
from app.importing.tables.heading_words import FIELDS, FOLDED, LEFT_OUT, folded
from app.importing.tables.kind_of_table import kind_of
from app.importing.tables.meanings import inferred, named, settled, shown
from app.importing.tables.seats import seated
from app.importing.tables.table import Column, Table

LONGEST = 120  # letters of a heading
Columns = tuple[Column, ...]
PARTS = re.compile(r"[/|()\n]|\s(?:of|oder|or|bzw\.?)\s")
FURTHEST = 25  # title rows that may stand above the headings
DITTO = re.compile(
    r"(?:s\.?\s?o\.?|siehe oben|s\. oben|wie oben|dito|zie (?:hier)?boven|z\.?o\.?z\.?|idem|id\.|ditto|see above"
    r"|as above|[\"”„″]|'')",
    re.IGNORECASE,
)
OF_GROUP = {"organisation": "organisation", "person": "person", "room": "room", "network": "network"}


def find(sheet: Sheet, answers: Mapping[str, Any] = MappingProxyType({})) -> Table:
    """The table in a sheet; its kind is "" when no line reads like headings, or none of what they say is sure."""
    candidates = sheet.lines[:FURTHEST]
    best = _best(candidates)
    if best is None:
        return Table(sheet, "", 0, (), (), ())
    best = _lower(candidates, best)
    lines = _as_above(sheet.lines[best + 1 :])
    headed = _columns(candidates, best)
    columns = _read([*headed, *_nameless(headed, lines)], sheet, lines, answers)
    above = candidates[: best - 1] if best and _is_groups(candidates[best - 1]) else candidates[:best]
    titles = tuple(cell.text for line in above for cell in line.written)
    blocks = _blocks(candidates[best], sheet.lines[:best], lines)
    return Table(sheet, kind_of(columns, lines), candidates[best].number, columns, titles, lines, blocks)


def _read(columns: list[Column], sheet: Sheet, lines: tuple[Line, ...], answers: Mapping[str, Any]) -> Columns:
    hidden = [replace(column, hidden=column.number + 1 in sheet.hidden_columns) for column in columns]
    return seated(shown(named(settled(inferred(hidden, lines)), answers), answers))


def _best(lines: tuple[Line, ...]) -> int | None:
    """The line of which most is known; else the first that could be headings, above cells that speak for themselves."""
    best = max(range(len(lines)), key=lambda n: (_known(lines, n), -n), default=None)
    if best is None or _known(lines, best):
        return best
    return next((n for n, line in enumerate(lines) if _could_be(line) and _speaks(line, lines[n + 1 :])), None)


def _could_be(line: Line) -> bool:
    """Several short texts, each once, that hold nothing a heading does not."""
    texts = [cell.text.strip() for cell in line.written]
    plain = all(len(text) < LONGEST and not any(sign.isdigit() or sign == "@" for sign in text) for text in texts)
    return len(texts) > 1 and plain and len(set(map(key, texts))) == len(texts)


def _speaks(line: Line, below: tuple[Line, ...]) -> bool:
    return any(likely(content(each.cell(n) for each in below)) == "email" for n in range(len(line.cells)))


def _lower(lines: tuple[Line, ...], n: int) -> int:
    """The second of two rows of headings, the first of which is the better known: "Contact" over "Naam, E-mail"."""
    if n + 1 >= len(lines):
        return n
    below = lines[n + 1]
    headings = len(below.written) > 1 and all(_field(cell.text) for cell in below.written)
    return n + 1 if headings and not _same(below, lines[n]) else n


def _same(line: Line, heading: Line) -> bool:
    """Whether a row is the headings again."""
    if line.first.text.strip() != heading.first.text.strip():
        return False  # soon, for this is asked of every row
    said = [key(cell.text) for cell in line.cells if not cell.empty]
    return len(said) > 1 and said == [key(cell.text) for cell in heading.cells if not cell.empty]


def _blocks(heading: Line, above: tuple[Line, ...], lines: tuple[Line, ...]) -> dict[int, str]:
    """Where headings stand again, each block may have a title of its own right above; by the number of its row."""
    again = [n for n, line in enumerate(lines) if _same(line, heading)]
    if not again:
        return {}
    titles = [_title(above), *(_title(lines[:n]) for n in again)]
    starts = [heading.number, *(lines[n].number for n in again)]
    found = dict(zip(starts, (title.first.text.strip() if title else "" for title in titles), strict=True))
    return found | {title.number: "" for title in titles[1:] if title}


def _title(lines: tuple[Line, ...]) -> Line | None:
    """The last row that says anything, when it is one cell."""
    last = next((line for line in reversed(lines) if line.first is not EMPTY), None)
    return last if last and last.alone else None


def _as_above(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    """ "s.o." and "zie boven" are what stands above them."""
    found: list[Line] = []
    above = Line(0, ())
    for each in lines:
        line = each
        if any(DITTO.fullmatch(cell.text.strip()) for cell in line.cells):
            line = replace(line, cells=tuple(_filled(cell, above.cell(n)) for n, cell in enumerate(line.cells)))
        found.append(line)
        above = line if line.alone is None else above
    return tuple(found)


def _filled(cell: Cell, above: Cell) -> Cell:
    if above.empty or not DITTO.fullmatch(cell.text.strip()):
        return cell
    return replace(cell, value=above.value, link=above.link, ditto=cell.text.strip())


def _known(lines: tuple[Line, ...], n: int) -> float:
    """How much a line says as headings: listed ones count whole, stems half, data takes away.

    What it has from the line of groups above counts only beside a heading of its own: a row of data has none.
    """
    fields = {column.field for column in _columns(lines, n)} - {""}
    stems = {_stem(cell.text) for cell in lines[n].written if not _field(cell.text)} - fields - {""}
    if not any(_field(cell.text) for cell in lines[n].written) and len(stems) < 2:
        return 0
    data = sum(isinstance(cell.value, int | float | date) or "@" in cell.text for cell in lines[n].written)
    return max(0.0, len(fields) + len(stems) / 2 - data)


def _stem(text: str) -> str:
    said = meaning(text) if len(text) < LONGEST else None
    return said.field if said and said.plain and said.field != LEFT_OUT else ""


def _columns(lines: tuple[Line, ...], n: int) -> list[Column]:
    """Columns by the listed headings of line n, helped by a line of groups right above it."""
    above = lines[n - 1] if n and len(lines[n].written) > 1 and _is_groups(lines[n - 1]) else None
    width = max(len(lines[n].cells), len(above.cells) if above else 0)
    columns = [_column(number, lines[n].cell(number), above) for number in range(width)]
    return [column for column in columns if column.heading or column.field]


def _nameless(headed: list[Column], lines: tuple[Line, ...]) -> list[Column]:
    """Columns with cells and no heading, called as a spreadsheet calls them."""
    known = {column.number for column in headed}
    width = max((len(line.cells) for line in lines), default=0)
    bare = [number for number in range(width) if number not in known]
    said = {number for line in lines for number in bare if line.cell(number).own and line.alone is None} if bare else ()
    return [Column(number, "", f"[{letters(number + 1)}]", nameless=True) for number in sorted(said)]


def _is_groups(line: Line) -> bool:
    return sum(_group_field(cell.text) != "" for cell in line.written) >= 2


def _column(number: int, cell: Cell, above: Line | None) -> Column:
    over = _over(above, number)
    own, group = _field(cell.text), _group_field(over)
    heading = cell.text.strip()
    if own == "name" and group in OF_GROUP:
        return Column(number, OF_GROUP[group], heading, group=over)
    if not own and not heading:
        written = above.cell(number) if above else EMPTY
        group = _group_field(written.text)
        alone = group in ("absence", "remark") or (bool(group) and not written.merged and not written.filled)
        return Column(number, group if alone else "", written.text)
    return Column(number, own or (group if not heading else ""), heading, group=over)


def _over(above: Line | None, number: int) -> str:
    """The group over a column, which begins in its own cell or, in a text, further left."""
    cells = above.cells[number::-1] if above and number < len(above.cells) else above.cells[::-1] if above else ()
    return next((cell.text.strip() for cell in cells if not cell.empty), "")


def _group_field(text: str) -> str:
    return _field(text) or FOLDED.get(counted(text)[0], "")


def _field(text: str) -> str:
    word = key(bare(text))
    if len(word) >= LONGEST:
        return ""
    return FIELDS.get(word) or FOLDED.get(folded(word)) or _of_parts(text)


def _of_parts(text: str) -> str:
    """ "Träger / Einrichtung", "E-Mail (dienstlich)": the first part is known and no other says something else."""
    parts = [FIELDS.get(key(part), "") for part in PARTS.split(text) if key(part)]
    known = set(parts) - {"", "name"} or set(parts) - {""}
    return known.pop() if len(parts) > 1 and parts[0] and len(known) == 1 else ""
