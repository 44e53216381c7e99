"""From a name in a heading, a column or a sheet's title to a network, and how often it meets."""

import re

from app.importing.cells.person_names import key
from app.importing.cells.rhythm import rhythm
from app.importing.cells.values import Read, plain
from app.importing.proposal import Network, Place
from app.importing.tables.desk import Desk, Record
from app.importing.tables.heading_words import GENERIC_TITLES
from app.importing.tables.records import records
from app.importing.tables.section_rows import network_name
from app.importing.tables.table import Table

BETWEEN = re.compile(r"\s*[,;/+&\n]\s*")


def of_text(desk: Desk, at: Place, heading: str, text: str) -> Network | None:
    """The network a section or a cell names, its capitals as another sheet writes them."""
    name, state = network_name(text)
    if not key(name):
        return None
    if name.isupper() and key(name) not in desk.network_names and len(name) > 5:
        desk.network_names[key(name)] = name.capitalize()
        desk.note(at, heading, name, Read(name.capitalize(), "told", "capitals"))
    return desk.network(name[:200], state)


def of_cell(record: Record) -> list[Network]:
    """One, or several where each part of the cell is the name of a network elsewhere."""
    cell = record.cell("network")
    read = plain(cell)
    names = [part.strip() for part in BETWEEN.split(read.value) if part.strip()]
    if len(names) > 1 and all(key(name) in record.desk.network_names for name in names):
        read = Read("; ".join(names), "told", "several_networks")
    else:
        names = [read.value]
    if read.action and read.value and not cell.filled:
        record.note("network", cell.text, read)
    found = (of_text(record.desk, record.at, record.table.heading("network"), name) for name in names)
    return [network for network in found if network]


def of_sheet(desk: Desk, table: Table, several: bool) -> Network | None:
    """Rows that name no network: the one whoever imports chose, the sheet's title, else a question."""
    if desk.only_network:
        return desk.network(desk.only_network)
    title = table.sheet.name.strip()
    title = "" if key(title) in GENERIC_TITLES else title
    at = Place(table.sheet.file, table.sheet.name, table.row)
    if several and title:
        return of_text(desk, at, "sheet", title)
    if table.asked("network"):
        return None
    names = list(desk.network_names.values())
    doubt = Read(None, "asked", "network_missing", title or (names[0] if len(names) == 1 else ""), tuple(names))
    name = desk.ask(at, "network", "", doubt, (at.file, at.sheet), parse=lambda text: text[:200] or None)
    return desk.network(name) if name else None


def read(desk: Desk, table: Table) -> None:
    """A list of networks and how often they meet."""
    for record in records(desk, table):
        found = of_cell(record) if not record.cell("network").empty else []
        for network in found:
            rhythm_of(record, network)
        if not found:
            record.note("row", record.line.first.text, Read(None, "ignored", "row_without_network"))


def rhythm_of(record: Record, network: Network) -> None:
    """What a row says of how often the network meets, told; the first row that says something counts."""
    text = record.text("rhythm")
    if network.rhythm:
        record.first("rhythm", str(network.rhythm), str(rhythm(text) or text), network.name)
    if not text or network.rhythm:
        return
    network.rhythm = rhythm(text)
    if not network.rhythm:
        record.note("rhythm", text, Read(None, "ignored", "rhythm_unclear"), network.name)
        return
    record.note("rhythm", text, Read(str(network.rhythm), "told", "rhythm_read"), network.name)
    if network.rhythm.online:
        network.mode = "online"
