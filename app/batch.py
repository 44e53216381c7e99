"""Work on many rows at once, like the mails of one go: a read-only transaction in which each thing is read once."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import g

from app.extensions import only_reading

Answer = TypeVar("Answer")


@contextmanager
def reading() -> Iterator[None]:
    """Inside it `once` remembers. It holds no lock: on SQLite several workers read while one writes."""
    with only_reading():
        g.answers = {}
        try:
            yield
        finally:
            g.pop("answers")


def once(what: tuple[Any, ...], read: Callable[[], Answer]) -> Answer:
    """What `read` says; while a batch is read it is asked once for each `what`."""
    answers = g.get("answers")
    if answers is None:
        return read()
    if what not in answers:
        answers[what] = read()
    return answers[what]
