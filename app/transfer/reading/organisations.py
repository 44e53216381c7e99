"""From a name in a cell to an organisation: at once, told, or asked."""

from collections.abc import Iterable

from app.transfer.reading.desk import Desk
from app.transfer.reading.matching import organisation_key
from app.transfer.reading.proposal import Organisation, Place
from app.transfer.reading.tables import Cell
from app.transfer.reading.values import Read, plain


def of_member(desk: Desk, at: Place, heading: str, cell: Cell) -> Organisation | None:
    """In a list of members each name stands for itself, unless it may be another one's short form: then it is asked."""
    read = plain(cell)
    name = read.value
    if not organisation_key(name):
        return None
    if read.action and not cell.filled:
        desk.note(at, heading, cell.text, name, read.action, read.code)
    known = desk.directory.exact(name) or name
    likely = [] if known in desk.known.organisations else desk.directory.likely(known)
    if not likely:
        return desk.organisation(known)
    doubt = Read(None, "asked", "organisation_alike", likely[0], (*likely, known))
    answer = desk.ask(at, heading, name, doubt, (name,), lambda text: desk.directory.exact(text) or text or None)
    return desk.organisation(answer) if answer else None


def elsewhere(
    desk: Desk, at: Place, heading: str, name: str, among: Iterable[str] = (), *, new: bool = False
) -> Organisation | None:
    """In other sheets a unique short form is taken and told; several are asked; `new` lets an unknown name stand."""
    exact = desk.directory.exact(name)
    if exact:
        return desk.organisation(exact)
    likely = desk.directory.likely(name, list(among)) or desk.directory.likely(name)
    if len(likely) == 1:
        return _short_form(desk, at, heading, name, likely[0])
    if new and not likely:
        desk.directory.add(name)
        return desk.organisation(name)
    doubt = Read(None, "asked", "organisation_unknown", likely[0] if likely else "", tuple(likely))
    answer = desk.ask(at, heading, name, doubt, (name,), lambda text: desk.directory.exact(text) or text or None)
    return desk.organisation(answer) if answer else None


def _short_form(desk: Desk, at: Place, heading: str, name: str, full: str) -> Organisation:
    """Told once per sheet and spelling; the shortest one is what people call it."""
    organisation = desk.organisation(full)
    if (at.sheet + at.file, name) not in desk.told_short_forms:
        desk.told_short_forms.add((at.sheet + at.file, name))
        desk.note(at, heading, name, full, "told", "organisation_short")
    if len(name) < len(organisation.short or full):
        organisation.short = name
    return organisation
