"""Reads of the outbox. Of people and networks mail knows ids, addresses and revisions, as plain columns."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    bindparam,
    column,
    literal,
    or_,
    select,
    table,
    update,
)
from sqlalchemy.exc import IntegrityError

from app.extensions import Instant, db
from app.mail.models import Message, Relay

RELAYS = Relay.metadata.tables["relay"]
PEOPLE = table("person", column("id"), column("email"), column("revision"), column("address_failed_at", Instant))
NETWORKS = table("network", column("id"), column("revision"), column("timezone"))
MEETINGS = table("meeting", column("id"), column("status"), column("starts_at"))
ANSWERS = table("attendance", column("meeting_id"), column("person_id"), column("answered_at"))
PROGRAMMES = table("programme", column("id"), column("sender_name"), column("sender_email"))
AHEAD = timedelta(days=14)
NIGHT_FROM, NIGHT_UNTIL = 21, 7
WAITS = or_(*[Message.kind.like(f"{letter}%") for letter in "HPDN"], Message.kind.in_(("M1", "M2")))


def relay() -> Relay:
    """The one row about the relay, made when it is not there."""
    row = db.session.get(Relay, 1)
    if row is None:
        with suppress(IntegrityError), db.session.begin_nested():  # another worker may make it at the same moment
            db.session.add(Relay(id=1, failures=0))
        row = db.session.get_one(Relay, 1)
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


def awake(now: datetime, zone: str) -> ColumnElement[bool]:
    """What may leave at `now`: at once, because a manager said so, or where it is no night. `zone`: of no network."""
    zones = set(db.session.scalars(select(NETWORKS.c.timezone).distinct()))
    asleep = [each for each in zones if _night(now, each)]
    there = select(NETWORKS.c.id).where(NETWORKS.c.timezone.in_(asleep))
    nowhere = Message.network_id.is_(None) & literal(not _night(now, zone))
    return or_(Message.pinned, ~WAITS, Message.network_id.not_in(there), nowhere)


def _night(now: datetime, zone: str) -> bool:
    hour = now.astimezone(ZoneInfo(zone)).hour
    return hour >= NIGHT_FROM or hour < NIGHT_UNTIL


class Version(NamedTuple):
    """What a mail depends on: it is as good as these are.

    Areas raise the revision of a person or network for whatever they change; only answers raise none.
    """

    generation: int
    person: int
    email: str | None
    refused_at: datetime | None  # when the person's address was
    network: int | None
    status: str | None
    starts_at: datetime | None
    answered_at: datetime | None


# Built once, because they are asked for every batch and every mail.
ROWS = Message.metadata.tables["message"]
DEPENDS: dict[str, ColumnElement[Any]] = {
    "generation": ROWS.c.generation,
    "person": PEOPLE.c.revision,
    "email": PEOPLE.c.email,
    "refused_at": PEOPLE.c.address_failed_at,
    "network": NETWORKS.c.revision,
    "status": MEETINGS.c.status,
    "starts_at": MEETINGS.c.starts_at,
    "answered_at": ANSWERS.c.answered_at,
}


def _around(people: FromClause) -> FromClause:
    """Beside each row what it depends on, as far as it is there."""
    answered = (ANSWERS.c.meeting_id == ROWS.c.meeting_id) & (ANSWERS.c.person_id == ROWS.c.person_id)
    return (
        people.outerjoin(NETWORKS, NETWORKS.c.id == ROWS.c.network_id)
        .outerjoin(MEETINGS, MEETINGS.c.id == ROWS.c.meeting_id)
        .outerjoin(ANSWERS, answered)
    )


VERSIONS = (
    select(ROWS.c.id, *[column.label(f"is_{name}") for name, column in DEPENDS.items()])
    .select_from(_around(ROWS.join(PEOPLE, PEOPLE.c.id == ROWS.c.person_id)))
    .where(ROWS.c.token == bindparam("token"), ROWS.c.state == "claimed")
)
UNCHANGED = (  # of a row of ours
    select(literal(1))
    .select_from(_around(PEOPLE))
    .where(PEOPLE.c.id == ROWS.c.person_id)
    .where(*[column.is_not_distinct_from(bindparam(f"was_{name}")) for name, column in DEPENDS.items()])
    .correlate(ROWS)
    .exists()
)


def versions(connection: Connection, token: str, ids: Sequence[int] | None = None) -> dict[int, Version]:
    """{message: what its mail depends on}, of those still claimed by `token`."""
    query = VERSIONS if ids is None else VERSIONS.where(ROWS.c.id.in_(ids))
    return {number: Version(*row) for number, *row in connection.execute(query, {"token": token})}


def parameters(version: Version) -> dict[str, Any]:
    """What UNCHANGED compares with."""
    return {f"was_{name}": value for name, value in zip(Version._fields, version, strict=True)}


def relay_works(connection: Connection) -> None:
    """The relay has just taken a mail."""
    well = {"failures": 0, "rest_until": None, "error": None}
    connection.execute(update(RELAYS).where(RELAYS.c.failures > 0).values(**well))


def hold_still(connection: Connection, network_ids: Sequence[int]) -> None:
    """Let nobody change these networks before this transaction ends. On SQLite whoever writes is alone already."""
    if network_ids and connection.dialect.name == "postgresql":
        query = select(NETWORKS.c.id).where(NETWORKS.c.id.in_(network_ids)).order_by(NETWORKS.c.id)
        connection.execute(query.with_for_update(read=True))


def default_sender() -> tuple[str, str] | None:
    """The sender of the first programme that has one."""
    query = select(PROGRAMMES.c.sender_name, PROGRAMMES.c.sender_email).where(PROGRAMMES.c.sender_email != "")
    row = db.session.execute(query.order_by(PROGRAMMES.c.id).limit(1)).first()
    return (row.sender_name, row.sender_email) if row else None


def mark_address(connection: Connection, person_id: int, failed_at: datetime | None) -> None:
    """Note that a person's address was refused; None when mail arrived there."""
    connection.execute(update(PEOPLE).where(PEOPLE.c.id == person_id).values(address_failed_at=failed_at))


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
