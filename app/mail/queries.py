"""Reads of the outbox."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, column, func, or_, select, table

from app.extensions import db
from app.mail.models import Message, Relay

PROGRAMMES = table("programme", column("id"), column("sender_name"), column("sender_email"))
AHEAD = timedelta(days=14)
LEAVING = Message.state.in_(("planned", "claimed", "sending"))


def earliest(now: datetime) -> datetime | None:
    """When a mail next wants attention: planned, waiting for another try, or left behind by a worker that died."""
    due = select(Message.due_at).where(Message.state == "planned", Message.retry_at.is_(None)).order_by(Message.due_at)
    again = select(Message.retry_at).where(Message.state == "planned", Message.retry_at.is_not(None))
    left = select(Message.lease_until).where(Message.state.in_(("claimed", "sending")))
    rest = select(Relay.rest_until).where(Relay.id == 1)
    firsts = (due, again.order_by(Message.retry_at), left.order_by(Message.lease_until), rest)
    *first, resting = db.session.execute(select(*[query.limit(1).scalar_subquery() for query in firsts])).one()
    soonest = min([at for at in first if at is not None], default=None)
    return max(soonest, resting) if soonest and resting and resting > now else soonest


def default_sender() -> tuple[str, str] | None:
    """The sender of the first programme that has one."""
    query = select(PROGRAMMES.c.sender_name, PROGRAMMES.c.sender_email).where(PROGRAMMES.c.sender_email != "")
    row = db.session.execute(query.order_by(PROGRAMMES.c.id).limit(1)).first()
    return (row.sender_name, row.sender_email) if row else None


def planned(until: datetime | None) -> list[Message]:
    """Everything that still is to leave, by due instant."""
    query = select(Message).where(LEAVING, *([Message.due_at <= until] if until else []))
    return list(db.session.scalars(query.order_by(Message.due_at, Message.id)))


def count_due(now: datetime) -> int:
    """How many are to leave by now."""
    return db.session.scalar(select(func.count()).where(LEAVING, Message.due_at <= now)) or 0


def outbox(network_ids: Sequence[int], person_id: int, now: datetime, kind: str | None = None) -> list[Message]:
    """What leaves in the next fourteen days for these networks, and the person's own digests."""
    query = select(Message).where(_of(network_ids, person_id), LEAVING, Message.due_at <= now + AHEAD)
    query = query.where(Message.kind == kind) if kind else query
    return list(db.session.scalars(query.order_by(Message.due_at, Message.id)))


def troubled(network_ids: Sequence[int], person_id: int) -> list[Message]:
    """What failed or may not have arrived."""
    query = select(Message).where(_of(network_ids, person_id), Message.state.in_(("failed", "uncertain")))
    return list(db.session.scalars(query.order_by(Message.due_at.desc(), Message.id)))


def _of(network_ids: Sequence[int], person_id: int) -> ColumnElement[bool]:
    digest = Message.network_id.is_(None) & (Message.person_id == person_id) & (Message.kind == "M1")
    return or_(Message.network_id.in_(network_ids), digest)


def relay_trouble() -> Relay | None:
    """The relay, when it could not be used last time."""
    return db.session.scalars(select(Relay).where(Relay.failures > 0)).first()
