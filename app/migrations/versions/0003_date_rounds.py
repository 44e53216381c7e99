"""Date rounds: days that are sent round, and what everybody says to each."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade():
    op.create_table(
        "date_round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name="fk_date_round_network_id"),
        sa.PrimaryKeyConstraint("id", name="pk_date_round"),
        sa.UniqueConstraint("network_id", "year", name="uq_date_round_network_id_year"),
    )
    op.create_index("ix_date_round_network_id", "date_round", ["network_id"])
    op.create_table(
        "candidate_date",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["date_round.id"], name="fk_candidate_date_round_id"),
        sa.PrimaryKeyConstraint("id", name="pk_candidate_date"),
        sa.UniqueConstraint("round_id", "day", name="uq_candidate_date_round_id_day"),
    )
    op.create_index("ix_candidate_date_round_id", "candidate_date", ["round_id"])
    op.create_table(
        "date_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("candidate_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("answer", sa.String(10), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("entered_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("answer in ('yes', 'rather_not', 'no')", name="answer"),
        sa.ForeignKeyConstraint(["candidate_id"], ["candidate_date.id"], name="fk_date_answer_candidate_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_date_answer_person_id"),
        sa.ForeignKeyConstraint(["entered_by_id"], ["person.id"], name="fk_date_answer_entered_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_date_answer"),
        sa.UniqueConstraint("candidate_id", "person_id", name="uq_date_answer_candidate_id_person_id"),
    )
    op.create_index("ix_date_answer_candidate_id", "date_answer", ["candidate_id"])
    op.create_index("ix_date_answer_person_id", "date_answer", ["person_id"])


def downgrade():
    op.drop_table("date_answer")
    op.drop_table("candidate_date")
    op.drop_table("date_round")
