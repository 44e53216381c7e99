"""From a name in a heading, a column or a sheet's title to a network."""

from app.transfer.reading.desk import Desk
from app.transfer.reading.headings import Table
from app.transfer.reading.names import key
from app.transfer.reading.proposal import Network, Place
from app.transfer.reading.sections import network_name
from app.transfer.reading.tables import Cell
from app.transfer.reading.values import Read, plain
from app.transfer.reading.words import GENERIC_TITLES


def of_text(desk: Desk, at: Place, heading: str, text: str) -> Network | None:
    """The network a section or a cell names, its capitals as another sheet writes them."""
    name, state = network_name(text)
    if not key(name):
        return None
    if name.isupper() and key(name) not in desk.network_names and len(name) > 5:
        desk.network_names[key(name)] = name.capitalize()
        desk.note(at, heading, name, name.capitalize(), "told", "capitals")
    return desk.network(desk.network_names.get(key(name), name), state)


def of_cell(desk: Desk, at: Place, heading: str, cell: Cell) -> Network | None:
    read = plain(cell)
    if read.action and read.value and not cell.filled:
        desk.note(at, heading, cell.text, read.value, read.action, read.code)
    return of_text(desk, at, heading, read.value)


def of_sheet(desk: Desk, table: Table, at: Place, several: bool) -> Network | None:
    """Rows that name no network: the one whoever imports chose, the sheet's title, else a question."""
    if desk.only_network:
        return desk.network(desk.network_names.get(key(desk.only_network), desk.only_network))
    title = table.sheet.name.strip()
    if several and key(title) and key(title) not in GENERIC_TITLES:
        return of_text(desk, at, "sheet", title)
    proposal = "" if key(title) in GENERIC_TITLES else title
    doubt = Read(None, "asked", "network_missing", proposal or _only(desk), tuple(desk.network_names.values()))
    place = Place(at.file, at.sheet, table.row)
    name = desk.ask(place, "network", "", doubt, (at.file, at.sheet), lambda text: text or None)
    return desk.network(desk.network_names.get(key(name), name)) if name else None


def _only(desk: Desk) -> str:
    names = list(desk.network_names.values())
    return names[0] if len(names) == 1 else ""
