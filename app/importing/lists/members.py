"""A list of members: one row per person, their organisation, its room, and the network by column, section or sheet."""

from dataclasses import dataclass, replace
from typing import Any

from app.edge.bounds import LONG_AGO
from app.importing.cells import regions
from app.importing.cells.days import day, month
from app.importing.cells.organisation_names import organisation_key
from app.importing.cells.values import CROSSES, Read, plain, yes_no
from app.importing.files.sheet import EMPTY, Cell
from app.importing.lists import (
    absences,
    networks,
    one_person_practices,
    organisations,
    people,
    rooms,
    two_people_in_one_cell,
)
from app.importing.proposal import Membership, Network, Organisation, Place
from app.importing.tables.desk import Desk, Record
from app.importing.tables.records import records
from app.importing.tables.section_rows import network_in
from app.importing.tables.table import Table


@dataclass
class _Above:
    """What the rows above have said."""

    several: bool  # sheets without a column of networks
    regions: bool  # whether a column names regions we know
    network: Network | None = None
    organisation: Organisation | None = None
    written: str = ""  # the organisation as written
    struck: bool = False  # whether the organisation is, in the one cell for all its rows
    asked: bool = False


def read(desk: Desk, table: Table, several: bool) -> None:
    above = _Above(several, _any_region(table))
    crosses_usual = _crosses_usual(table)
    starts = [row for row, title in table.blocks.items() if title and row != table.row]
    above.network = _block(desk, table, table.row)
    for record in records(desk, table):
        while starts and starts[0] < record.line.number:
            above.network, above.organisation = _block(desk, table, starts.pop(0)), None
        section = network_in(record.line, table)
        if section:
            above.network, above.organisation = networks.of_text(desk, record.at, "row", section), None
            continue
        organisation = _organisation(record, above)
        for network in _networks(record, above):
            networks.rhythm_of(record, network)
            if organisation and _stays(record, organisation, above):
                _membership(record, network, organisation, crosses_usual)


def _block(desk: Desk, table: Table, row: int) -> Network | None:
    """The network in the title above headings that stand more than once."""
    title = table.blocks.get(row, "")
    at = Place(table.sheet.file, table.sheet.name, row)
    return networks.of_text(desk, at, "row", title) if title and "network" not in table.fields else None


def _organisation(record: Record, above: _Above) -> Organisation | None:
    """The row's own, else that of the row above when only the person is given."""
    cell = record.cell("organisation")
    if cell.filled and above.organisation and cell.text == above.written:
        return above.organisation
    if cell.empty:
        return one_person_practices.of_row(record, above.organisation)
    above.organisation, above.written, above.struck = organisations.of_member(record), cell.text, False
    above.struck = cell.struck and ":" in cell.merged
    found = above.organisation
    if found:
        town = record.take("town", plain(record.cell("town")), found.name) or ""
        found.town = record.first("town", found.town, town[:100], found.name)
        found.region = record.first("region", found.region, _region(record, above), found.name)
    elif not organisation_key(cell.text):
        record.note("row", cell.text, Read(None, "ignored", "row_without_organisation"))
    return found


def _region(record: Record, above: _Above) -> str | None:
    """Not asked where the whole column is about something else."""
    cell, name = record.cell("region"), above.organisation.name if above.organisation else ""
    if not above.regions:
        return None
    found: str | None = record.take("region", regions.region(cell), name, cell.text, parse=regions.code)
    return found


def _any_region(table: Table) -> bool:
    texts = {table.cell(line, "region").text for line in table.lines} if "region" in table.fields else ()
    return any(map(regions.code, texts))


def _networks(record: Record, above: _Above) -> list[Network]:
    if not record.cell("network").empty:
        named = [part for part in record.each("network") if not part.cell("network").empty]
        found = {network.name: network for part in named for network in networks.of_cell(part)}
        return list(found.values())
    if above.network is None and not above.asked:
        above.network = networks.of_sheet(record.desk, record.table, above.several)
        above.asked = True
    return [above.network] if above.network else []


def _stays(record: Record, organisation: Organisation, above: _Above) -> bool:
    """A row that is struck through, or its organisation, is in only when somebody says so; asked once for all rows."""
    if not (record.line.struck or record.cell("organisation").struck or above.struck):
        return True
    doubt = Read(None, "asked", "row_struck_through", options=("yes",))
    name = organisation.name
    keep = record.ask("row", name, doubt, name, parse=_yes)
    if not keep:
        record.desk.drop_outsider(organisation)
    return bool(keep)


def _still(record: Record, organisation: Organisation) -> bool:
    """A person whose name is struck through, and whose row is not, comes in only when somebody says so."""
    cell = next((cell for field in ("person", "last", "first") if not (cell := record.cell(field)).empty), EMPTY)
    if not cell.struck or record.line.struck:
        return True
    doubt = Read(None, "asked", "person_struck_through", options=("yes",))
    return bool(record.ask("person", cell.text, doubt, cell.text, organisation.name, parse=_yes))


def _yes(text: str) -> bool | None:
    return yes_no(Cell(text)).value


def _membership(record: Record, network: Network, organisation: Organisation, crosses_usual: bool) -> None:
    new = Membership(organisation, record.at, colour=record.line.colour)
    membership = network.memberships.setdefault(organisation.name, new)
    seats = (record, *(replace(record, table=table) for table in record.table.others))
    for part in (part for seat in seats for part in two_people_in_one_cell.apart(seat)):
        person = people.of_record(part, organisation.name) if _still(part, organisation) else None
        if person and not any(person is each for each in membership.people):
            membership.people.append(person)
    hosts = yes_no(record.cell("host"), crosses_usual=crosses_usual)
    value = record.take("host", hosts, organisation.name, network.name, parse=_yes)
    membership.hosts = record.first("host", membership.hosts, value, organisation.name)
    membership.joined = record.first("joined", membership.joined, _joined(record, organisation.name), organisation.name)
    if rooms.NAMED & record.table.fields.keys():
        rooms.mentioned(record, organisation)
    if "absence" in record.table.fields:
        absences.of_record(record, organisation)


def _crosses_usual(table: Table) -> bool:
    """Whether crosses are how this list says yes, rather than one that stands out among words."""
    texts = [table.cell(line, "host").text.strip().lower() for line in table.lines]
    return sum(text in CROSSES for text in texts) > max(2, len(texts) // 20)


def _joined(record: Record, organisation: str) -> Any:
    cell = record.cell("joined")
    if cell.empty:
        return None
    year, since_1904, mixed = record.desk.year, record.table.sheet.since_1904, "joined" in record.table.mixed
    found = day(cell, year, since_1904=since_1904, mixed=mixed, back=LONG_AGO)
    first = month(cell) if found.code == "date_unclear" else None
    if first:
        found = Read(first, "told", "date_month")
    return record.take(
        "joined", found, organisation, cell.text, parse=lambda text: day(Cell(text), year, back=LONG_AGO).value
    )
