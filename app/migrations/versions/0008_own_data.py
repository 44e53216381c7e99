"""A new address confirmed from both sides, fewer mails, and how long things are kept."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

KEPT = ("keep_people", "keep_answers", "keep_mails")


def upgrade():
    op.create_table(
        "address_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("old_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("new_confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["person.id"], name="fk_address_change_person_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_address_change"),
        sa.UniqueConstraint("person_id", name="uq_address_change_person_id"),
    )
    op.create_table(
        "erasure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=True),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_erasure_person_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_erasure_programme_id"),
        sa.PrimaryKeyConstraint("id", name="pk_erasure"),
        sa.UniqueConstraint("person_id", name="uq_erasure_person_id"),
    )
    op.create_index("ix_erasure_programme_id", "erasure", ["programme_id"])
    op.add_column("person", sa.Column("wants_reminders", sa.Boolean(), nullable=False, server_default=sa.true()))
    for name in KEPT:
        op.add_column("programme", sa.Column(name, sa.Integer(), nullable=False, server_default="12"))


def downgrade():
    for name in KEPT:
        op.drop_column("programme", name)
    op.drop_column("person", "wants_reminders")
    op.drop_table("erasure")
    op.drop_table("address_change")
