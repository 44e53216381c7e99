"""A network has a usual programme: what whoever prepares a meeting begins with."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade():
    op.add_column("network", sa.Column("usual_programme", sa.Text(), nullable=False, server_default=""))


def downgrade():
    op.drop_column("network", "usual_programme")
