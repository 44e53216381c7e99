"""What a test begins with, made once and put back by the database as often as wanted."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from sqlalchemy import select

from app.extensions import db
from tests.conftest import empty_tables


@contextmanager
def kept() -> Iterator[Callable[[], None]]:
    """All rows there are go aside; the function puts them back, with their ids."""
    db.session.commit()
    filled = [each.name for each in db.metadata.sorted_tables if db.session.execute(select(each).limit(1)).first()]
    _each(f'CREATE TABLE "kept_{name}" AS SELECT * FROM "{name}"' for name in filled)
    empty_tables()
    db.session.remove()
    yield lambda: _each(f'INSERT INTO "{name}" SELECT * FROM "kept_{name}"' for name in filled)
    db.session.remove()
    _each(f'DROP TABLE "kept_{name}"' for name in filled)


def _each(statements: Iterator[str]) -> None:
    for statement in statements:
        db.session.connection().exec_driver_sql(statement)
    db.session.commit()
