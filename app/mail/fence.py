"""The fence: the last look before a body leaves, whether what it says is as it was when it was written."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, column, func, select, table, update

from app.extensions import Instant
from app.mail.models import Message

LEASE = 4 * 60  # seconds, longer than a body, its answer and the record of it can take together
# Of people and networks mail knows ids, addresses and revisions. Areas raise the revision for whatever they change.
ROWS = Message.metadata.tables["message"]
PEOPLE = table("person", column("id"), column("email"), column("revision"), column("address_failed_at", Instant))
NETWORKS = table("network", column("id"), column("revision"))
MEETINGS = table("meeting", column("id"), column("status"), column("starts_at"))
ANSWERS = table("attendance", column("meeting_id"), column("person_id"), column("answered_at"))
Version = Row[*tuple[Any, ...]]

# Built once, because they run for every mail.
VERSIONS = (
    select(
        ROWS.c.id, ROWS.c.generation, ROWS.c.person_id, ROWS.c.network_id,
        PEOPLE.c.revision.label("person"), PEOPLE.c.email, PEOPLE.c.address_failed_at,
        NETWORKS.c.revision.label("network"), MEETINGS.c.status, MEETINGS.c.starts_at, ANSWERS.c.answered_at,
    )
    .join(PEOPLE, PEOPLE.c.id == ROWS.c.person_id)
    .outerjoin(NETWORKS, NETWORKS.c.id == ROWS.c.network_id)
    .outerjoin(MEETINGS, MEETINGS.c.id == ROWS.c.meeting_id)
    .outerjoin(ANSWERS, (ANSWERS.c.meeting_id == ROWS.c.meeting_id) & (ANSWERS.c.person_id == ROWS.c.person_id))
    .where(ROWS.c.token == bindparam("held"), ROWS.c.state == "claimed")
)  # fmt: skip
NOW = VERSIONS.where(ROWS.c.id == bindparam("number")).with_for_update(of=ROWS)
STILL = select(NETWORKS.c.id).where(NETWORKS.c.id == bindparam("network")).with_for_update(read=True)
LEAVES = (
    update(ROWS)
    .where(ROWS.c.id == bindparam("number"), ROWS.c.token == bindparam("held"), ROWS.c.state == "claimed")
    .values(state="sending", attempts=ROWS.c.attempts + 1, lease_until=bindparam("lease", type_=Instant))
)


def versions(connection: Connection, token: str) -> dict[int, Version]:
    """{message: what its mail depends on}, of those claimed by `token`."""
    return {row.id: row for row in connection.execute(VERSIONS, {"held": token})}


def leaves(connection: Connection, token: str, made_from: Mapping[int, Version], now: datetime) -> bool:
    """Mark these messages as leaving: from here on nobody knows whether they arrived, until the relay answers.

    False, and nothing is marked: something changed since they were read, or another worker has them.
    """
    if connection.dialect.name == "postgresql":  # On SQLite whoever writes is alone already.
        for network in sorted({row.network_id for row in made_from.values()} - {None}):
            connection.execute(STILL, {"network": network})
    found = [connection.execute(NOW, {"held": token, "number": number}).first() for number in made_from]
    if found != list(made_from.values()):
        return False
    lease = shared_clock(connection, now) + timedelta(seconds=LEASE)
    connection.execute(LEAVES, [{"held": token, "number": number, "lease": lease} for number in made_from])
    return True


def shared_clock(connection: Connection, now: datetime) -> datetime:
    """Leases count by the clock all workers share: PostgreSQL's. On SQLite all are on one machine."""
    if connection.dialect.name == "postgresql":
        return connection.scalars(select(func.clock_timestamp())).one()
    return now
