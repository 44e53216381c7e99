"""Who sends what: mails are claimed in short transactions, with a token and a lease."""

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby

from flask import current_app
from sqlalchemy import func, select

from app.extensions import db
from app.mail.letter import Kind
from app.mail.models import Message
from app.mail.queries import due
from app.mail.transports import LEASE

BATCH = 20
MOST_PRESSING = "HPDN"


def kinds() -> Mapping[str, Kind]:
    """How each kind of mail is checked and written; create_app hands it over."""
    return current_app.extensions["letters"]


def claim(now: datetime) -> tuple[str, list[list[int]]]:
    """Take the next mails for ourselves: (token, groups of message ids that leave as one mail). Commits."""
    token, clock = secrets.token_hex(16), _shared_clock(now)
    _recover(clock)
    batch = list(db.session.scalars(due(now).limit(BATCH).with_for_update(skip_locked=True)))
    batch += _companions(batch, now)
    for message in batch:
        message.state, message.token, message.lease_until = "claimed", token, clock + timedelta(seconds=LEASE)
    groups = [[message.id for message in group] for group in _groups(batch)]
    db.session.commit()
    return token, groups


def _shared_clock(now: datetime) -> datetime:
    """Leases count by the clock all workers share: PostgreSQL's. On SQLite all are on one machine."""
    if db.engine.dialect.name == "postgresql":
        return db.session.scalars(select(func.clock_timestamp())).one()
    return now


def _recover(clock: datetime) -> None:
    """What a worker that died had claimed is planned again; what it was sending is ambiguous."""
    query = select(Message).where(Message.state.in_(("claimed", "sending")), Message.lease_until < clock)
    for message in db.session.scalars(query.with_for_update(skip_locked=True)):
        if message.state == "sending":
            doubt(message)
        else:
            message.plan(message.due_at)
    db.session.flush()


def doubt(message: Message) -> None:
    """Nobody knows whether it arrived: most kinds go once more, with the same Message-ID."""
    message.plan(message.due_at)
    message.ambiguous = True
    if kinds()[message.kind].rather_not_twice:
        message.state = "uncertain"


def _companions(batch: Sequence[Message], now: datetime) -> list[Message]:
    """What else is due for the same people and goes together with it."""
    together = [name for name, kind in kinds().items() if kind.together]
    people = {message.person_id for message in batch if message.kind in together}
    if not people:
        return []
    query = due(now).where(
        Message.person_id.in_(people), Message.kind.in_(together), Message.id.not_in([each.id for each in batch])
    )
    return list(db.session.scalars(query.with_for_update(skip_locked=True)))


def _groups(batch: Iterable[Message]) -> list[list[Message]]:
    """One mail each: the steps of one person together, most pressing first; everything else alone."""

    def owner(message: Message) -> tuple[int, int]:
        return (message.person_id, 0) if kinds()[message.kind].together else (message.person_id, message.id)

    groups = [sorted(group, key=_pressing) for _, group in groupby(sorted(batch, key=owner), key=owner)]
    return sorted(groups, key=lambda group: min((each.due_at, each.id) for each in group))


def _pressing(message: Message) -> tuple[int, datetime, int]:
    return MOST_PRESSING.find(message.kind[0]), message.due_at, message.id


def mine(ids: Sequence[int], token: str) -> list[Message]:
    """The messages that are still claimed by `token`, read afresh and locked, in the order of `ids`."""
    query = select(Message).where(
        Message.id.in_(ids), Message.token == token, Message.state.in_(("claimed", "sending"))
    )
    query = query.with_for_update().execution_options(populate_existing=True)
    return sorted(db.session.scalars(query), key=lambda message: ids.index(message.id))


def release(token: str) -> None:
    """What was claimed and not accepted is there for the next round."""
    for message in db.session.scalars(select(Message).where(Message.token == token)):
        message.plan(message.due_at)
