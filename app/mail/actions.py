"""Putting mails into the outbox, and a manager's say over them."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from app.audit import record
from app.errors import Refused
from app.extensions import db
from app.mail.models import Message


def add(
    *,
    kind: str,
    key: str,
    person_id: int | None,
    due_at: datetime,
    now: datetime,
    network_id: int | None = None,
    meeting_id: int | None = None,
    params: dict[str, Any] | None = None,
) -> Message:
    """Plan a mail in the running transaction; a row with this `key` that is there already is returned unchanged."""
    about = {"person_id": person_id, "network_id": network_id, "meeting_id": meeting_id, "params": params or {}}
    add_all([{"kind": kind, "key": key, "due_at": due_at, "created_at": now, **about}])
    return db.session.scalars(select(Message).where(Message.key == key)).one()


def add_all(rows: Sequence[dict[str, Any]]) -> None:
    """Plan many mails in one statement, each given by its columns; one whose `key` is there already stays as it is."""
    if rows:
        insert = sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert
        fresh = insert(Message).on_conflict_do_nothing(index_elements=["key"])
        db.session.execute(fresh, rows)


def cancel(messages: Iterable[Message], now: datetime) -> None:
    """Withdraw what has not left; what is leaving at this moment is stopped at the fence."""
    for message in messages:
        if message.state in ("planned", "claimed", "failed"):
            message.cancel("withdrawn", now)


def edit(message: Message, *, subject: str, note: str, now: datetime) -> None:
    """A manager's own subject (empty = ours) and a note above the text."""
    _refuse_gone(message)
    message.subject, message.note = subject or None, note or None
    record("mail-edited", message, now, network_id=message.network_id, kind=message.kind)


def skip(message: Message, now: datetime) -> None:
    """It will not be sent, and not be planned again."""
    if message.state != "uncertain":
        _refuse_gone(message)
    message.cancel("skipped", now)
    record("mail-skipped", message, now, network_id=message.network_id, kind=message.kind)


def send_now(message: Message, now: datetime) -> None:
    """It leaves with the next round; one that failed is tried anew."""
    _refuse_gone(message)
    message.plan(now)
    message.pinned, message.attempts, message.error, message.reply_code = True, 0, None, None
    record("mail-hurried", message, now, network_id=message.network_id, kind=message.kind)


def send_again(message: Message, now: datetime) -> None:
    """Nobody knows whether it arrived; send it once more, as another mail."""
    _refuse_certain(message)
    message.plan(now)
    message.generation += 1
    message.pinned, message.ambiguous, message.attempts = True, False, 0
    record("mail-sent-again", message, now, network_id=message.network_id, kind=message.kind)


def arrived(message: Message, now: datetime) -> None:
    """Somebody saw it arrive."""
    _refuse_certain(message)
    message.state, message.sent_at = "sent", now
    record("mail-arrived", message, now, network_id=message.network_id, kind=message.kind)


def settle(messages: Iterable[Message], what: str, now: datetime) -> int:
    """Several in one press, `what` is "again", "arrived" or "skip"; returns how many.

    Where it does not fit (a mail that was refused did not arrive, or somebody was ahead) the mail stays as it is.
    """
    done = 0
    for message in messages:
        change = SETTLING.get((message.state, what))
        if change:
            change(message, now)
            done += 1
    return done


SETTLING: dict[tuple[str, str], Callable[[Message, datetime], None]] = {
    ("failed", "again"): send_now,
    ("failed", "skip"): skip,
    ("uncertain", "again"): send_again,
    ("uncertain", "arrived"): arrived,
    ("uncertain", "skip"): skip,
}
WAYS = {what for _state, what in SETTLING}


def _refuse_gone(message: Message) -> None:
    if not message.waiting:
        raise Refused(_("This mail has already left or is not planned any more."))


def _refuse_certain(message: Message) -> None:
    if message.state != "uncertain":
        raise Refused(_("There is no doubt about this mail any more."))
