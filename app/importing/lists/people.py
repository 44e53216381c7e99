"""The person in a row of a list of members."""

import re
from dataclasses import replace

from app.importing.cells import person_names
from app.importing.cells.mail_addresses import email
from app.importing.cells.person_names import LONGEST
from app.importing.cells.values import Read, plain, unreadable_letters
from app.importing.files.sheet import EMPTY, Cell
from app.importing.proposal import Person
from app.importing.tables.desk import Desk, Record

PARTS = ("person", "first", "infix", "last")
NOBODY = re.compile(
    r"vacature|vacant|vakant|nog (?:niet )?(?:on)?bekend|unbekannt|onbekend|unknown|volgt|folgt|offen|open|tbd"
    r"|n\.?\s?n\.?(?:\s?b\.?)?|n\.?v\.?t\.?|[-–—?]+",
    re.IGNORECASE,
)
Name = tuple[str, str]  # first and last


def of_record(record: Record, organisation: str) -> Person | None:
    """The person of a row, known or new; None when the row names nobody."""
    written = " ".join(text for part in _given(record) if (text := record.text(part)))
    if NOBODY.fullmatch(written):
        record.note("person", written, Read(None, "told", "person_nobody"), organisation)
        record, written = _nameless(record), ""
    if not written and record.cell("email").empty:
        for field in ("phone", "title"):
            if said := record.text(field):
                record.note(field, said, Read(None, "told", "person_unnamed"), organisation)
        return None
    if not written and record.table.asked("person", "first", "last"):
        return None  # by an address alone nobody is known as well
    name = _name(record, organisation)
    address = _address(record, written, organisation)
    if address is None and not any(name):
        return None  # nothing left to know them by until a question is answered
    person = _same_address(record, address, name, written) if address else None
    person = person or _same_name(record.desk, organisation, name, address)
    person.phone = record.first("phone", person.phone, record.text("phone")[:40], person.name)
    person.title = record.first("title", person.title, _title(record), person.name)
    return person


def _given(record: Record) -> list[str]:
    """The parts of a name that have a column."""
    return [part for part in PARTS if part in record.table.fields]


def _nameless(record: Record) -> Record:
    columns = {column.number for field, column in record.table.fields.items() if field in PARTS}
    cells = tuple(EMPTY if n in columns else cell for n, cell in enumerate(record.line.cells))
    return replace(record, line=replace(record.line, cells=cells))


def _title(record: Record) -> str:
    """From a column of its own, else before the name."""
    columns = (*(["title"] if "title" in record.table.fields else []), *_given(record))
    said = (person_names.titles(person_names.without_form_of_address(record.text(field))) for field in columns)
    return next(filter(None, said), "")


def _name(record: Record, organisation: str) -> Name:
    if not record.cell("person").empty:
        return _whole_name(record, organisation)
    first, infix, last = (_part(record, part, organisation) for part in ("first", "infix", "last"))
    return first, f"{infix} {last}".strip()[:LONGEST]


def _part(record: Record, part: str, organisation: str) -> str:
    cell = record.cell(part)
    read = plain(cell)
    bare = person_names.without_titles(read.value)
    if bare != read.value:
        read = Read(bare, "told", "title_apart")
    return str(record.take(part, _lossless(read), cell.text, organisation) or "")[:LONGEST]


def _whole_name(record: Record, organisation: str) -> Name:
    cell = record.cell("person")
    read = _lossless(_in_order(plain(cell)))
    known = _known_name(record) if read.action == "asked" else None
    if known:
        record.note("person", cell.text, Read(" ".join(known), "repaired", "name_known"))
        return known
    return person_names.split(str(record.take("person", read, cell.text, organisation) or ""))


def _in_order(read: Read) -> Read:
    """ "Vries, Jan de" turned round; a form of address left out."""
    text = person_names.without_form_of_address(read.value)
    if text != read.value:
        read = Read(text, "told", "form_of_address")
    text = person_names.without_titles(text)
    if text != read.value:
        read = Read(text, "told", "title_apart")
    return Read(" ".join(person_names.split(text)), "told", "name_turned") if "," in text else read


def _lossless(read: Read) -> Read:
    return Read(None, "asked", "name_unreadable") if unreadable_letters(read.value or "") else read


def _known_name(record: Record) -> Name | None:
    """The name that goes with this row's address where it was read before, in another file or the programme."""
    address = email(record.cell("email")).value
    person = record.desk.by_address.get(address)
    if person and person.name:
        return person.first, person.last
    known = record.desk.known.people.get(address)
    return (known.first, known.last) if known and (known.first or known.last) else None


def _parsed_address(text: str) -> str | None:
    return email(Cell(text)).value


def _address(record: Record, written: str, organisation: str) -> str | None:
    """The row's own; an empty cell is asked for, unless the programme knows the address by now."""
    if "email" not in record.table.fields:
        return None
    cell = record.cell("email")
    read = email(cell)
    known = record.desk.known.address_of(written, organisation) if read.code == "address_missing" else None
    if known:
        record.note("email", "", Read(known, "repaired", "address_known"), written)
        return known
    value: str | None = record.take("email", read, written, organisation, cell.text, parse=_parsed_address)
    return value


def _same_address(record: Record, address: str, name: Name, written: str) -> Person | None:
    """Who has this address already: another spelling of the name is asked, another name makes it two people."""
    person = record.desk.by_address.get(address)
    if person is None:
        return None
    if not person.name:
        person.first, person.last = name
    if not any(name) or name == (person.first, person.last):
        return person
    if person_names.key(" ".join(name)) != person_names.key(person.name):
        return _shared(record, address, name, person)
    doubt = Read(None, "asked", "name_spelled_twice", person.name, (person.name, " ".join(name)))
    answer = record.ask("person" if "person" in record.table.fields else "last", written, doubt, address, written)
    if answer:
        person.first, person.last = person_names.split(answer)
    return person


def _shared(record: Record, address: str, name: Name, person: Person) -> Person:
    """Two people behind one address: the second has their own, shares it on purpose, or is the first after all."""
    written = " ".join(name)
    doubt = Read(None, "asked", "address_shared", options=("shared", "same"), free=True)
    answer = record.ask("email", address, doubt, address, written, parse=_of_shared)
    if answer == "same":
        return person
    if answer in ("shared", address):
        record.note("email", address, Read(person.name, "told", "mailbox_shared"), written)
        answer = None
    return _listed(record.desk, Person(*name, answer))


def _of_shared(text: str) -> str | None:
    return text if text in ("shared", "same") else _parsed_address(text)


def _same_name(desk: Desk, organisation: str, name: Name, address: str | None) -> Person:
    """Somebody of this name in this organisation, when one of the two rows has no address; else somebody new."""
    key = (organisation, person_names.key(" ".join(name)))
    person = desk.by_name.get(key) if key[1] else None
    if person and (not address or not person.email):
        person.email = person.email or address
        return _listed(desk, person)
    person = _listed(desk, Person(*name, address))
    desk.by_name.setdefault(key, person)
    return person


def _listed(desk: Desk, person: Person) -> Person:
    if person.email:
        desk.by_address.setdefault(person.email, person)
    return person
