"""The matrix of organisations and networks: a second account of who is in what, compared with the first."""

from app.transfer.reading import networks, organisations
from app.transfer.reading.desk import Desk
from app.transfer.reading.headings import Table
from app.transfer.reading.lines import records
from app.transfer.reading.names import key
from app.transfer.reading.proposal import Membership, Network, Organisation, Place
from app.transfer.reading.tables import Cell
from app.transfer.reading.values import Read, plain, yes_no


def read(desk: Desk, table: Table) -> None:
    listed = {name for name, network in desk.proposal.networks.items() if network.memberships}
    crossed: set[tuple[str, str]] = set()
    for line, at in records(desk, table):
        cell = table.cell(line, "organisation")
        organisation = organisations.elsewhere(desk, at, table.heading("organisation"), plain(cell).value, new=True)
        for column in table.columns:
            if organisation and not column.field and not line.cell(column.number).empty:
                network = networks.of_text(desk, at, column.heading, column.heading)
                if network:
                    crossed.add((network.name, organisation.name))
                    _crossed(desk, at, column.heading, organisation, network, key(network.name) in listed)
    _uncrossed(desk, table, crossed)


def _crossed(desk: Desk, at: Place, heading: str, organisation: Organisation, network: Network, listed: bool) -> None:
    if organisation.name in network.memberships:
        return
    if listed:
        doubt = Read(None, "asked", "cross_without_row", options=("yes",))
        about = (organisation.name, network.name)
        if not desk.ask(at, heading, "x", doubt, about, lambda text: yes_no(Cell(text)).value):
            return
    network.memberships[organisation.name] = Membership(organisation, at)


def _uncrossed(desk: Desk, table: Table, crossed: set[tuple[str, str]]) -> None:
    """Members of a list that the matrix does not cross: taken as members, and said."""
    across = {key(column.heading) for column in table.columns if not column.field}
    for name, network in desk.proposal.networks.items():
        for membership in network.memberships.values() if name in across else ():
            if (network.name, membership.organisation.name) not in crossed:
                whom = membership.organisation.name
                desk.note(membership.at, "row", whom, whom, "told", "row_without_cross", network.name)
