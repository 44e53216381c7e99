"""In which role something was done, beside who did it."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade():
    op.add_column("audit", sa.Column("role", sa.String(20), nullable=False, server_default=""))


def downgrade():
    op.drop_column("audit", "role")
