"""academic titles beside names"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade():
    op.add_column("person", sa.Column("title", sa.String(40), nullable=False, server_default=""))


def downgrade():
    op.drop_column("person", "title")
