"""Who owed a turn at the meetings that are over, kept as the members, rooms and people are at the upgrade."""

from collections import defaultdict
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

MEETING = sa.table(
    "meeting",
    sa.column("id"),
    sa.column("network_id"),
    sa.column("starts_at", sa.DateTime(timezone=True)),
    sa.column("ends_at", sa.DateTime(timezone=True)),
    sa.column("status", sa.String),
    sa.column("owed", sa.JSON),
)
NETWORK = sa.table("network", sa.column("id"), sa.column("timezone"))
MEMBERSHIP = sa.table(
    "membership",
    sa.column("id"),
    sa.column("network_id"),
    sa.column("organisation_id"),
    sa.column("joined", sa.Date),
    sa.column("left", sa.Date),
    sa.column("duties_from", sa.Date),
    sa.column("hosts", sa.Boolean),
    sa.column("prepares", sa.Boolean),
)
CONTACT = sa.table("contact", sa.column("membership_id"))
ROOM = sa.table("room", sa.column("organisation_id"), sa.column("seats", sa.Integer))


def upgrade():
    # A restored meeting holds the word null of JSON, which no database takes for the absence of a value.
    word = sa.cast(MEETING.c.owed, sa.String) == "null"
    op.execute(sa.update(MEETING).where(word).values(owed=sa.null()))
    _keep()
    not_kept = sa.text("owed is null")
    op.create_index(
        "ix_meeting_not_kept", "meeting", ["ends_at"], sqlite_where=not_kept, postgresql_where=not_kept
    )


def _keep():
    connection = op.get_bind()
    over = sa.select(MEETING.c.id, MEETING.c.network_id, MEETING.c.starts_at).where(
        MEETING.c.owed.is_(None), MEETING.c.status == "confirmed", MEETING.c.ends_at <= datetime.now(UTC)
    )
    zones = {network.id: ZoneInfo(network.timezone) for network in connection.execute(sa.select(NETWORK))}
    members = defaultdict(list)
    for member in connection.execute(_members()):
        members[member.network_id].append(member)
    for meeting in connection.execute(over).all():
        start = meeting.starts_at if meeting.starts_at.tzinfo else meeting.starts_at.replace(tzinfo=UTC)
        day = start.astimezone(zones[meeting.network_id]).date()
        owed = _owed(members[meeting.network_id], day)
        connection.execute(sa.update(MEETING).where(MEETING.c.id == meeting.id).values(owed=owed))


def _members():
    """Memberships, each with its number of people and the places of its largest room."""
    people = sa.select(sa.func.count()).where(CONTACT.c.membership_id == MEMBERSHIP.c.id).scalar_subquery()
    places = (
        sa.select(sa.func.max(ROOM.c.seats))
        .where(ROOM.c.organisation_id == MEMBERSHIP.c.organisation_id)
        .scalar_subquery()
    )
    order = MEMBERSHIP.c.joined, MEMBERSHIP.c.id
    return sa.select(MEMBERSHIP, people.label("people"), places.label("places")).order_by(*order)


def _owed(members, day):
    there = [m for m in members if m.joined <= day and (m.left is None or day <= m.left)]
    need = sum(max(1, m.people) for m in there)
    turn = [m for m in there if m.duties_from is None or m.duties_from <= day]
    return {
        "host": [m.organisation_id for m in turn if m.hosts is not False and (m.places or 0) >= need],
        "preparation": [m.organisation_id for m in turn if m.prepares],
    }


def downgrade():
    op.drop_index("ix_meeting_not_kept", "meeting")  # what is kept stays: the version before reads it too
