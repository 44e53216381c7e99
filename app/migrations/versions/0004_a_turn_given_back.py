"""a turn given back: when, by whom, why"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade():
    op.add_column("duty", sa.Column("handed_back_at", sa.DateTime(timezone=True), nullable=True))
    # SQLite takes a foreign key with a new column only in the column itself.
    op.execute(
        "ALTER TABLE duty ADD COLUMN handed_back_by_id INTEGER"
        " CONSTRAINT fk_duty_handed_back_by_id REFERENCES person (id)"
    )
    op.add_column("duty", sa.Column("handed_back_reason", sa.String(300), nullable=False, server_default=""))


def downgrade():
    for name in ("handed_back_reason", "handed_back_by_id", "handed_back_at"):
        op.drop_column("duty", name)
