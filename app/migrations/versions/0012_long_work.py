"""Long work, done in a child of the worker."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

RUNNING = sa.text("state = 'running'")


def upgrade():
    op.create_table(
        "job",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("params", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(10), nullable=False),
        sa.Column("step", sa.String(20), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("heartbeat", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'running', 'done', 'stopped', 'lost')", name="state"),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_job_programme_id_programme"),
        sa.PrimaryKeyConstraint("id", name="pk_job"),
    )
    op.create_index("ix_job_programme_id", "job", ["programme_id"])
    op.create_index("uq_job_running", "job", ["state"], unique=True, sqlite_where=RUNNING, postgresql_where=RUNNING)


def downgrade():
    op.drop_table("job")
