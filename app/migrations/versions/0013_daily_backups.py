"""Backups are made every day."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade():
    op.create_table(
        "backup_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("weeks", sa.Integer(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tried_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("running_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("file", sa.String(300), nullable=True),
        sa.Column("error", sa.String(300), nullable=True),
        sa.CheckConstraint("days between 1 and 366", name="days"),
        sa.CheckConstraint("weeks between 0 and 520", name="weeks"),
        sa.PrimaryKeyConstraint("id", name="pk_backup_plan"),
    )


def downgrade():
    op.drop_table("backup_plan")
