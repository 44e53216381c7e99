"""A database that is full, locked or read-only: pages are read, writes answer 503, nothing needs a restart."""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from app import clock
from app.calendars.actions import feed_link
from app.calendars.links import token_of
from app.extensions import WRITER_WAITS, db
from app.worker import deliver
from tests import make
from tests.fakes import Relay
from tests.reminders.world import World, world

WAITS = WRITER_WAITS / 1000


@pytest.fixture
def w(app: Flask) -> World:
    return world(starts_at=(clock.now() + timedelta(days=30)).replace(hour=10))


def reads(client: FlaskClient, slug: str, feed: str) -> list[int]:
    """The manager's pages, and a calendar that has never been fetched."""
    paths = [f"/networks/{slug}", "/outbox", "/preferences", "/readyz", f"/feeds/{feed}.ics"]
    return [client.get(path).status_code for path in paths]


def writes(client: FlaskClient, slug: str) -> tuple[int, str | None, str]:
    """(status, Retry-After, what the person sees) of a long message to everybody."""
    given = {"to_network": slug, "audience": "all", "subject": "News", "text": "Long. " * 800}
    answer = client.post("/outbox/message", data=given)
    sentence = next((each for each in SENTENCES if each in answer.text), "")
    return answer.status_code, answer.headers.get("Retry-After"), sentence


SENTENCES = ("The database is busy.", "The disk is full.")
DONE = (302, None, "")


@contextmanager
def locked() -> Iterator[None]:
    """Somebody else writes, and does not end."""
    if db.engine.dialect.name == "sqlite":
        with closing(sqlite3.connect(str(db.engine.url.database))) as other:
            other.execute("begin immediate")
            yield
    else:
        with db.engine.connect() as other:
            other.execute(text("lock table message in exclusive mode"))
            yield


@contextmanager
def full() -> Iterator[None]:
    """Not a page more."""
    with closing(sqlite3.connect(str(db.engine.url.database))) as other:
        other.execute("vacuum")
    most = 1

    def limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={most}")

    with listening("checkout", limit):
        yield
        most = 2**31
        db.session.rollback()
        db.session.connection()


@contextmanager
def read_only() -> Iterator[None]:
    """A file system mounted read-only after trouble; a PostgreSQL that has become a standby."""
    name = db.engine.url.database
    if db.engine.dialect.name == "sqlite":
        with listening("do_connect", _open_to_read):
            yield
        return
    _say(f'alter database "{name}" set default_transaction_read_only = on')
    try:
        yield
    finally:
        _say(f'alter database "{name}" reset default_transaction_read_only')


@contextmanager
def listening(what: str, listener: Callable[..., object]) -> Iterator[None]:
    """Connections are made anew before and after."""
    db.session.rollback()
    db.engine.dispose()
    event.listen(db.engine, what, listener)
    try:
        yield
    finally:
        event.remove(db.engine, what, listener)
        db.session.rollback()
        db.engine.dispose()


def _open_to_read(dialect: object, record: object, given: list[str], options: dict[str, object]) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{given[0]}?mode=ro", uri=True, check_same_thread=False)


def _say(command: str) -> None:
    db.session.rollback()
    with db.engine.connect() as connection:
        connection.execute(text("set transaction read write"))
        connection.execute(text(command))
        connection.commit()
    db.engine.dispose()


@pytest.mark.parametrize(
    ("fault", "sentence"), [(locked, SENTENCES[0]), (full, SENTENCES[1]), (read_only, SENTENCES[0])]
)
def test_in_trouble_pages_are_read_and_a_write_is_asked_to_come_again(
    app: Flask, w: World, fault: Callable[[], AbstractContextManager[None]], sentence: str
) -> None:
    if fault is full and db.engine.dialect.name != "sqlite":
        pytest.skip("a limit of SQLite")
    mia, slug, feed = (
        make.browser(app, w.manager),
        w.network.slug,
        token_of(feed_link(w.host, "mine", None, clock.now())),
    )
    db.session.commit()
    with fault():
        since = time.monotonic()
        assert (writes(mia, slug), time.monotonic() - since < WAITS + 2) == ((503, "5", sentence), True)
        assert reads(mia, slug, feed) == [200] * 5
    assert (writes(mia, slug), reads(mia, slug, feed)) == (DONE, [200] * 5)


@pytest.mark.parametrize("fault", [locked, read_only])
def test_in_trouble_no_mail_leaves_and_afterwards_each_leaves_once(
    app: Flask,
    w: World,
    gate: Relay,
    fault: Callable[[], AbstractContextManager[None]],
) -> None:
    w.message("D2", w.host, due_at=clock.now())
    with fault(), pytest.raises(OperationalError):
        deliver(5)
    db.session.rollback()
    before = len(gate.received)
    assert (before, deliver(5), len(gate.received)) == (0, 1, 1)
