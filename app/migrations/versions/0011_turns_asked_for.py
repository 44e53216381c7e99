"""Organisations ask for a turn."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade():
    op.create_table(
        "turn_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("month", sa.Integer(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.String(10), nullable=True),
        sa.CheckConstraint("kind in ('host', 'preparation')", name="kind"),
        sa.CheckConstraint("month is null or month between 1 and 12", name="month"),
        sa.CheckConstraint("answer in ('granted', 'declined')", name="answer"),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name="fk_turn_wish_network_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_turn_wish_organisation_id"),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name="fk_turn_wish_asked_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_turn_wish"),
    )
    op.create_index("ix_turn_wish_network_id", "turn_wish", ["network_id"])
    op.create_index("ix_turn_wish_organisation_id", "turn_wish", ["organisation_id"])


def downgrade():
    op.drop_table("turn_wish")
