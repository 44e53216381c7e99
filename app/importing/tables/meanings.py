"""What each column of a table means: by its heading, by its cells and by its neighbours, and how sure that is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from app.importing.cells.person_names import key, question_id
from app.importing.cells.values import yes_no
from app.importing.files.sheet import Cell, Line
from app.importing.tables.column_content import FEW, LOOKED_AT, Content, content, likely, suits
from app.importing.tables.heading_stems import meaning
from app.importing.tables.heading_words import LEFT_OUT, MEANINGS
from app.importing.tables.table import Column

WHOSE = ("column_organisation", "column_organisation")  # the code of the question which column it is
HIDDEN = "columns_hidden"  # the code of the question whether hidden columns are to be read
# What cells can prove: a heading that speaks of several things is believed where they do.
PROVEN = frozenset(["email", "phone", "postcode", "joined", "host", "seats", "absence", "town", "person", "address"])


def inferred(columns: Sequence[Column], lines: Sequence[Line]) -> tuple[Column, ...]:
    """With the meaning of headings nobody listed, and proposals; a listed heading counts unless its cells deny it."""
    some = lines[:: max(1, len(lines) // LOOKED_AT)]
    contents = [content(_cells(column, some)) for column in columns]
    crossed = sum(_only_marks(found) for found in contents) >= 2
    decided = [_decided(*pair) for pair in zip(columns, contents, strict=True)] if not crossed else list(columns)
    taken = {column.field for column in decided}
    for n, column in enumerate(decided):
        again = column.proposed in taken or column.proposed in [each.proposed for each in decided[:n]]
        if again and not (column.proposed == "person" and likely(contents[n]) == "person"):  # else somebody further
            decided[n] = replace(column, proposed="")
    return _numbered(_beside(decided, contents))


def _cells(column: Column, lines: Sequence[Line]) -> list[Cell]:
    return [cell for line in lines if not (cell := line.cell(column.number)).filled]


def _only_marks(found: Content) -> bool:
    return found.count > 0 and found.shapes["yes or no"] == found.count and found.distinct == 1


def _decided(column: Column, found: Content) -> Column:
    if found.count >= FEW and found.shapes["anonymous"] == found.count:
        return replace(column, field="")
    if column.field:
        other = likely(found)
        denied = other and other != column.field and suits(column.field, found) < 0
        return replace(column, field="", proposed=other) if denied else column
    said = meaning(column.heading)
    if said.field == LEFT_OUT:
        return column
    if not said.field:
        return replace(column, proposed=likely(found))
    verdict = suits(said.field, found)
    proven = verdict > 0 and said.field in PROVEN and found.count >= FEW
    if proven or (said.plain and verdict >= 0):
        return replace(column, field=said.field, by_stems=True)
    return replace(column, proposed=(likely(found) or said.field) if verdict < 0 else said.field)


def _beside(columns: list[Column], contents: Sequence[Content]) -> list[Column]:
    """A name before the mail, seats after the room: proposed where nothing else says so."""
    fields = {column.field or column.proposed for column in columns}
    for n, (column, found) in enumerate(zip(columns, contents, strict=True)):
        if column.field or column.proposed or meaning(column.heading).field == LEFT_OUT or found.count < FEW:
            continue
        before = columns[n - 1].field if n else ""
        after = columns[n + 1].field if n + 1 < len(columns) else ""
        if after == "email" and found.share("name") >= 0.6 and not fields & {"person", "first", "last"}:
            columns[n] = replace(column, proposed="person")
        elif before == "room" and found.share("count") >= 0.6 and "seats" not in fields:
            columns[n] = replace(column, proposed="seats")
        fields.add(columns[n].proposed)
    return columns


def _numbered(columns: Sequence[Column]) -> tuple[Column, ...]:
    seen: Counter[str] = Counter()
    found = []
    for column in columns:
        seen[key(column.heading)] += 1
        found.append(replace(column, nth=seen[key(column.heading)]))
    return tuple(found)


def named(columns: tuple[Column, ...], answers: Mapping[str, Any]) -> tuple[Column, ...]:
    """With what somebody said of any column; null and "" leave it out."""
    whole = answers.get(question_id(*WHOSE, *(column.heading for column in columns if column.heading)))
    return tuple(_named(column, answers, whole) for column in columns)


def _named(column: Column, answers: Mapping[str, Any], whole: object) -> Column:
    if column.heading and column.heading == whole:
        return replace(column, field="organisation", by_hand=True, proposed="")
    if column.question not in answers or not column.heading:
        return column
    said = answers[column.question]
    return replace(column, field=said if said in MEANINGS else "", by_hand=True, proposed="")


def shown(columns: tuple[Column, ...], answers: Mapping[str, Any]) -> tuple[Column, ...]:
    """Without what stands in hidden columns, unless somebody says that it is to be read."""
    question = question_id(HIDDEN, HIDDEN, *(column.heading for column in withheld(columns)))
    if yes_no(Cell(str(answers.get(question) or ""))).value:
        return tuple(replace(column, hidden=False) for column in columns)
    return tuple(
        replace(column, field="", proposed="", by_stems=False) if column.hidden else column for column in columns
    )


def withheld(columns: Sequence[Column]) -> list[Column]:
    return [column for column in columns if column.hidden and column.heading]


def settled(columns: Sequence[Column]) -> tuple[Column, ...]:
    """A bare "name" is the organisation where no other column is, else the person."""
    fields = {column.field for column in columns}
    person = {"person", "first", "last"} & fields
    meant = "person" if "organisation" in fields or ("email" in fields and not person) else "organisation"
    if "rhythm" in fields and not fields & {"organisation", "network", "email"}:
        meant = "network"
    if {"first", "name"} <= fields and "last" not in fields:
        meant = "last"  # "Vorname; Name"
    return tuple(replace(column, field=meant) if column.field == "name" else column for column in columns)
