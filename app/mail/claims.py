"""Who sends what: mails are claimed with a token and a lease, and looked at once more before their bodies leave."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    column,
    func,
    literal,
    or_,
    select,
    table,
    update,
)

from app.edge.web import settings
from app.extensions import Instant, db
from app.mail.kind_of_mail import kind_of, kinds
from app.mail.models import Message

BATCH = 100
CLAIM = 2 * 60  # seconds for a batch until its bodies go out: whoever is later is stopped at the fence
LEASE = 4 * 60  # seconds, longer than a body, its answer and the record of it can take together
MOST_PRESSING = "HPDNEQ"
NIGHT_FROM, NIGHT_UNTIL = 21, 7
WAITS = or_(*[Message.kind.like(f"{letter}%") for letter in MOST_PRESSING], Message.kind.in_(("M1", "M2")))
# Of people and networks mail knows this. Areas raise the revision for whatever they change, but for who comes.
ROWS = Message.metadata.tables["message"]
PEOPLE = table("person", column("id"), column("email"), column("revision"), column("address_failed_at", Instant))
NETWORKS = table("network", column("id"), column("timezone"), column("revision"))
ANSWERS = table("attendance", column("meeting_id"), column("person_id"), column("answered_at"))
Version = Row[*tuple[Any, ...]]

# Built once, because they run for every mail.
VERSIONS = (
    select(
        ROWS.c.id, ROWS.c.generation, ROWS.c.person_id, ROWS.c.network_id,
        PEOPLE.c.revision.label("person"), PEOPLE.c.email, PEOPLE.c.address_failed_at,
        NETWORKS.c.revision.label("network"), ANSWERS.c.answered_at,
    )
    .outerjoin(PEOPLE, PEOPLE.c.id == ROWS.c.person_id)
    .outerjoin(NETWORKS, NETWORKS.c.id == ROWS.c.network_id)
    .outerjoin(ANSWERS, (ANSWERS.c.meeting_id == ROWS.c.meeting_id) & (ANSWERS.c.person_id == ROWS.c.person_id))
    .where(ROWS.c.token == bindparam("held"), ROWS.c.state == "claimed")
)  # fmt: skip
NOW = VERSIONS.where(ROWS.c.id == bindparam("number")).with_for_update(of=ROWS)
STILL = select(NETWORKS.c.id).where(NETWORKS.c.id == bindparam("network")).with_for_update(read=True)
LEAVES = (
    update(ROWS)
    .where(ROWS.c.id == bindparam("number"))
    .values(state="sending", attempts=ROWS.c.attempts + 1, lease_until=bindparam("lease", type_=Instant))
)


def claim(token: str, now: datetime, at_night: bool = True) -> list[list[int]]:
    """Take the next mails for whoever has this token: groups of message ids that leave as one mail. Commits."""
    clock = shared_clock(db.session.connection(), now)
    _recover(clock)
    waiting = _waiting(now) if at_night else _waiting(now).where(_awake(now, settings().timezone))
    ready = waiting.where(Message.due_at <= now)
    batch = {row.id: row for row in db.session.execute(ready.limit(BATCH))}
    together = [name for name, kind in kinds().items() if kind.together]
    rides = [name for name, kind in kinds().items() if kind.rides]
    people = {row.person_id for row in batch.values() if row.kind in together}
    companions = waiting.where(Message.person_id.in_(people), Message.kind.in_(together))
    companions = companions.where(or_(Message.due_at <= now, Message.kind.in_(rides)))
    batch |= {row.id: row for row in db.session.execute(companions)} if people else {}
    lease = clock + timedelta(seconds=CLAIM)
    db.session.execute(update(ROWS).where(ROWS.c.id.in_(batch)).values(state="claimed", token=token, lease_until=lease))
    db.session.commit()
    groups: dict[tuple[int, int], list[int]] = {}
    for row in sorted(batch.values(), key=lambda row: (MOST_PRESSING.find(row.kind[0]), row.due_at, row.id)):
        groups.setdefault((row.person_id, 0 if row.kind in together else row.id), []).append(row.id)
    return sorted(groups.values(), key=lambda group: min((batch[number].due_at, number) for number in group))


def _waiting(now: datetime) -> Select[int, int, str, datetime]:
    """Planned mails that may be tried, longest waiting first, and not those that another worker is taking."""
    return (
        select(Message.id, Message.person_id, Message.kind, Message.due_at)
        .where(Message.state == "planned")
        .where(or_(Message.retry_at.is_(None), Message.retry_at <= now))
        .order_by(Message.due_at, Message.id)
        .with_for_update(skip_locked=True)
    )


def _awake(now: datetime, zone: str) -> ColumnElement[bool]:
    """What may leave at `now`: at once, because a manager said so, or where it is no night. `zone`: of no network."""
    asleep = [each for each in {zone, *db.session.scalars(select(NETWORKS.c.timezone).distinct())} if _night(now, each)]
    there = Message.network_id.not_in(select(NETWORKS.c.id).where(NETWORKS.c.timezone.in_(asleep)))
    return or_(Message.pinned, ~WAITS, there, Message.network_id.is_(None) & literal(zone not in asleep))


def _night(now: datetime, zone: str) -> bool:
    return not NIGHT_UNTIL <= now.astimezone(ZoneInfo(zone)).hour < NIGHT_FROM


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
    if kind_of(message.kind).rather_not_twice:
        message.state = "uncertain"


def held(token: str) -> Select[Message]:
    """What is claimed by `token` and has not left."""
    return select(Message).where(Message.token == token, Message.state.in_(("claimed", "sending")))


def versions(connection: Connection, token: str) -> dict[int, Version]:
    """{message: what its mail depends on}, of those claimed by `token`."""
    return {row.id: row for row in connection.execute(VERSIONS, {"held": token})}


def leaves(connection: Connection, token: str, made_from: Mapping[int, Version], now: datetime) -> bool:
    """The fence. Mark these messages as leaving: nobody knows whether they arrived until the relay answers.

    False, and nothing is marked: something changed since they were read, or another worker has them.
    """
    if connection.dialect.name == "postgresql":  # On SQLite whoever writes is alone already.
        for network in sorted({row.network_id for row in made_from.values()} - {None}):
            connection.execute(STILL, {"network": network})
    found = [connection.execute(NOW, {"held": token, "number": number}).first() for number in made_from]
    if found != list(made_from.values()):
        return False
    lease = shared_clock(connection, now) + timedelta(seconds=LEASE)
    connection.execute(LEAVES, [{"number": number, "lease": lease} for number in made_from])
    return True


def shared_clock(connection: Connection, now: datetime) -> datetime:
    """Leases count by the clock all workers share: PostgreSQL's. On SQLite all are on one machine."""
    if connection.dialect.name == "postgresql":
        return connection.scalars(select(func.clock_timestamp())).one()
    return now
