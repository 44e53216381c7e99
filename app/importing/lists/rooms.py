"""Rooms: a sheet of their own, or a column beside the members."""

import re
from dataclasses import replace

from app.importing.cells.person_names import key
from app.importing.cells.values import NONE, Read, plain, seats, yes_no
from app.importing.files.sheet import Cell
from app.importing.lists import organisations
from app.importing.proposal import Organisation, Room
from app.importing.tables.desk import Desk, Record
from app.importing.tables.kind_of_table import OF_ROOM
from app.importing.tables.records import records
from app.importing.tables.table import Table

ASKED_OF = ("wheelchair", "screen")
NAMED = frozenset(["room", "seats"])  # by one of these a room is known
NO_SCREEN = ("geen", "nee", "none", "no", "kein", "keine", "nein")


def read(desk: Desk, table: Table) -> None:
    """A sheet of rooms; the same name twice for one organisation means two rooms."""
    seen: dict[tuple[str, str], int] = {}
    above: Organisation | None = None
    for record in records(desk, table):
        name = record.text("organisation")
        above = organisations.elsewhere(record, "organisation", name, new=True) if name else above
        room = _room(record, above) if above else None
        if not above:
            record.note("row", record.line.first.text, Read(None, "ignored", "row_without_organisation"))
        elif not room:
            record.note("row", record.line.first.text, Read(None, "told", "row_without_room"), above.name)
        if above and record.table.kind == "rooms" and "postcode" not in record.table.fields:
            above.town = record.first("town", above.town, record.text("town")[:100], above.name) or ""
        if above and room:
            same = (above.name, key(room.name))
            _merge(above, room, seen.get(same, 0))
            seen[same] = seen.get(same, 0) + 1


def _merge(organisation: Organisation, room: Room, nth: int) -> None:
    """A room another file has named already is completed, not added again."""
    same = [each for each in organisation.rooms if key(each.name) == key(room.name)]
    if nth >= len(same):
        organisation.rooms.append(room)
        return
    for name, value in vars(room).items():
        if value not in (None, ""):
            setattr(same[nth], name, value)


def _room(record: Record, organisation: Organisation) -> Room | None:
    room = _name_and_seats(record, organisation)
    if not room.name and room.seats is None:
        return None
    room.name = room.name or organisation.name
    wheelchair = yes_no(record.cell("wheelchair"), crosses_usual=True)
    if wheelchair.action == "asked":
        wheelchair = replace(wheelchair, code="wheelchair_unclear")
    room.wheelchair = record.take(
        "wheelchair", wheelchair, organisation.name, room.name, parse=lambda text: yes_no(Cell(text)).value
    )
    room.address = _address(record)
    room.directions = "\n".join(text for field in ("parking", "transport") if (text := record.text(field)))
    screen = record.text("screen")[:100]
    room.screen = "" if screen.lower() in NO_SCREEN else screen
    return room


def _address(record: Record) -> str:
    """Street, postcode and town, as far as a row says so."""
    street, code = record.text("address"), record.text("postcode")
    if re.fullmatch(r"\d{4}", code) and _german(record):
        record.note("postcode", code, Read(code.zfill(5), "told", "postcode_zero"))
        code = code.zfill(5)
    place = f"{code} {record.text('town')}".strip() if code else ""
    return ", ".join(part for part in (street, place) if part)[:300]


def _german(record: Record) -> bool:
    """Five figures is a German postcode; a spreadsheet drops the zero it may begin with."""
    return key(record.table.heading("postcode")) in ("plz", "postleitzahl")


def _name_and_seats(record: Record, organisation: Organisation) -> Room:
    read = plain(record.cell("room"))
    if read.value and NONE.fullmatch(read.value):
        read = Read("", "told", "seats_none")
    name = (record.take("room", read, organisation.name) or "")[:200]
    cell = record.cell("seats")
    places = seats(cell)
    number = record.take(
        "seats", places, organisation.name, name, cell.text, parse=lambda text: seats(Cell(text)).value
    )
    return Room(name, number, exact=not places.action)


def mentioned(record: Record, organisation: Organisation) -> None:
    """The room in a row of members: a plain number beats an estimate, and the first beats the next."""
    room = _room(record, organisation)
    if room is None:
        _without_room(record, organisation)
        return
    named = [each for each in organisation.rooms if key(each.name) == key(room.name)]
    same = named if record.text("room") else named or organisation.rooms[:1]
    if not same:
        organisation.rooms.append(room)
        return
    if room.seats is not None and all(each.seats != room.seats for each in same):
        _differing(record, same[0], room)
    street = "address" if "address" in record.table.fields else "postcode"
    for field, name in ((street, "address"), ("parking", "directions"), *((each, each) for each in ASKED_OF)):
        setattr(same[0], name, record.first(field, getattr(same[0], name), getattr(room, name), room.name))


def _without_room(record: Record, organisation: Organisation) -> None:
    """What a row says of a room it does not name, where other rows name one."""
    for field in OF_ROOM:
        if text := record.text(field):
            record.note(field, text, Read(None, "told", "row_without_room"), organisation.name)


def _differing(record: Record, room: Room, other: Room) -> None:
    if room.seats is None or (other.exact and not room.exact):
        room.seats, room.exact = other.seats, other.exact
        return
    record.note("seats", str(other.seats), Read(room.seats, "told", "seats_differ"), room.name)
