"""The number of a person who was merged away goes to nobody else: links in old mails and calendars carry it."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"
SIGNS_IN = sa.text("not as_typed")


def _made_anew(autoincrement):
    """PostgreSQL never uses a number twice; SQLite has to be told when the table is made."""
    if op.get_bind().dialect.name != "sqlite":
        return
    op.drop_index("uq_person_email", "person")  # a partial index is not carried along
    with op.batch_alter_table("person", recreate="always", table_kwargs={"sqlite_autoincrement": autoincrement}):
        pass
    op.create_index("uq_person_email", "person", ["email"], unique=True, sqlite_where=SIGNS_IN)


def upgrade():
    _made_anew(True)


def downgrade():
    _made_anew(False)
