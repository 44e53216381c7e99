"""How people are addressed: by their own choice, else as their network or programme does."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

COLUMNS = (("person", "formal"), ("person", "formal_here"), ("programme", "formal"), ("network", "formal"))


def upgrade():
    for table, column in COLUMNS:
        op.add_column(table, sa.Column(column, sa.Boolean(), nullable=True))


def downgrade():
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column)
