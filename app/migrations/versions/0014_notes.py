"""Notes of meetings, how they were, and reminders after a meeting."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
OFFSETS = ("in_person", "online")


def upgrade():
    op.add_column("meeting", sa.Column("notes_at", sa.DateTime(timezone=True), nullable=True))
    op.create_table(
        "result",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("outcomes", sa.Text(), nullable=False),
        sa.Column("agreements", sa.Text(), nullable=False),
        sa.Column("next_time", sa.String(300), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_result_meeting_id"),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name="fk_result_saved_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_result"),
        sa.UniqueConstraint("meeting_id", name="uq_result_meeting_id"),
    )
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("atmosphere", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=False),
        sa.CheckConstraint("atmosphere between 1 and 5", name="atmosphere"),
        sa.CheckConstraint("goal between 1 and 5", name="goal"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_evaluation_meeting_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_evaluation_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evaluation"),
        sa.UniqueConstraint("meeting_id", "person_id", name="uq_evaluation_meeting_id_person_id"),
    )
    op.create_index("ix_evaluation_meeting_id", "evaluation", ["meeting_id"])
    op.create_index("ix_evaluation_person_id", "evaluation", ["person_id"])
    _offsets("between -120 and 28")
    op.execute("update reminders_made set revision = revision - 1")  # the worker plans the new steps


def downgrade():
    op.execute("delete from reminder_rule where step like 'N%'")
    _offsets("between -120 and -1")
    op.drop_table("evaluation")
    op.drop_table("result")
    op.drop_column("meeting", "notes_at")


def _offsets(allowed):
    """Days before a meeting are negative, days after it positive."""
    with op.batch_alter_table("reminder_rule") as table:
        for name in OFFSETS:
            table.drop_constraint(op.f(f"ck_reminder_rule_{name}"), type_="check")
            table.create_check_constraint(op.f(f"ck_reminder_rule_{name}"), f"{name} {allowed}")
