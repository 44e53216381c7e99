"""Mails that came back, by their names alone."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade():
    op.create_table(
        "received",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "outcome in ('answer', 'failed', 'delayed', 'ignored', 'forwarded')", name="outcome"
        ),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name="fk_received_message_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_received"),
        sa.UniqueConstraint("name", name="uq_received_name"),
    )
    op.create_index("ix_received_message_id", "received", ["message_id"])


def downgrade():
    op.drop_table("received")
