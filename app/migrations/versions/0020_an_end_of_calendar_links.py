"""Calendar addresses of an old feed key have an end."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade():
    op.add_column("feed_link", sa.Column("ends_at", sa.DateTime(timezone=True), nullable=True))


def downgrade():
    op.drop_column("feed_link", "ends_at")
