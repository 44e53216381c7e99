"""Who sends what: mails are claimed in short transactions, with a token and a lease."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from typing import NamedTuple

from flask import current_app
from sqlalchemy import Connection, Select, Update, bindparam, func, select, update

from app.errors import Refused
from app.extensions import Instant, db
from app.mail.letter import Kind, Letter
from app.mail.models import Message
from app.mail.queries import ROWS, UNCHANGED, Version, awake, due, parameters
from app.mail.transports import CLAIM, LEASE
from app.web import settings

BATCH = 100
MOST_PRESSING = "HPDN"


# Built once and for one row, because they run for every mail.
HELD = update(ROWS).where(ROWS.c.token == bindparam("held"), ROWS.c.id == bindparam("number"))
LEAVES = HELD.where(ROWS.c.state == "claimed", UNCHANGED).values(
    state="sending", attempts=ROWS.c.attempts + 1, lease_until=bindparam("lease", type_=Instant)
)
ARRIVED = HELD.where(ROWS.c.state == "sending").values(
    state="sent", sent_at=bindparam("at", type_=Instant), reply_code=bindparam("code"),
    token=None, lease_until=None, retry_at=None, error=None,
)  # fmt: skip


class Due(NamedTuple):
    """What sharing out the work needs of a message."""

    id: int
    person_id: int
    kind: str
    due_at: datetime


def kinds() -> Mapping[str, Kind]:
    """How each kind of mail is checked and written; create_app hands it over."""
    return current_app.extensions["kinds of mail"]


def kind_of(message: Message | Due) -> Kind:
    """A row may be older or newer than this program: one of a kind it does not know fails when it is written."""
    return kinds().get(message.kind, UNKNOWN)


def _refuse(messages: Sequence[Message], now: datetime) -> Letter:
    raise Refused(f"This version of Toerbeurt knows no mail of the kind {messages[0].kind}.")


UNKNOWN = Kind(still_true=lambda message, now: True, render=_refuse)


def claim(token: str, now: datetime, *, at_night: bool = True) -> list[list[int]]:
    """Take the next mails for whoever has this token: groups of message ids that leave as one mail. Commits."""
    clock = _shared_clock(db.session.connection(), now)
    _recover(clock)
    batch = _taken(_ready(now, at_night).limit(BATCH))
    batch += _companions(batch, _ready(now, at_night))
    held = {"state": "claimed", "token": token, "lease_until": clock + timedelta(seconds=CLAIM)}
    ours = update(Message).where(Message.id.in_([message.id for message in batch])).values(**held)
    db.session.execute(ours.execution_options(synchronize_session=False))
    db.session.commit()
    return [[message.id for message in group] for group in _groups(batch)]


def _taken(ready: Select[Message]) -> list[Due]:
    """These rows, locked; not those that another worker is taking."""
    query = ready.with_only_columns(*[getattr(Message, name) for name in Due._fields])
    return [Due(*row) for row in db.session.execute(query.with_for_update(skip_locked=True))]


def _shared_clock(connection: Connection, now: datetime) -> datetime:
    """Leases count by the clock all workers share: PostgreSQL's. On SQLite all are on one machine."""
    if connection.dialect.name == "postgresql":
        return connection.scalars(select(func.clock_timestamp())).one()
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
    if kind_of(message).rather_not_twice:
        message.state = "uncertain"


def _ready(now: datetime, at_night: bool) -> Select[Message]:
    return due(now) if at_night else due(now).where(awake(now, settings().timezone))


def _companions(batch: Sequence[Due], ready: Select[Message]) -> list[Due]:
    """What else is due for the same people and goes together with it."""
    together = [name for name, kind in kinds().items() if kind.together]
    people = {message.person_id for message in batch if message.kind in together}
    if not people:
        return []
    others = Message.id.not_in([each.id for each in batch])
    return _taken(ready.where(Message.person_id.in_(people), Message.kind.in_(together), others))


def _groups(batch: Iterable[Due]) -> list[list[Due]]:
    """One mail each: the steps of one person together, most pressing first; everything else alone."""

    def owner(message: Due) -> tuple[int, int]:
        return (message.person_id, 0) if kind_of(message).together else (message.person_id, message.id)

    groups = [sorted(group, key=_pressing) for _, group in groupby(sorted(batch, key=owner), key=owner)]
    return sorted(groups, key=lambda group: min((each.due_at, each.id) for each in group))


def _pressing(message: Due) -> tuple[int, datetime, int]:
    return MOST_PRESSING.find(message.kind[0]), message.due_at, message.id


def mine(ids: Sequence[int], token: str) -> list[Message]:
    """The messages that are still claimed by `token`, read afresh and locked, in the order of `ids`."""
    query = _held(ids, token).with_for_update().execution_options(populate_existing=True)
    return sorted(db.session.scalars(query), key=lambda message: ids.index(message.id))


def to_write(ids: Sequence[int], token: str) -> dict[int, Message]:
    """The same, only to read: {id: message}."""
    return {message.id: message for message in db.session.scalars(_held(ids, token))}


def _held(ids: Sequence[int], token: str) -> Select[Message]:
    return select(Message).where(Message.id.in_(ids), Message.token == token, Message.state.in_(("claimed", "sending")))


def release(token: str, ids: Sequence[int] | None = None) -> None:
    """What was claimed and not accepted is there for the next round."""
    db.session.execute(_claimed(token, ids).values(state="planned", token=None, lease_until=None))


def untrue(ids: Sequence[int], token: str, now: datetime) -> None:
    """What is not so any more is not sent."""
    gone = {"state": "cancelled", "cancelled_because": "untrue", "cancelled_at": now}
    db.session.execute(_claimed(token, ids).values(**gone, token=None, lease_until=None))


def leaves(connection: Connection, token: str, made_from: Mapping[int, Version], now: datetime) -> bool:
    """From here on nobody knows whether it arrived, until the relay answers.

    False, and nothing is changed that the caller may keep: something it was made from is another by now, or another
    worker has it.
    """
    held = {"held": token, "lease": _shared_clock(connection, now) + timedelta(seconds=LEASE)}
    rows = [{**held, "number": number, **parameters(version)} for number, version in made_from.items()]
    return connection.execute(LEAVES, rows).rowcount == len(rows)


def arrived(connection: Connection, ids: Sequence[int], token: str, code: int, at: datetime) -> None:
    rows = [{"held": token, "number": number, "code": code, "at": at} for number in ids]
    connection.execute(ARRIVED, rows)


def _claimed(token: str, ids: Sequence[int] | None = None) -> Update:
    held = update(Message).where(Message.token == token, Message.state == "claimed")
    return (held if ids is None else held.where(Message.id.in_(ids))).execution_options(synchronize_session=False)
