"""The person in a row of a list of members."""

from collections.abc import Mapping

from app.transfer.reading import names
from app.transfer.reading.desk import Desk
from app.transfer.reading.headings import Table
from app.transfer.reading.proposal import Person, Place
from app.transfer.reading.tables import Cell, Line
from app.transfer.reading.values import Read, email, plain, unreadable_letters

PARTS = ("person", "first", "infix", "last")


def of_line(desk: Desk, table: Table, line: Line, at: Place, organisation: str) -> Person | None:
    """The person of a row, known or new; None when the row names nobody."""
    written = " ".join(text for part in PARTS if (text := plain(table.cell(line, part)).value))
    address_cell = table.cell(line, "email")
    if not written and address_cell.empty:
        return None
    first, last = _name(desk, table, line, at, organisation)
    address = _address(desk, table, address_cell, at, (written, organisation))
    if address is None and not written:
        return None
    person = _same_address(desk, table, at, address, (first, last), written) if address else None
    person = person or _same_name(desk, organisation, first, last, address)
    person.phone = person.phone or (plain(table.cell(line, "phone")).value or "")[:40]
    return person


def _name(desk: Desk, table: Table, line: Line, at: Place, organisation: str) -> tuple[str, str]:
    if "person" in table.fields and not table.cell(line, "person").empty:
        return _whole_name(desk, table, line, at, organisation)
    parts = {part: _part(desk, table, line, at, part, organisation) for part in ("first", "infix", "last")}
    return parts["first"], f"{parts['infix']} {parts['last']}".strip()


def _part(desk: Desk, table: Table, line: Line, at: Place, part: str, organisation: str) -> str:
    cell = table.cell(line, part)
    read = _lossless(plain(cell))
    return str(desk.take(at, table.heading(part), cell, read, (cell.text, organisation), str) or "")[:100]


def _whole_name(desk: Desk, table: Table, line: Line, at: Place, organisation: str) -> tuple[str, str]:
    cell = table.cell(line, "person")
    read = _lossless(_in_order(plain(cell)))
    known = _known_name(desk, table, line) if read.action == "asked" else None
    if known:
        desk.note(at, table.heading("person"), cell.text, " ".join(known), "repaired", "name_known")
        return known
    return names.split(str(desk.take(at, table.heading("person"), cell, read, (cell.text, organisation), str) or ""))


def _in_order(read: Read) -> Read:
    """ "Vries, Jan de" turned round; a form of address left out."""
    text = names.without_form_of_address(read.value)
    if text != read.value:
        read = Read(text, "told", "form_of_address")
    return Read(" ".join(names.split(text)), "told", "name_turned") if "," in text else read


def _lossless(read: Read) -> Read:
    return Read(None, "asked", "name_unreadable") if unreadable_letters(read.value or "") else read


def _known_name(desk: Desk, table: Table, line: Line) -> tuple[str, str] | None:
    """The name that goes with this row's address where it was read before, in another file or the programme."""
    address = email(table.cell(line, "email")).value
    person = desk.by_address.get(address)
    if person and person.name:
        return person.first, person.last
    return desk.known.people.get(address)


def _address(desk: Desk, table: Table, cell: Cell, at: Place, about: tuple[str, ...]) -> str | None:
    if "email" not in table.fields:
        return None
    read = email(cell)
    value = desk.take(at, table.heading("email"), cell, read, (*about, cell.text), lambda text: email(Cell(text)).value)
    return value[:254] if value else None


def _same_address(
    desk: Desk, table: Table, at: Place, address: str, name: tuple[str, str], written: str
) -> Person | None:
    """Who has this address already; another spelling of the name is asked, another name makes the address a question."""
    person = desk.by_address.get(address)
    if person is None:
        return None
    first, last = name
    if not person.name:
        person.first, person.last = name
    if not (first or last) or (first, last) == (person.first, person.last):
        return person
    if names.key(f"{first} {last}") == names.key(person.name):
        doubt = Read(None, "asked", "name_spelled_twice", person.name, (person.name, f"{first} {last}"))
        answer = desk.ask(at, _name_heading(table), written, doubt, (address, written), str)
        if answer:
            person.first, person.last = names.split(answer)
        return person
    return _shared(desk, table, at, address, name, person)


def _shared(desk: Desk, table: Table, at: Place, address: str, name: tuple[str, str], person: Person) -> Person | None:
    """Two people behind one address: the second is asked for their own, and stands without one until then."""
    doubt = Read(None, "asked", "address_shared", options=())
    own = desk.ask(
        at, table.heading("email"), address, doubt, (address, " ".join(name)), lambda text: email(Cell(text)).value
    )
    if own == address:
        return person
    return _new(desk, Person(*name, own))


def _same_name(desk: Desk, organisation: str, first: str, last: str, address: str | None) -> Person:
    """Somebody of this name in this organisation, when one of the two rows has no address."""
    key = (organisation, names.key(f"{first} {last}"))
    person = desk.by_name.get(key) if key[1] else None
    if person and (not address or not person.email):
        person.email = person.email or address
        return _new(desk, person)
    person = _new(desk, Person(first, last, address))
    desk.by_name.setdefault(key, person)
    return person


def _new(desk: Desk, person: Person) -> Person:
    if person.email:
        desk.by_address.setdefault(person.email, person)
    return person


def _name_heading(table: Table) -> str:
    fields: Mapping[str, object] = table.fields
    return table.heading("person" if "person" in fields else "last")
