"""What a feed is served from stands before its bytes, and which program fetched it is kept; all are made anew."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade():
    op.execute("update feed_link set made_from = null, body = null")
    op.drop_column("feed_link", "body")
    with op.batch_alter_table("feed_link") as table:
        table.alter_column("made_from", existing_type=sa.String(400), type_=sa.String(64))
    op.add_column("feed_link", sa.Column("fetched_by", sa.String(40), nullable=False, server_default=""))
    op.add_column("feed_link", sa.Column("etag", sa.String(64), nullable=True))
    op.add_column("feed_link", sa.Column("body", sa.LargeBinary(), nullable=True))


def downgrade():
    op.execute("update feed_link set made_from = null, body = null")
    op.drop_column("feed_link", "etag")
    op.drop_column("feed_link", "fetched_by")
    with op.batch_alter_table("feed_link") as table:
        table.alter_column("made_from", existing_type=sa.String(64), type_=sa.String(400))
