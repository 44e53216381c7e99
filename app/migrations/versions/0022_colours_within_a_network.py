"""Colours are dealt within a network, from the order of joining: an organisation keeps none of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade():
    op.drop_column("organisation", "tone")


def downgrade():
    op.add_column("organisation", sa.Column("tone", sa.Integer(), nullable=False, server_default="0"))
