"""From a name in a cell to an organisation: at once, told, or asked."""

from collections.abc import Iterable

from app.importing.cells.mail_addresses import email
from app.importing.cells.organisation_names import organisation_key
from app.importing.cells.values import Read, plain
from app.importing.proposal import Organisation
from app.importing.tables.desk import ALIKE, Desk, Record


def of_member(record: Record) -> Organisation | None:
    """In a list of members each name stands for itself, unless it may be another one's short form: then it is asked."""
    desk, cell = record.desk, record.cell("organisation")
    read = plain(cell)
    if not organisation_key(read.value):
        return None
    if read.action and not cell.filled:
        record.note("organisation", cell.text, read)
    name = desk.directory.exact(read.value) or read.value
    likely = _likely(record, name)
    if not likely:
        return desk.organisation(name)
    doubt = Read(None, "asked", ALIKE, likely[0], (*likely, name))
    return _answered(record, "organisation", read.value, doubt)


def _likely(record: Record, name: str) -> list[str]:
    """Longer names in the files; in the programme also shorter ones, and where the person of the row sits already."""
    known = record.desk.known
    if known.directory.exact(name):
        return []
    seated = known.people.get(email(record.cell("email")).value) if known.people else None
    return _alike(record.desk, name) or ([seated.organisation] if seated else [])


def _alike(desk: Desk, name: str) -> list[str]:
    """Looked for once per name: all names of the lists are known by now."""
    found = desk.alike.get(name)
    if found is None:
        directory = desk.directory
        found = directory.longer(name) or directory.earlier(name) or desk.known.directory.shorter(name)
        desk.alike[name] = found
    return found


def elsewhere(
    record: Record, field: str, name: str, among: Iterable[str] = (), *, new: bool = False
) -> Organisation | None:
    """In other sheets a unique short form is taken and told; several, or one that differs, are asked.

    `new` lets an unknown name stand.
    """
    directory = record.desk.directory
    exact = directory.exact(name)
    if exact:
        return record.desk.organisation(exact)
    likely = directory.likely(name, list(among)) or directory.likely(name)
    if len(likely) == 1:
        return _short_form(record, field, name, likely[0])
    likely = likely or directory.alike(name)
    if new and not likely:
        directory.add(name)
        return record.desk.organisation(name)
    doubt = Read(None, "asked", "organisation_unknown", likely[0] if likely else "", tuple(likely))
    return _answered(record, field, name, doubt)


def _answered(record: Record, field: str, name: str, doubt: Read) -> Organisation | None:
    answer = record.ask(field, name, doubt, name, parse=lambda text: _full_name(record.desk, text))
    return record.desk.organisation(answer) if answer else None


def _full_name(desk: Desk, text: str) -> str | None:
    return desk.directory.exact(text) or text[:200] or None


def _short_form(record: Record, field: str, name: str, full: str) -> Organisation:
    """Told once per sheet and spelling; the shortest one is what people call it."""
    organisation = record.desk.organisation(full)
    once = (record.at.file, record.at.sheet, name)
    if once not in record.desk.short_forms:
        record.desk.short_forms.add(once)
        record.note(field, name, Read(full, "told", "organisation_short"))
    if len(name) < len(organisation.short or full):
        organisation.short = name[:60]
    return organisation
