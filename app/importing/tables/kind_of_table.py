"""What a table lists, by what its columns mean: members, rooms, absences, past meetings, networks, crosses."""

from app.importing.cells.person_names import key
from app.importing.files.sheet import Line
from app.importing.tables.table import Column

_OF_ROOM = "room seats address postcode parking transport wheelchair screen"
_OF_PEOPLE = "person title first infix last email phone"
# The fields a list of each kind has a place for; the others are named as left out.
USED = {
    kind: frozenset(fields.split())
    for kind, fields in {
        "members": f"organisation town region network rhythm host joined absence {_OF_PEOPLE} {_OF_ROOM}",
        "rooms": f"organisation town {_OF_ROOM}",
        "absences": "organisation absence since until reason",
        "history": "network date time end_time host preparers topic attended status",
        "networks": "network rhythm",
        "crosses": "organisation",
        "poll": "organisation person",
    }.items()
}
OF_ROOM = frozenset(_OF_ROOM.split()) - {"room", "seats"}  # what is said of a room that is known otherwise
MARKS = frozenset(["", "x", "v", "1", "✓", "✔", "ja", "j", "yes", "y"])


def kind_of(columns: tuple[Column, ...], lines: tuple[Line, ...]) -> str:
    columns = tuple(column for column in columns if column.field or not column.nameless)
    fields = {column.field for column in columns} - {""}
    people = fields & {"person", "first", "last", "email"}
    if "date" in fields and fields & {"host", "preparers", "topic"} and "email" not in fields:
        return "history"
    if {"network", "rhythm"} <= fields and "organisation" not in fields and not people:
        return "networks"
    if "organisation" in fields and _is_crosses(columns, lines):
        return "crosses"
    if "organisation" not in fields and "email" in fields and people - {"email"}:
        return "members"  # each may stand for themselves: a practice of one
    if "organisation" not in fields or (len(fields) == 1 and len(columns) > 2):
        return ""  # people only, or names against something else: a date poll, a presence list
    if people or "network" in fields:
        return "members"
    if fields & {"absence", "since"} and "room" not in fields:
        return "absences"
    return "rooms" if fields & {"room", "seats"} and "absence" not in fields else "members"


def _is_crosses(columns: tuple[Column, ...], lines: tuple[Line, ...]) -> bool:
    """Organisations down, networks across, a cross where they meet."""
    unknown = [column for column in columns if not column.field]
    if len(unknown) < 2 or len(unknown) < len(columns) / 2:
        return False
    marks = [
        key(line.cell(column.number).text) or line.cell(column.number).text.strip()
        for line in lines
        for column in unknown
    ]
    return any(marks) and all(mark in MARKS for mark in marks)
