"""Reading for a whole batch: one read-only transaction in which the same question is asked of the database once.

Letters are written without the lock of a writer, so that on SQLite several workers write theirs side by side.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from flask import g, has_app_context
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.orm.loading import merge_frozen_result

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
        db.session.rollback()
        g.pop("answers")
        g.pop("transaction")
        if before is not None:
            g.transaction = before


def known(what: tuple[Any, ...], read: Callable[[], Answer]) -> Answer:
    """What `read` says; in a batch it is asked once for each `what`."""
    answers = g.get("answers")
    if answers is None:
        return read()
    if what not in answers:
        answers[what] = read()
    return answers[what]


@event.listens_for(Session, "do_orm_execute")
def _once(state: ORMExecuteState) -> Any:
    """The answer to a question asked before (SQLAlchemy's caching recipe, dogpile_caching)."""
    answers = g.get("answers") if has_app_context() else None
    if answers is None or not state.is_select or state.is_relationship_load or state.is_column_load:
        return None
    statement: Any = state.statement
    made = statement._generate_cache_key()
    values = [each.effective_value for each in made.bindparams]
    key = (made.key, repr(values), repr(state.parameters))  # session.get gives its key beside the statement
    if key not in answers:
        answers[key] = state.invoke_statement().freeze()
    merged: Any = merge_frozen_result  # carries no types
    return merged(state.session, statement, answers[key], load=False)()
