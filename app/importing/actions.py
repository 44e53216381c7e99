"""An import from upload to undo. Nothing is stored of a programme before `complete`."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import select

from app.audit import record
from app.errors import Refused, Stale
from app.extensions import db, hold, reading, unlocked
from app.importing import first_year, queries
from app.importing.files.sheet import UPLOAD, Limits, Unreadable
from app.importing.models import Import, ImportFile
from app.importing.proposal import Proposal
from app.importing.read import read
from app.importing.sentences import UNREADABLE
from app.importing.storing.comparing import Comparison, compare
from app.importing.storing.rows import store
from app.importing.storing.undoing import networks_published_since, remove
from app.importing.tables.desk import Progress
from app.networks.actions import address_people, grant
from app.networks.models import Programme
from app.people.models import Person
from app.text import one_line
from app.turns.actions import keep_owed

File = tuple[str, bytes]
ROUNDS = 5  # a column understood brings questions about its cells


def receive(
    programme: Programme, files: Sequence[File], now: datetime, *, by: Person | None = None, only_network: str = ""
) -> Import:
    """Keep an upload for its preview, in place of their earlier one; raises Refused when a file cannot be read."""
    row = kept(programme, files, now, by=by, only_network=only_network)
    proposal_of(row, now)
    if by is not None:
        _drop_previews(programme, by)
    db.session.add(row)
    db.session.flush()
    record("import-received", row, now, programme_id=programme.id, files=len(files))
    return row


def kept(
    programme: Programme, files: Sequence[File], now: datetime, *, by: Person | None = None, only_network: str = ""
) -> Import:
    """An import whose files nobody has read yet."""
    row = Import(
        programme=programme, by=by, state="preview", at=now, only_network=only_network[:200], answers={}, created={}
    )
    row.files = [ImportFile(name=(one_line(name) or "?")[:200], content=content) for name, content in files]
    return row


def _drop_previews(programme: Programme, by: Person) -> None:
    """The same person's: uploads hold more than we keep."""
    mine = select(Import).where(Import.programme_id == programme.id, Import.state == "preview", Import.by_id == by.id)
    for old in db.session.scalars(mine):
        db.session.delete(old)
    db.session.flush()


def proposal_of(row: Import, now: datetime) -> Proposal:
    """What the files say with the answers so far; raises Refused with a sentence when they cannot be read."""
    return compared(row, now)[0]


def compared(
    row: Import, now: datetime, *, limits: Limits = UPLOAD, progress: Progress | None = None
) -> tuple[Proposal, Comparison]:
    """The same, beside what the programme holds.

    Nobody waits while the files are read: the writer's lock is free meanwhile. Raises Stale when somebody answered or
    stored then.
    """
    today = now.astimezone(ZoneInfo(row.programme.timezone)).date()
    answers = queries.earlier_answers(row.programme) | row.answers
    files = [(file.name, file.content or b"") for file in row.files]
    try:
        known, network, stood = queries.what_is_known(row.programme), row.only_network, (row.state, row.answers)
        with unlocked():
            found = read(
                files, today=today, answers=answers, known=known, network=network, limits=limits, progress=progress
            )
    except Unreadable as error:
        raise Refused(UNREADABLE[error.code] % error.params) from error
    if row.id is not None and not reading():
        hold(row)
        if (row.state, row.answers) != stood:
            raise Stale(_("Somebody else was here meanwhile. Look at the import again."))
    return found, compare(row.programme, found, answers, today)


def answer(row: Import, answers: Mapping[str, Any], now: datetime) -> None:
    """Answers of the form {question: value}, None = leave it out. Earlier answers stay unless named."""
    if answers:
        row.answers = row.answers | dict(answers)
        record("import-answered", row, now, programme_id=row.programme_id, answers=len(answers))


def accept_proposals(row: Import, now: datetime, *, limits: Limits = UPLOAD) -> None:
    """Answer every open question as it is proposed, and those that come up by that; what has no proposal stays open."""
    for _round in range(ROUNDS):
        questions = compared(row, now, limits=limits)[0].questions
        proposed = {item.question or "": item.proposal for item in questions if item.proposal}
        if not proposed.keys() - row.answers.keys():
            return
        answer(row, proposed, now)


def complete(
    row: Import, now: datetime, *, limits: Limits = UPLOAD, progress: Progress | None = None
) -> dict[str, Any]:
    """Store what the files say and return the import report in the contract's shape. Raises Refused a second time."""
    if row.state != "preview":
        raise Refused(_("This import is done already."))
    proposal, comparison = compared(row, now, limits=limits, progress=progress)
    added = _stored(row, proposal, comparison, now)
    row.state, row.report = "done", report_of(proposal, added) | {"compared": comparison.lines}
    answerable = bool(proposal.questions)
    del proposal, comparison  # of a long list much to hold beside the report while that is written
    _let_go(row, answerable)
    record("imported", row, now, programme_id=row.programme_id, added=added)
    return row.report


def store_answered(row: Import, now: datetime) -> dict[str, Any]:
    """Store what answers given after the import add, as a part of it; undoing takes both. Raises Refused."""
    if not row.unanswered:
        raise Refused(_("This import is done already."))
    before = (row.report or {}).get("added", {})
    proposal, comparison = compared(row, now)
    added = _stored(row, proposal, comparison, now)
    both = {name: count + before.get(name, 0) for name, count in added.items()}
    if row.report is not None:
        row.report = report_of(proposal, both) | {"compared": row.report["compared"]}
    _let_go(row, bool(proposal.questions))
    record("imported", row, now, programme_id=row.programme_id, added=added)
    return row.report or {}


def _stored(row: Import, proposal: Proposal, comparison: Comparison, now: datetime) -> Mapping[str, int]:
    """How many rows of each kind were added; their ids stay with the import."""
    keep_owed(now)
    changed = comparison.as_json()
    held = store(row.programme, proposal, now, comparison)
    made = held.ids | ({"changed": changed} if changed else {})
    row.created = {table: [*row.created.get(table, ()), *made.get(table, ())] for table in made | row.created}
    db.session.add(row)
    db.session.flush()
    db.session.expire_all()  # rows went in by table, behind the session's back
    for network in row.programme.networks:
        if network.addresses_formally is not None:
            address_people(network, now)
    return held.added


def _let_go(row: Import, answerable: bool) -> None:
    """The files, unless something is open that may still be answered."""
    for file in row.files:
        file.content = file.content if answerable and row.by is not None else None
    db.session.flush()


def report_of(proposal: Proposal, added: Mapping[str, int]) -> dict[str, Any]:
    """Return the import report as `docs/formats.md` describes it; `added` counts what was stored, {table: rows}."""
    return {
        "files": proposal.files,
        "added": dict(added),
        "items": [item.as_json() for item in proposal.items],
        "open": len(proposal.questions),
        "year": proposal.year,
    }


def appoint(row: Import, managers: Mapping[int, int], now: datetime) -> int:
    """Give networks the import made to those who shall manage them, {network: person}; returns how many it were.

    Both by id, the person somebody with a role in the programme; others are passed over. Undoing takes it back.
    """
    people = {person.id: person for person in first_year.who_may_manage(row.programme)}
    networks = [each for each in first_year.networks_without_manager(row) if managers.get(each.id) in people]
    roles = [grant(people[managers[network.id]], row.programme, network, now) for network in networks]
    if roles:
        row.created = {**row.created, "role": [*row.created.get("role", ()), *(role.id for role in roles)]}
    return len(roles)


def undo(row: Import, now: datetime) -> int:
    """Take away what the import added, and return how many rows had to stay because something else hangs on them.

    Raises Refused when a year was published since in a network it added to.
    """
    if row.state != "done":
        raise Refused(_("There is nothing to undo."))
    published = networks_published_since(row)
    if published:
        raise Refused(_("A year was published since in %(networks)s. Undo that first.", networks=", ".join(published)))
    keep_owed(now)
    kept = remove(row.created, row.programme, now)
    row.state, row.report = "undone", None
    for file in row.files:
        file.content = None
    record("import-undone", row, now, programme_id=row.programme_id, kept=kept)
    return kept


def discard(row: Import, now: datetime) -> None:
    """Drop a preview with its files."""
    if row.state != "preview":
        raise Refused(_("This import is done already."))
    record("import-discarded", row, now, programme_id=row.programme_id)
    db.session.delete(row)
