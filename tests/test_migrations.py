"""The migrations make exactly the tables the models describe, and can be taken back."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect

from app import create_app
from app.admin.doctor import made_by_newer
from app.extensions import db
from tests.conftest import settings_in


@pytest.fixture
def empty(tmp_path: Path) -> Flask:
    return create_app(settings_in(tmp_path, database_url=f"sqlite:///{tmp_path / 'empty.sqlite3'}"))


def test_upgraded_tables_equal_the_models(empty: Flask) -> None:
    with empty.app_context():
        upgrade()
        with db.engine.connect() as connection:
            found = compare_metadata(MigrationContext.configure(connection), db.metadata)
        db.engine.dispose()

    assert found == []


def test_up_down_up_ends_where_it_began(empty: Flask) -> None:
    with empty.app_context():
        upgrade()
        before = sorted(inspect(db.engine).get_table_names())
        downgrade(revision="base")
        between = inspect(db.engine).get_table_names()
        upgrade()
        after = sorted(inspect(db.engine).get_table_names())
        db.engine.dispose()

    assert (between, after) == (["alembic_version"], before)


def test_a_database_of_a_newer_version_is_refused(empty: Flask) -> None:
    with empty.app_context():
        upgrade()
        known = made_by_newer()
        with db.engine.begin() as connection:
            connection.execute(db.text("update alembic_version set version_num = '9999'"))
        unknown = made_by_newer()
        db.engine.dispose()

    assert (known, unknown) == (False, True)


def test_an_older_version_knows_nobody_who_was_taken_off_a_meeting(empty: Flask, tmp_path: Path) -> None:
    columns = "meeting_id, name, organisation, language, asked_at, confirmed_at, email, removed_at"
    at = "2026-11-24 09:00:00"
    with empty.app_context():
        upgrade()
        with closing(sqlite3.connect(tmp_path / "empty.sqlite3")) as connection:
            for who in (("off@example.org", at), ("waits@example.org", None)):
                values = (1, "Guest", "", "en", at, at, *who)
                connection.execute(f"insert into guest ({columns}) values (?, ?, ?, ?, ?, ?, ?, ?)", values)
            connection.commit()
        downgrade(revision="0039")
        with db.engine.connect() as connection:
            left = connection.execute(db.text("select email from guest")).scalars().all()
        db.engine.dispose()

    assert left == ["waits@example.org"]
