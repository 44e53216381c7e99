"""Lists that name several people in a row: which columns are of the first of them, and which of the others."""

import re
from collections.abc import Sequence
from dataclasses import replace

from app.importing.cells.person_names import key
from app.importing.tables.heading_stems import counted
from app.importing.tables.table import OF_PERSON, Column

DEPUTY = re.compile(r"vertret|vervang|deput|substitu|waarnem|backup|reserve", re.IGNORECASE)
LEADING = ("person", "first", "last")  # the first of these fields that a table has tells where a person begins


def seated(columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """With the number of the person each column of a person is about: 0 is the first one of a row.

    A heading or the group over it may say so ("E-Mail Vertretung", "Contact 2"); else the place of the column does:
    several addresses after several names are theirs in order, and one between two names is the nearer one's.
    """
    leading = next((field for field in LEADING if any(column.field == field for column in columns)), "")
    leaders = [column for column in columns if column.field == leading] if leading else []
    if len(leaders) < 2:
        return columns
    numbers = {_mark(column) or n: n - 1 for n, column in enumerate(leaders, start=1)}
    seats = {column.number: n for n, column in enumerate(leaders)}
    for field in OF_PERSON - {leading}:
        own = [column for column in columns if column.field == field]
        seats |= {column.number: _seat(n, column, own, leaders, numbers) for n, column in enumerate(own)}
    return tuple(replace(column, seat=seats.get(column.number, 0)) for column in columns)


def _mark(column: Column) -> int:
    """Of several alike, as the heading or the group over it says; 0 where neither does."""
    for text in (column.heading, column.group):
        mark = 2 if DEPUTY.search(key(text)) else counted(text)[1]
        if mark:
            return mark
    return 0


def _seat(n: int, column: Column, own: Sequence[Column], leaders: Sequence[Column], numbers: dict[int, int]) -> int:
    mark = _mark(column)
    if mark:
        return numbers.get(mark, len(leaders) - 1 if mark > 1 else 0)
    if any(_mark(each) > 1 for each in own) or len(own) == 1:
        return 0
    before = sum(leader.number < column.number for leader in leaders)
    first = sum(leader.number < own[0].number for leader in leaders)
    last = sum(leader.number < own[-1].number for leader in leaders)
    if first == last:
        return min(n, len(leaders) - 1)  # all before or after the names
    return min(before, len(leaders) - 1) if first == 0 else before - 1
