"""A list of members: one row per person, their organisation, its room, and the network by column, section or sheet."""

from dataclasses import dataclass

from app.transfer.reading import absences, networks, organisations, people, rooms
from app.transfer.reading.days import day
from app.transfer.reading.desk import Desk
from app.transfer.reading.headings import Table
from app.transfer.reading.lines import records
from app.transfer.reading.proposal import Membership, Network, Organisation, Place
from app.transfer.reading.sections import network_in
from app.transfer.reading.tables import Cell, Line
from app.transfer.reading.values import CROSSES, Read, plain, yes_no
from app.transfer.reading.words import SENSITIVE

TRUE, FALSE = Cell("yes"), Cell("no")


@dataclass
class _Above:
    """What the rows above have said."""

    network: Network | None = None
    organisation: Organisation | None = None
    row: str = ""  # the organisation as written
    asked: bool = False


def read(desk: Desk, table: Table, several: bool) -> None:
    above = _Above()
    crosses_usual = _crosses_usual(table)
    for line, at in records(desk, table):
        section = network_in(line, table)
        if section:
            above.network, above.organisation = networks.of_text(desk, at, "row", section), None
            continue
        _drop_sensitive(desk, table, line, at)
        organisation = _organisation(desk, table, line, at, above)
        network = _network(desk, table, line, at, above, several)
        if organisation and network and _stays(desk, table, line, at, organisation, network):
            _record(desk, table, line, at, network, organisation, crosses_usual)


def _drop_sensitive(desk: Desk, table: Table, line: Line, at: Place) -> None:
    for column in table.columns:
        if column.field in SENSITIVE and not line.cell(column.number).empty:
            desk.note(at, column.heading, None, None, "dropped", f"not_kept_{column.field}")


def _organisation(desk: Desk, table: Table, line: Line, at: Place, above: _Above) -> Organisation | None:
    """The row's own, else that of the row above when only the person is given."""
    cell = table.cell(line, "organisation")
    if cell.filled and above.organisation and cell.text == above.row:
        return above.organisation
    if cell.empty:
        if above.organisation:
            desk.note(
                at, table.heading("organisation"), None, above.organisation.name, "told", "organisation_from_above"
            )
        return above.organisation
    above.organisation = organisations.of_member(desk, at, table.heading("organisation"), cell)
    above.row = cell.text
    if above.organisation:
        _town(desk, table, line, at, above.organisation)
    return above.organisation


def _town(desk: Desk, table: Table, line: Line, at: Place, organisation: Organisation) -> None:
    cell = table.cell(line, "town")
    town = desk.take(at, table.heading("town"), cell, plain(cell), (organisation.name,))
    organisation.town = organisation.town or (town or "")[:100]


def _network(desk: Desk, table: Table, line: Line, at: Place, above: _Above, several: bool) -> Network | None:
    cell = table.cell(line, "network")
    if not cell.empty:
        return networks.of_cell(desk, at, table.heading("network"), cell)
    if above.network is None and not above.asked:
        above.network, above.asked = networks.of_sheet(desk, table, at, several), True
    return above.network


def _stays(desk: Desk, table: Table, line: Line, at: Place, organisation: Organisation, network: Network) -> bool:
    """A row that is struck through is in only when somebody says so."""
    if not line.struck:
        return True
    doubt = Read(None, "asked", "row_struck_through", options=("yes",))
    name = organisation.name
    keep = desk.ask(at, "row", name, doubt, (name, network.name), lambda text: yes_no(Cell(text)).value)
    if not keep and not any(each.organisation is organisation for each in desk.proposal.memberships):
        desk.proposal.organisations.pop(name, None)
    return bool(keep)


def _record(
    desk: Desk, table: Table, line: Line, at: Place, network: Network, organisation: Organisation, crosses_usual: bool
) -> None:
    membership = network.memberships.setdefault(organisation.name, Membership(organisation, at))
    person = people.of_line(desk, table, line, at, organisation.name)
    if person and not any(person is each for each in membership.people):
        membership.people.append(person)
    _hosts(desk, table, line, at, membership, crosses_usual, network.name)
    _joined(desk, table, line, at, membership)
    rooms.mentioned(desk, table, line, at, organisation)
    absences.of_line(desk, table, line, at, organisation)


def _hosts(
    desk: Desk, table: Table, line: Line, at: Place, membership: Membership, crosses_usual: bool, network: str
) -> None:
    cell = table.cell(line, "host")
    value = desk.take(
        at,
        table.heading("host"),
        cell,
        yes_no(cell, crosses_usual=crosses_usual),
        (membership.organisation.name, network),
        lambda text: yes_no(Cell(text)).value,
    )
    membership.hosts = value if membership.hosts is None else membership.hosts


def _crosses_usual(table: Table) -> bool:
    """Whether crosses are how this list says yes, rather than one that stands out among words."""
    texts = [table.cell(line, "host").text.strip().lower() for line in table.lines]
    return sum(text in CROSSES for text in texts) > max(2, len(texts) // 20)


def _joined(desk: Desk, table: Table, line: Line, at: Place, membership: Membership) -> None:
    cell = table.cell(line, "joined")
    if not cell.empty:
        read = day(cell, desk.year, since_1904=table.sheet.since_1904)
        about = (membership.organisation.name, cell.text)
        value = desk.take(at, table.heading("joined"), cell, read, about, lambda text: day(Cell(text), desk.year).value)
        membership.joined = membership.joined or value
