"""The hour of a day in a date round, and a line beside somebody's answers."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade():
    op.add_column("candidate_date", sa.Column("starts", sa.Time(), nullable=True))
    op.create_table(
        "date_remark",
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(200), nullable=False),
        sa.ForeignKeyConstraint(["round_id"], ["date_round.id"], name="fk_date_remark_round_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_date_remark_person_id"),
        sa.PrimaryKeyConstraint("round_id", "person_id", name="pk_date_remark"),
    )
    op.create_index("ix_date_remark_person_id", "date_remark", ["person_id"])


def downgrade():
    op.drop_table("date_remark")
    op.drop_column("candidate_date", "starts")
