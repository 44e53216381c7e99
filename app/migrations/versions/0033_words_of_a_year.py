"""What a manager says of a year in its report."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
WHOLE = sa.text("network_id is null")


def upgrade():
    op.create_table(
        "year_words",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=True),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["programme_id"], ["programme.id"], name="fk_year_words_programme_id"),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name="fk_year_words_network_id"),
        sa.PrimaryKeyConstraint("id", name="pk_year_words"),
    )
    op.create_index("uq_year_words_network", "year_words", ["network_id", "year"], unique=True)
    op.create_index(
        "uq_year_words_programme",
        "year_words",
        ["programme_id", "year"],
        unique=True,
        sqlite_where=WHOLE,
        postgresql_where=WHOLE,
    )


def downgrade():
    op.drop_table("year_words")
