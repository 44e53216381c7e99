"""Everything of an installation in one file, and back: the database and the two keys feed links and UIDs hang on.

A zip with `about.json`, the database (`database`: a SQLite file, or pg_dump's own format) and the keys. Made while
everything runs. After a restore nothing that was due meanwhile is sent by itself: it may have arrived long ago.
"""

import json
import os
import shutil
import sqlite3
import subprocess
import tempfile
import zipfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import func, inspect, make_url, select, update

from app.commands.progress import Tell, untold
from app.config import Settings
from app.edge.web import settings
from app.errors import Refused
from app.extensions import db, only_reading
from app.mail.models import Message
from app.people.models import Person
from app.reminders.actions import plan_digests, reconcile_all

FORMAT = "toerbeurt-backup/1"
KEYS = ("secret_key", "feed_key")
UNSENT = ("planned", "claimed", "sending")
STEPS = 6  # of a restore
PAGES = 1000  # of a SQLite database copied at a time, so that writers come in between


@dataclass(frozen=True)
class Restored:
    """How many mails are held for a person to decide, which keys have to be put in place by hand, of when it is."""

    held: int
    keys_elsewhere: tuple[str, ...]
    made_at: datetime


def backup(file: Path, now: datetime, tell: Tell = untold) -> None:
    """Write everything into `file`, readable by its owner alone, whole or not at all."""
    found, revision = settings(), _revision()
    if revision is None:
        raise Refused("There is nothing to back up: the database has no tables yet. Is this the right one?")
    about = {"format": FORMAT, "database": _kind(found), "revision": revision, "made_at": now.isoformat()}
    part = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        os.close(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600))
    except OSError as error:  # says what was asked for, not what it is written to first
        raise type(error)(error.errno, error.strerror, str(file)) from error
    try:
        with tempfile.TemporaryDirectory() as folder, zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as out:
            _dump(found, Path(folder, "database"), tell)
            tell("packing", 4, 5)
            out.write(Path(folder, "database"), "database")
            out.writestr("about.json", json.dumps(about, indent=1))
            for key in KEYS:
                out.writestr(key, getattr(found, key))
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)


def _kind(found: Settings) -> str:
    return "sqlite" if found.database_url.startswith("sqlite") else "postgresql"


def _revision() -> str | None:
    with only_reading():
        return MigrationContext.configure(db.session.connection()).get_current_revision()


def _dump(found: Settings, into: Path, tell: Tell = untold) -> None:
    """Into a file; four fifths of a backup."""
    tell("reading the database", 0, 5)
    if _kind(found) == "postgresql":
        _postgresql("pg_dump", "--format=custom", f"--file={into}")
        return
    with closing(sqlite3.connect(_path(found))) as here, closing(sqlite3.connect(into)) as there:
        here.backup(there, pages=PAGES, progress=lambda _, left, all_: tell("reading", 4 * (all_ - left), 5 * all_))


def _path(found: Settings) -> str:
    return make_url(found.database_url).database or ""


def _postgresql(program: str, *options: str) -> None:
    """One of PostgreSQL's own programs, on our database; the password goes by a file, which `ps` does not show."""
    url = make_url(settings().database_url).set(drivername="postgresql")
    with tempfile.NamedTemporaryFile("w") as passwords:
        if url.password:
            passwords.write(f"*:*:*:*:{_escaped(str(url.password))}\n")
            passwords.flush()
            url = url.set(password=None).update_query_dict({"passfile": passwords.name})
        where = url.render_as_string(hide_password=False)
        _run([program, *options, f"--dbname={where}"])


def _run(command: list[str]) -> None:
    program = command[0]
    if shutil.which(program) is None:
        raise Refused(f"{program} is not installed here: install PostgreSQL's client programs (postgresql-client).")
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Refused(f"{program} says: {done.stderr.strip().splitlines()[-1] if done.stderr else done.returncode}")


def _escaped(password: str) -> str:
    return password.replace("\\", "\\\\").replace(":", "\\:")


def filled() -> bool:
    """Whether there is anything here that a restore would replace."""
    return inspect(db.engine).has_table("person") and bool(db.session.scalar(select(func.count(Person.id))))


def restore(file: Path, now: datetime, tell: Tell = untold) -> Restored:
    """Replace everything by what is in `file`. What was to leave by `now` is held; nothing is sent by itself.

    Raises Refused, with everything here as it was, when the file is no backup, damaged, of another database, or of a
    newer version of this program. What is replaced stays beside it as `*.before-restore`.
    """
    tell("looking at the file", 0, STEPS)
    with _opened(file) as backup, tempfile.TemporaryDirectory() as folder:
        about = json.loads(backup.read("about.json"))
        _check(about)
        keys = {key: backup.read(key).decode().strip() for key in KEYS}
        database = Path(backup.extract("database", folder))
        tell("reading it from end to end", 1, STEPS)
        _check_database(database)
        tell("keeping what is here", 2, STEPS)
        _keep_what_is_here()
        tell("putting it back", 3, STEPS)
        _load(database, now)
        elsewhere = tuple(key for key, value in keys.items() if not _put_key(key, value))
    tell("bringing it to this version", 4, STEPS)
    upgrade()
    tell("planning its mails", 5, STEPS)
    _hold(now)  # before planning, which would put some of it off
    reconcile_all(now)
    plan_digests(now)
    return Restored(_hold(now), elsewhere, datetime.fromisoformat(about["made_at"]))


def _opened(file: Path) -> zipfile.ZipFile:
    try:
        backup = zipfile.ZipFile(file)
    except (OSError, zipfile.BadZipFile) as error:
        raise Refused(f"{file} is not a backup of Toerbeurt.") from error
    if {"about.json", "database", *KEYS} - set(backup.namelist()):
        backup.close()
        raise Refused(f"{file} is not a backup of Toerbeurt.")
    try:
        damaged = backup.testzip() is not None
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError):
        damaged = True
    if damaged:
        backup.close()
        raise Refused(f"{file} is damaged. Nothing was changed; take an older backup.")
    return backup


def _check(about: dict[str, str]) -> None:
    if about.get("format") != FORMAT:
        raise Refused(f"This backup is written as {about.get('format')}; this program reads {FORMAT}.")
    if about["database"] != _kind(settings()):
        raise Refused(f"This is a backup of {about['database']}, and the database here is {_kind(settings())}.")
    if about["revision"] not in _known_revisions():
        raise Refused("This backup was made by a newer version of Toerbeurt. Install that version first.")


def _check_database(dump: Path) -> None:
    """Raises Refused when the dump cannot be read from end to end."""
    if _kind(settings()) == "postgresql":
        with tempfile.NamedTemporaryFile() as everything:  # as SQL, which reads all of it
            _run(["pg_restore", f"--file={everything.name}", str(dump)])
        return
    try:
        with closing(sqlite3.connect(f"{dump.as_uri()}?mode=ro", uri=True)) as copy:
            whole = copy.execute("PRAGMA quick_check").fetchone() == ("ok",)
            copy.execute("SELECT id FROM person LIMIT 1")
    except sqlite3.DatabaseError:
        whole = False
    if not whole:
        raise Refused("The database in this backup is damaged. Nothing was changed; take an older backup.")


def _keep_what_is_here() -> None:
    """Copies of database and keys beside them, over those of the restore before."""
    db.session.remove()
    found = settings()
    for key in KEYS:
        if (path := found.instance / key).exists():
            shutil.copy2(path, path.with_suffix(".before-restore"))
    if filled():
        kept = found.instance / "database.before-restore"
        kept.unlink(missing_ok=True)
        _dump(found, kept)
        kept.chmod(0o600)


def _known_revisions() -> set[str]:
    directory = str(current_app.extensions["migrate"].migrate.directory)
    return {script.revision for script in ScriptDirectory(directory).walk_revisions()}


def _put_key(name: str, value: str) -> bool:
    """Into the instance folder, where the program looks when nothing else is set; False when something else is."""
    found, path = settings(), settings().instance / name
    ours = not path.exists() or path.read_text().strip() == getattr(found, name)
    if ours or getattr(found, name) == value:
        part = path.with_suffix(".restored")
        part.touch(mode=0o600)
        part.write_text(value)
        part.replace(path)
    return ours or getattr(found, name) == value


def _load(dump: Path, now: datetime) -> None:
    db.session.remove()
    if _kind(settings()) == "postgresql":
        db.engine.dispose()
        _postgresql("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", str(dump))
        return
    with closing(sqlite3.connect(dump)) as there, closing(sqlite3.connect(_path(settings()))) as here:
        _hold_in(there, now)
        there.backup(here)


def _hold_in(copy: sqlite3.Connection, now: datetime) -> None:
    """Before anybody sees the copy: a worker that still runs here finds nothing to send."""
    due = now.replace(tzinfo=None).isoformat(" ")
    held = "update message set state = 'uncertain', token = null, lease_until = null"
    copy.execute(f"{held} where state in {UNSENT} and (due_at <= ? or state <> 'planned')", (due,))
    copy.commit()


def _hold(now: datetime) -> int:
    """What was to leave by now may have left: a person decides. A sign-in link is over by now."""
    unsent = update(Message).where(Message.state.in_(UNSENT), (Message.due_at <= now) | (Message.state != "planned"))
    held = unsent.values(state="uncertain", token=None, lease_until=None, retry_at=None)
    over = {"state": "cancelled", "cancelled_because": "untrue", "cancelled_at": now}
    db.session.execute(held.execution_options(synchronize_session=False))
    stale = update(Message).where(Message.state == "uncertain", Message.kind == "sign_in").values(**over)
    db.session.execute(stale.execution_options(synchronize_session=False))
    return db.session.scalar(select(func.count()).where(Message.state == "uncertain")) or 0
