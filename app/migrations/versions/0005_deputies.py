"""a manager with a colleague's networks for some days"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade():
    op.create_table(
        "deputy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("manager_id", sa.Integer(), nullable=False),
        sa.Column("deputy_id", sa.Integer(), nullable=False),
        sa.Column("first", sa.Date(), nullable=False),
        sa.Column("last", sa.Date(), nullable=False),
        sa.CheckConstraint('"last" >= "first"', name=op.f("ck_deputy_dates")),
        sa.CheckConstraint("manager_id <> deputy_id", name=op.f("ck_deputy_somebody_else")),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_deputy_programme_id"),
        sa.ForeignKeyConstraint(["manager_id"], ["person.id"], name="fk_deputy_manager_id"),
        sa.ForeignKeyConstraint(["deputy_id"], ["person.id"], name="fk_deputy_deputy_id"),
        sa.PrimaryKeyConstraint("id", name="pk_deputy"),
    )
    for column in ("programme_id", "manager_id", "deputy_id"):
        op.create_index(f"ix_deputy_{column}", "deputy", [column])


def downgrade():
    op.drop_table("deputy")
