"""The year of a network may begin in any month; those there are begin in January."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade():
    with op.batch_alter_table("network") as network:
        network.add_column(sa.Column("year_begins", sa.Integer(), nullable=False, server_default="1"))
        network.create_check_constraint("year_begins", "year_begins between 1 and 12")


def downgrade():
    with op.batch_alter_table("network") as network:
        network.drop_constraint("year_begins", type_="check")
        network.drop_column("year_begins")
