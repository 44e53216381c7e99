"""Rooms: a sheet of their own, or a column beside the members."""

from app.transfer.reading import organisations
from app.transfer.reading.desk import Desk
from app.transfer.reading.headings import Table
from app.transfer.reading.lines import records
from app.transfer.reading.names import key
from app.transfer.reading.proposal import Organisation, Place, Room
from app.transfer.reading.tables import Cell, Line
from app.transfer.reading.values import NONE, Read, plain, seats, yes_no

NO_SCREEN = ("geen", "nee", "none", "no", "kein", "keine", "nein")


def read(desk: Desk, table: Table) -> None:
    """A sheet of rooms; the same name twice for one organisation means two rooms."""
    seen: dict[tuple[str, str], int] = {}
    above: Organisation | None = None
    for line, at in records(desk, table):
        cell = table.cell(line, "organisation")
        name = plain(cell).value
        above = organisations.elsewhere(desk, at, table.heading("organisation"), name, new=True) if name else above
        room = _room(desk, table, line, at, above) if above else None
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


def _room(desk: Desk, table: Table, line: Line, at: Place, organisation: Organisation) -> Room | None:
    name, places, exact = _name_and_seats(desk, table, line, at, organisation)
    if not name and places is None:
        return None
    wheelchair_cell = table.cell(line, "wheelchair")
    wheelchair = desk.take(
        at,
        table.heading("wheelchair"),
        wheelchair_cell,
        yes_no(wheelchair_cell, crosses_usual=True),
        (organisation.name, name),
        lambda text: yes_no(Cell(text)).value,
    )
    screen = _text(table, line, "screen")
    return Room(
        name=name or organisation.name[:200],
        seats=places,
        exact=exact,
        address=_text(table, line, "address")[:300],
        directions="\n".join(text for field in ("parking", "transport") if (text := _text(table, line, field))),
        wheelchair=wheelchair,
        screen="" if screen.lower() in NO_SCREEN else screen[:100],
    )


def _text(table: Table, line: Line, field: str) -> str:
    return str(plain(table.cell(line, field)).value or "")


def _name_and_seats(
    desk: Desk, table: Table, line: Line, at: Place, organisation: Organisation
) -> tuple[str, int | None, bool]:
    cell = table.cell(line, "room")
    read = plain(cell)
    if read.value and NONE.fullmatch(read.value):
        read = Read("")
    name = desk.take(at, table.heading("room"), cell, read, (organisation.name,)) or ""
    seats_cell = table.cell(line, "seats")
    places = seats(seats_cell)
    about = (organisation.name, name, seats_cell.text)
    number = desk.take(at, table.heading("seats"), seats_cell, places, about, lambda text: seats(Cell(text)).value)
    return name[:200], number, not places.action


def mentioned(desk: Desk, table: Table, line: Line, at: Place, organisation: Organisation) -> None:
    """The room in a row of members: a plain number beats an estimate, and the first beats the next."""
    name, places, exact = _name_and_seats(desk, table, line, at, organisation)
    if not name:
        return
    same = [each for each in organisation.rooms if key(each.name) == key(name)]
    if not same:
        organisation.rooms.append(Room(name, places, exact, _text(table, line, "address")[:300]))
    elif places is not None and all(each.seats != places for each in same):
        _differing(desk, table, at, same[0], places, exact)


def _differing(desk: Desk, table: Table, at: Place, room: Room, places: int, exact: bool) -> None:
    if room.seats is None or (exact and not room.exact):
        room.seats, room.exact = places, exact
        return
    desk.note(at, table.heading("seats"), str(places), room.seats, "told", "seats_differ", room.name)
