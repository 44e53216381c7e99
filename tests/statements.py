"""What is asked of the database, to count it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from app.extensions import db


@contextmanager
def statements() -> Iterator[list[str]]:
    """The statements that run meanwhile, without those a connection begins its life with."""
    seen: list[str] = []

    def note(*args: Any) -> None:
        if not args[2].startswith("PRAGMA"):
            seen.append(args[2])

    event.listen(db.engine, "before_cursor_execute", note)
    yield seen
    event.remove(db.engine, "before_cursor_execute", note)
