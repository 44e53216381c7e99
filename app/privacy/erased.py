"""Who was erased, kept beside the backups by number: what an older backup brings back is erased again."""

import json
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlalchemy import func, make_url, select
from sqlalchemy.exc import OperationalError, ProgrammingError

from app.audit import Audit
from app.edge.web import settings
from app.errors import Refused
from app.extensions import db
from app.people.models import Person
from app.privacy.actions import erase


def _file() -> Path:
    return settings().instance / "backups" / "erased.json"


def _known() -> dict[int, datetime]:
    """{person: when}, as the file says."""
    file = _file()
    said = json.loads(file.read_text()) if file.exists() else {}
    return {int(number): datetime.fromisoformat(at) for number, at in said.items()}


def keep() -> None:
    """After the commit of an erasure: note whom, and let the database file hold nothing of them."""
    query = select(Audit.object_id, func.max(Audit.at)).where(Audit.verb == "erased", Audit.object == "person")
    try:
        found = {number or 0: at for number, at in db.session.execute(query.group_by(Audit.object_id))}
    except (OperationalError, ProgrammingError):  # no tables, or none that can be read: what is noted stays
        found = {}
    db.session.rollback()
    known = _known()
    if found.keys() - known.keys() or any(known[number] < at for number, at in found.items()):
        _write(known | found)
    _truncate_log()


def _write(known: dict[int, datetime]) -> None:
    file = _file()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.touch(mode=0o600)
    part.write_text(json.dumps({str(number): at.isoformat() for number, at in sorted(known.items())}, indent=0))
    part.replace(file)


def _truncate_log() -> None:
    """SQLite's log still holds the old pages; who reads at this moment keeps it until the next time."""
    url = make_url(settings().database_url)
    if url.get_backend_name() == "sqlite" and url.database:
        with closing(sqlite3.connect(url.database, timeout=1)) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def again(since: datetime, now: datetime) -> list[int]:
    """Erase whom a backup made at `since` brought back. Returns those (ids) who manage a programme as the last one."""
    kept = []
    for number, at in _known().items():
        person = db.session.get(Person, number) if at > since else None
        if person is None or not (person.email or person.name):
            continue
        try:
            with db.session.begin_nested():
                erase(person, now)
        except Refused:
            kept.append(number)
    return kept
