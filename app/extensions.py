"""Flask's extensions and how the database is opened."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

from flask import g, has_app_context, has_request_context, request
from flask_babel import Babel
from flask_bootstrap import Bootstrap5
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from flask_wtf.csrf import CSRFProtect
from sqlalchemy import Connection, DateTime, Dialect, Engine, ExceptionContext, MetaData, TypeDecorator, event
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import DeclarativeBase, ORMExecuteState, Session, UOWTransaction

SAFE_METHODS = ("GET", "HEAD", "OPTIONS")
WRITER_WAITS, NOTE_WAITS = 5000, 50  # milliseconds for somebody else's lock
READ_ONLY = "25006"  # PostgreSQL's code of a write where only reading is allowed


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite keeps it without its zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


db = SQLAlchemy(model_class=Base)
migrate = Migrate()
babel = Babel()
csrf = CSRFProtect()
bootstrap = Bootstrap5()


def reading() -> bool:
    """Whether what runs now may only read: GET changes nothing."""
    return has_request_context() and request.method in SAFE_METHODS


@contextmanager
def only_reading() -> Iterator[None]:
    """One transaction of the session that changes nothing and takes nobody's lock, whatever else runs here."""
    db.session.rollback()
    db.session.connection(execution_options={"transaction": "read"})
    try:
        yield
    finally:
        db.session.rollback()


def transaction() -> str:
    """ "read", "write", or "note": the small thing a visit leaves, which gives way when somebody else writes."""
    return (
        str(g.get("transaction", "")) if has_app_context() and "transaction" in g else "read" if reading() else "write"
    )


@event.listens_for(Engine, "connect")
def _open(connection: Any, record: object) -> None:
    if not isinstance(connection, sqlite3.Connection):
        connection.execute(f"SET lock_timeout = {WRITER_WAITS}")
        connection.commit()
        return
    connection.isolation_level = None  # we say BEGIN ourselves, below
    # secure_delete: what is erased does not stay behind in pages that are free.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "handle_error")
def _cannot_write(context: ExceptionContext) -> OperationalError | None:
    """A PostgreSQL that has become a standby is unavailable, as a read-only SQLite is; no error of ours."""
    original = context.original_exception
    if getattr(original, "sqlstate", "") == READ_ONLY and transaction() != "read":
        return OperationalError(context.statement, None, original)
    return None


@event.listens_for(Engine, "begin")
def _begin(connection: Connection) -> None:
    kind = connection.get_execution_options().get("transaction") or transaction()
    if connection.dialect.name == "sqlite":
        # A writer takes the lock at once: a plain BEGIN loses read-then-write transactions.
        if connection.info.get("kind") != kind:
            connection.exec_driver_sql(f"PRAGMA busy_timeout={NOTE_WAITS if kind == 'note' else WRITER_WAITS}")
            connection.exec_driver_sql(f"PRAGMA query_only={int(kind == 'read')}")
            connection.info["kind"] = kind
        connection.exec_driver_sql("BEGIN" if kind == "read" else "BEGIN IMMEDIATE")
    elif kind == "read":
        connection.exec_driver_sql("SET TRANSACTION READ ONLY")


@contextmanager
def unlocked() -> Iterator[None]:
    """Let others write while something long is reckoned from values already read.

    A transaction that has written keeps its lock, or it would lose what it wrote. Whoever stores the outcome looks
    whether what it was reckoned from still stands: rows are read anew afterwards.
    """
    session = db.session
    if not (session.info.get("wrote") or session.new or session.dirty or session.deleted):
        session.rollback()
    yield


def hold(row: Base) -> None:
    """Let nobody else change this row until we are done, and read it as it is now.

    SQLite has one writer at a time anyway; PostgreSQL makes a second one wait here.
    """
    db.session.flush()
    db.session.refresh(row, with_for_update={"of": type(row)})  # not what is loaded beside it


@event.listens_for(Session, "after_begin")
def _nothing_written(session: Session, *_: object) -> None:
    session.info["wrote"] = False


@event.listens_for(Session, "after_flush")
def _flushed(session: Session, _context: UOWTransaction) -> None:
    session.info["wrote"] = True


@event.listens_for(Session, "do_orm_execute")
def _executed(state: ORMExecuteState) -> None:
    if not state.is_select:
        state.session.info["wrote"] = True
