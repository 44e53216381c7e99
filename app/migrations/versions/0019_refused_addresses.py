"""Word of a refused address is a kind of mail of its own, X2; M3 is only the turn given back."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"

RENAME = "update message set kind = :new, key = :new || substr(key, 3) where kind = :old and {}"
ABOUT_A_MAIL = "cast(params as text) like '%message_id%'"


def upgrade():
    op.execute(sa.text(RENAME.format(ABOUT_A_MAIL)).bindparams(old="M3", new="X2"))


def downgrade():
    op.execute(sa.text(RENAME.format(ABOUT_A_MAIL)).bindparams(old="X2", new="M3"))
