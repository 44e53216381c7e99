"""Reading for a whole batch: one read-only transaction in which what several mails need is read once.

Letters are written without the lock of a writer, so that on SQLite several workers write theirs side by side.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import g

from app.extensions import db

Answer = TypeVar("Answer")


@contextmanager
def only_reading() -> Iterator[None]:
    """A transaction that changes nothing; what was read in it is forgotten at its end."""
    db.session.rollback()
    before = g.get("transaction")
    g.transaction, g.answers = "read", {}
    try:
        yield
    finally:
        forget()
        g.pop("answers")
        g.pop("transaction")
        if before is not None:
            g.transaction = before


def forget() -> None:
    """The next question is answered from what is so then."""
    db.session.rollback()
    g.answers.clear()


def known(what: tuple[Any, ...], read: Callable[[], Answer]) -> Answer:
    """What `read` says; in a batch it is asked once for each `what`."""
    answers = g.get("answers")
    if answers is None:
        return read()
    if what not in answers:
        answers[what] = read()
    return answers[what]
