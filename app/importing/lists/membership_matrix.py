"""The matrix of organisations and networks: a second account of who is in what, compared with the first.

A cell that looks unlike its neighbours is evidence: a cross struck through, a cross or an empty cell with a colour of
its own. It is asked about, with the colour named, unless a list and a whole cross say the same.
"""

import dataclasses
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app.importing.cells.person_names import key
from app.importing.cells.values import Read, yes_no
from app.importing.files.sheet import Cell, Line
from app.importing.lists import networks, organisations
from app.importing.proposal import Membership, Network, Organisation, Place
from app.importing.tables.desk import Desk, Record
from app.importing.tables.records import records
from app.importing.tables.table import Column, Table

Where = tuple[str, str]  # network and organisation


@dataclass(frozen=True)
class Coloured:
    """A cell without a cross, or a whole row of a list."""

    organisation: Organisation
    colour: str
    at: Place
    field: str


@dataclass
class _Matrix:
    """What the cells say; `listed`: networks that have a list of members."""

    table: Table
    listed: set[str]
    usual: frozenset[tuple[int, str]]  # columns with a colour that is how most of them looks
    crossed: set[Where] = dataclasses.field(default_factory=set)
    coloured: dict[Where, Coloured] = dataclasses.field(default_factory=dict)

    def colour(self, line: Line, column: int) -> str:
        """That of a cell which stands out from its row and its column."""
        own = line.cell(column).colour
        around = sum(cell.colour == own for cell in line.cells)
        return "" if not own or (column, own) in self.usual or around * 2 > len(line.cells) else own


def read(desk: Desk, table: Table) -> None:
    listed = {network.name for network in desk.proposal.networks.values() if network.memberships}
    matrix = _Matrix(table, listed, _usual(table))
    for record in records(desk, table):
        name = record.text("organisation")
        organisation = organisations.elsewhere(record, "organisation", name, new=True) if name else None
        if organisation:
            if _stays(record, organisation):
                _row(record, organisation, matrix)
        elif not name:
            record.note("row", record.line.first.text, Read(None, "ignored", "row_without_organisation"))
    _uncrossed(desk, matrix)


def _across(table: Table) -> Iterator[Column]:
    return (column for column in table.columns if not (column.field or column.nameless))


def _usual(table: Table) -> frozenset[tuple[int, str]]:
    """Columns with the colour that more than half of their cells have."""
    seen = Counter(
        (column.number, line.cell(column.number).colour) for column in _across(table) for line in table.lines
    )
    return frozenset(each for each, times in seen.items() if times * 2 > len(table.lines))


def _stays(record: Record, organisation: Organisation) -> bool:
    """A row that is struck through, or its organisation, says nothing until somebody says so."""
    if not (record.line.struck or record.cell("organisation").struck):
        return True
    doubt = Read(None, "asked", "row_struck_through", options=("yes",))
    keep = record.ask("organisation", organisation.name, doubt, organisation.name, parse=_yes)
    if not keep:
        record.desk.drop_outsider(organisation)
    return bool(keep)


def _row(record: Record, organisation: Organisation, matrix: _Matrix) -> None:
    for column in _across(record.table):
        cell, colour = record.line.cell(column.number), matrix.colour(record.line, column.number)
        network = None
        if not cell.empty or colour:
            network = networks.of_text(record.desk, record.at, column.heading, column.heading)
        if network and cell.empty:
            found = Coloured(organisation, colour, record.at, column.heading)
            matrix.coloured[network.name, organisation.name] = found
        elif network:
            matrix.crossed.add((network.name, organisation.name))
            _crossed(record, organisation, network, _doubt(cell, colour, network.name in matrix.listed))


def _doubt(cell: Cell, colour: str, listed: bool) -> tuple[str, str]:
    """Why a cross is asked about, "" where it is all there is to know; and its colour."""
    if cell.struck:
        return "cross_struck_through", ""
    if colour:
        return "cross_coloured", colour
    return "cross_without_row" if listed else "", ""


def _crossed(record: Record, organisation: Organisation, network: Network, doubt: tuple[str, str]) -> None:
    """A cross is a member, unless it is in doubt; where a list says the same, only one struck through is."""
    (code, colour), whom, desk = doubt, organisation.name, record.desk
    about = (whom, network.name, *([colour] if colour else []))
    if whom in network.memberships and code != "cross_struck_through":
        if colour:
            desk.note(record.at, network.name, "x", Read(whom, "told", "cell_coloured"), f"{whom}, {colour}")
    elif code and not _meant(desk, record.at, network.name, "x", code, about):
        _leave_out(desk, network, organisation)
    else:
        network.memberships.setdefault(whom, Membership(organisation, record.at))


def _uncrossed(desk: Desk, matrix: _Matrix) -> None:
    """Where the matrix has no cross: asked where a colour stands, else members of a list are taken and told."""
    across = {key(column.heading) for column in _across(matrix.table)}
    for name, network in desk.proposal.networks.items():
        for membership in list(network.memberships.values()) if name in across else ():
            whom, colour = membership.organisation.name, membership.colour
            where = (network.name, whom)
            if where not in matrix.crossed and colour:
                matrix.coloured.setdefault(where, Coloured(membership.organisation, colour, membership.at, "row"))
            elif where not in matrix.crossed and where not in matrix.coloured:
                desk.note(membership.at, "row", whom, Read(whom, "told", "row_without_cross"), network.name)
    for (name, whom), found in matrix.coloured.items():
        network = desk.network(name)
        about = (whom, network.name, found.colour)
        if not _meant(desk, found.at, found.field, whom, "coloured_without_cross", about):
            _leave_out(desk, network, found.organisation)
        elif whom not in network.memberships:
            organisation = desk.proposal.organisations.setdefault(whom, found.organisation)
            network.memberships[whom] = Membership(organisation, found.at)


def _meant(desk: Desk, at: Place, field: str, found: str, code: str, about: tuple[str, ...]) -> bool:
    return bool(desk.ask(at, field, found, Read(None, "asked", code, options=("yes",)), about, parse=_yes))


def _leave_out(desk: Desk, network: Network, organisation: Organisation) -> None:
    network.memberships.pop(organisation.name, None)
    desk.drop_outsider(organisation)


def _yes(text: str) -> bool | None:
    return yes_no(Cell(text)).value
