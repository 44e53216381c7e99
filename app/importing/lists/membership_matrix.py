"""The matrix of organisations and networks: a second account of who is in what, compared with the first."""

from app.importing.cells.person_names import key
from app.importing.cells.values import Read, yes_no
from app.importing.files.sheet import Cell
from app.importing.lists import networks, organisations
from app.importing.proposal import Membership, Network, Organisation
from app.importing.tables.desk import Desk, Record
from app.importing.tables.records import records
from app.importing.tables.table import Table

Crossed = set[tuple[str, str]]  # network and organisation


def read(desk: Desk, table: Table) -> None:
    listed = {network.name for network in desk.proposal.networks.values() if network.memberships}
    crossed: Crossed = set()
    for record in records(desk, table):
        name = record.text("organisation")
        organisation = organisations.elsewhere(record, "organisation", name, new=True) if name else None
        if organisation:
            _row(record, organisation, listed, crossed)
        elif not name:
            record.note("row", record.line.first.text, Read(None, "ignored", "row_without_organisation"))
    _uncrossed(desk, table, crossed)


def _row(record: Record, organisation: Organisation, listed: set[str], crossed: Crossed) -> None:
    for column in record.table.columns:
        if not (column.field or column.nameless) and not record.line.cell(column.number).empty:
            network = networks.of_text(record.desk, record.at, column.heading, column.heading)
            if network:
                crossed.add((network.name, organisation.name))
                _crossed(record, organisation, network, network.name in listed)


def _crossed(record: Record, organisation: Organisation, network: Network, listed: bool) -> None:
    """A cross where a list of members says otherwise is asked; without a list it is all there is."""
    if organisation.name in network.memberships:
        return
    doubt = Read(None, "asked", "cross_without_row", options=("yes",))
    if not listed or record.desk.ask(
        record.at,
        network.name,
        "x",
        doubt,
        (organisation.name, network.name),
        parse=lambda text: yes_no(Cell(text)).value,
    ):
        network.memberships[organisation.name] = Membership(organisation, record.at)


def _uncrossed(desk: Desk, table: Table, crossed: Crossed) -> None:
    """Members of a list that the matrix does not cross: taken and told, asked about where the row is coloured."""
    across = {key(column.heading) for column in table.columns if not (column.field or column.nameless)}
    for name, network in desk.proposal.networks.items():
        for membership in list(network.memberships.values()) if name in across else ():
            whom = membership.organisation.name
            if (network.name, whom) in crossed:
                continue
            if not membership.colour:
                desk.note(membership.at, "row", whom, Read(whom, "told", "row_without_cross"), network.name)
            elif not _meant(desk, membership, network):
                del network.memberships[whom]
                desk.drop_outsider(membership.organisation)


def _meant(desk: Desk, membership: Membership, network: Network) -> bool:
    doubt = Read(None, "asked", "coloured_without_cross", options=("yes",))
    whom = membership.organisation.name
    about = (whom, network.name, membership.colour)
    return bool(desk.ask(membership.at, "row", whom, doubt, about, parse=lambda text: yes_no(Cell(text)).value))
