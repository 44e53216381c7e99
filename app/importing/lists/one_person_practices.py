"""Rows that name a person and no organisation: they belong to the one above, or are a practice of one."""

from app.importing.cells.mail_addresses import email
from app.importing.cells.person_names import split, without_form_of_address, without_titles
from app.importing.cells.values import Read, yes_no
from app.importing.files.sheet import Cell
from app.importing.proposal import Organisation
from app.importing.tables.desk import Record

_ANYBODYS = """
    gmail.com hotmail.com outlook.com live.nl live.com yahoo.com icloud.com ziggo.nl kpnmail.nl planet.nl xs4all.nl
    gmx.de gmx.net web.de t-online.de freenet.de posteo.de mailbox.org
"""
ANYBODYS = frozenset(_ANYBODYS.split())  # houses anybody may live in
PARTS = ("first", "infix", "last")


def of_row(record: Record, above: Organisation | None) -> Organisation | None:
    name = _name(record)
    if record.table.asked("organisation"):
        return None
    if record.table.sheet.addresses:
        return _by_house(record, name)
    if "organisation" not in record.table.fields:
        return record.desk.organisation(name) if name and _stand_alone(record) else None
    if above is None or _elsewhere(record, above):
        return _asked(record, above, name)
    record.note("organisation", None, Read(above.name, "told", "organisation_from_above"))
    return above


def _name(record: Record) -> str:
    whole = without_titles(without_form_of_address(record.text("person")))
    written = " ".join(split(whole)) if whole else " ".join(text for part in PARTS if (text := record.text(part)))
    return without_titles(written).strip()


def _stand_alone(record: Record) -> bool:
    """Asked once for the whole list, which has no column of organisations."""
    doubt = Read(None, "asked", "people_alone", options=("yes", "no"))
    sheet = (record.at.file, record.at.sheet)
    return bool(record.ask("organisation", "", doubt, *sheet, parse=lambda text: yes_no(Cell(text)).value))


def _elsewhere(record: Record, above: Organisation) -> bool:
    """Whether the address of this row is of another house than the addresses of the organisation above."""
    own = email(record.cell("email")).value
    others = [m.people for m in record.desk.proposal.memberships if m.organisation is above]
    houses = {_house(person.email) for people in others for person in people if person.email}
    return bool(own and houses and _house(own) not in houses)


def _by_house(record: Record, name: str) -> Organisation | None:
    """The one whose people have addresses of this house already; else asked once per house."""
    address = email(record.cell("email")).value or ""
    house = _house(address)
    if house in ANYBODYS:
        return _asked(record, None, name or address)
    known = {person.organisation for other, person in record.desk.known.people.items() if _house(other) == house}
    if len(known) == 1:
        [found] = known
        record.note("email", address, Read(found, "told", "organisation_by_house"))
        return record.desk.organisation(found)
    doubt = Read(None, "asked", "organisation_of_house", options=tuple(sorted(known)))
    answer = record.ask("email", address, doubt, house, parse=lambda text: text[:200] or None)
    return record.desk.organisation(record.desk.directory.exact(answer) or answer) if answer else None


def _house(address: str) -> str:
    return ".".join(address.rpartition("@")[2].split(".")[-2:])


def _asked(record: Record, above: Organisation | None, name: str) -> Organisation | None:
    if not name:
        record.note("row", record.line.first.text, Read(None, "ignored", "row_without_organisation"))
        return None
    options = (above.name, name) if above else ()
    doubt = Read(None, "asked", "organisation_missing", options[0] if options else name, options)
    answer = record.ask("organisation", "", doubt, name, parse=lambda text: text[:200] or None)
    return record.desk.organisation(record.desk.directory.exact(answer) or answer) if answer else None
