"""Meetings open to guests, and who comes as one; topics their authors show to everybody."""

import sqlalchemy as sa
from alembic import op

from app.extensions import Instant

revision = "0038"
down_revision = "0037"
KEPT = {"recreate": "auto", "table_kwargs": {"sqlite_autoincrement": True}}
NOT_KEPT = sa.text("owed is null")
OPEN_TO = "open_to in ('programme', 'everybody')"


def _without_partial_index():
    op.drop_index("ix_meeting_not_kept", "meeting")  # it is not carried along where the table is made anew


def _with_partial_index():
    op.create_index(
        "ix_meeting_not_kept", "meeting", ["ends_at"], sqlite_where=NOT_KEPT, postgresql_where=NOT_KEPT
    )


def upgrade():
    _without_partial_index()
    with op.batch_alter_table("meeting", **KEPT) as batch_op:
        batch_op.add_column(sa.Column("open_to", sa.String(10)))
        batch_op.add_column(sa.Column("guest_seats", sa.Integer(), nullable=False, server_default="0"))
        batch_op.create_check_constraint(op.f("ck_meeting_open_to"), OPEN_TO)
        batch_op.create_check_constraint(op.f("ck_meeting_guest_seats"), "guest_seats >= 0")
    _with_partial_index()
    for table, column in (("network", "guests_get_notes"), ("topic", "public")):
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "guest",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("meeting_id", sa.Integer(), sa.ForeignKey("meeting.id", name=op.f("fk_guest_meeting_id")), nullable=False),
        sa.Column("name", sa.String(200), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("organisation", sa.String(200), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("asked_at", Instant(), nullable=False),
        sa.Column("confirmed_at", Instant()),
        sa.Column("seat", sa.Integer()),
        sa.Column("told", sa.JSON()),
        sa.UniqueConstraint("meeting_id", "email", name=op.f("uq_guest_meeting_id_email")),
        sa.UniqueConstraint("meeting_id", "seat", name=op.f("uq_guest_meeting_id_seat")),
        sa.CheckConstraint("seat is null or (seat > 0 and confirmed_at is not null)", name=op.f("ck_guest_seat")),
        sa.CheckConstraint("language in ('nl', 'de', 'en')", name=op.f("ck_guest_language")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_guest_email", "guest", ["email"])


def downgrade():
    op.drop_table("guest")
    for table, column in (("network", "guests_get_notes"), ("topic", "public")):
        op.drop_column(table, column)
    _without_partial_index()
    with op.batch_alter_table("meeting", **KEPT) as batch_op:
        batch_op.drop_constraint(op.f("ck_meeting_open_to"), type_="check")
        batch_op.drop_constraint(op.f("ck_meeting_guest_seats"), type_="check")
        batch_op.drop_column("guest_seats")
        batch_op.drop_column("open_to")
    _with_partial_index()
