"""People may have each date as an invitation by mail in place of a calendar link."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade():
    op.add_column("person", sa.Column("by_invitation", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade():
    op.drop_column("person", "by_invitation")
