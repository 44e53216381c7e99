"""Who manages a network or programme may stand on its public page, by their own choice."""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade():
    op.add_column("role", sa.Column("named", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade():
    op.drop_column("role", "named")
