"""A year is closed, and members say whether they stay."""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade():
    op.create_table(
        "stay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("membership_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.String(length=6), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("answer in ('stay', 'leave', 'unsure')", name="ck_stay_answer"),
        sa.ForeignKeyConstraint(
            ["membership_id"], ["membership.id"], name="fk_stay_membership_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name="fk_stay_answered_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_stay"),
        sa.UniqueConstraint("membership_id", "year", name="uq_stay_membership_id_year"),
    )
    op.add_column("cycle", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column("cycle", "closed_at")
    op.drop_table("stay")
