"""A question to think about before a meeting."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade():
    op.add_column("meeting", sa.Column("question", sa.String(300), nullable=False, server_default=""))


def downgrade():
    op.drop_column("meeting", "question")
