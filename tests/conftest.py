"""Fixtures all tests share: one application, one schema, rows deleted after each test."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
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


@pytest.fixture(scope="session")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """SQLite, or what TEST_DATABASE_URL names: `make test` runs the suite on both."""
    return os.environ.get("TEST_DATABASE_URL") or f"sqlite:///{tmp_path_factory.mktemp('db') / 'test.sqlite3'}"


@pytest.fixture(scope="session")
def _app(tmp_path_factory: pytest.TempPathFactory, database_url: str) -> Iterator[Flask]:
    app = create_app(settings_in(tmp_path_factory.mktemp("instance"), database_url=database_url))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False)
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
    db.session.rollback()
    for table in reversed(db.metadata.sorted_tables):
        db.session.execute(delete(table))
    db.session.commit()
    db.session.remove()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()
