"""Reads of the outbox. Of people and networks mail knows ids, addresses and revisions, as plain columns."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, column, or_, select, table, update

from app.extensions import Instant, db
from app.mail.models import Message, Relay

PEOPLE = table("person", column("id"), column("email"), column("revision"), column("address_failed_at", Instant))
NETWORKS = table("network", column("id"), column("revision"))
PROGRAMMES = table("programme", column("id"), column("sender_name"), column("sender_email"))
AHEAD = timedelta(days=14)


def relay() -> Relay:
    """The one row about the relay, made when it is not there."""
    row = db.session.get(Relay, 1)
    if row is None:
        row = Relay(id=1, failures=0)
        db.session.add(row)
    return row


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


def due(now: datetime) -> Select[Message]:
    """Planned mails whose time has come, longest waiting first."""
    ready = or_(Message.retry_at.is_(None), Message.retry_at <= now)
    return (
        select(Message)
        .where(Message.state == "planned", ready, Message.due_at <= now)
        .order_by(Message.due_at, Message.id)
    )


def revisions(message: Message) -> tuple[int | None, int | None]:
    """Of the person and the network a mail is about: what was written is as good as when these were read."""
    person = select(PEOPLE.c.revision).where(PEOPLE.c.id == message.person_id).scalar_subquery()
    network = select(NETWORKS.c.revision).where(NETWORKS.c.id == message.network_id).scalar_subquery()
    return tuple(db.session.execute(select(person, network)).one())


def default_sender() -> tuple[str, str] | None:
    """The sender of the first programme that has one."""
    query = select(PROGRAMMES.c.sender_name, PROGRAMMES.c.sender_email).where(PROGRAMMES.c.sender_email != "")
    row = db.session.execute(query.order_by(PROGRAMMES.c.id).limit(1)).first()
    return (row.sender_name, row.sender_email) if row else None


def mark_address(person_id: int, failed_at: datetime | None) -> None:
    """Note that a person's address was refused; None when mail arrived there."""
    db.session.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(address_failed_at=failed_at))


def planned(until: datetime | None) -> list[Message]:
    """Everything that still is to leave, by due instant."""
    query = select(Message).where(Message.state.in_(("planned", "claimed", "sending")))
    if until is not None:
        query = query.where(Message.due_at <= until)
    return list(db.session.scalars(query.order_by(Message.due_at, Message.id)))


def outbox(network_ids: Sequence[int], person_id: int, now: datetime, kind: str | None = None) -> list[Message]:
    """What leaves in the next fourteen days for these networks, and the person's own digests."""
    own = (Message.network_id.is_(None)) & (Message.person_id == person_id) & (Message.kind == "M1")
    query = select(Message).where(
        or_(Message.network_id.in_(network_ids), own),
        Message.state.in_(("planned", "claimed", "sending")),
        Message.due_at <= now + AHEAD,
    )
    if kind:
        query = query.where(Message.kind == kind)
    return list(db.session.scalars(query.order_by(Message.due_at, Message.id)))


def troubled(network_ids: Sequence[int], person_id: int) -> list[Message]:
    """What failed or may not have arrived."""
    own = (Message.network_id.is_(None)) & (Message.person_id == person_id) & (Message.kind == "M1")
    query = select(Message).where(
        or_(Message.network_id.in_(network_ids), own), Message.state.in_(("failed", "uncertain"))
    )
    return list(db.session.scalars(query.order_by(Message.due_at.desc(), Message.id)))


def relay_trouble() -> Relay | None:
    """The relay, when it could not be used last time."""
    return db.session.scalars(select(Relay).where(Relay.failures > 0)).first()
