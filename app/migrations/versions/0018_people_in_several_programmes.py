"""Beside the person who signs in with an address stand those whom other programmes typed with it."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade():
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("as_typed", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.drop_constraint("uq_person_email", type_="unique")
    sign_in = sa.text("not as_typed")
    op.create_index(
        "uq_person_email", "person", ["email"], unique=True, sqlite_where=sign_in, postgresql_where=sign_in
    )


def downgrade():
    op.drop_index("uq_person_email", "person")
    op.execute("update person set email = null where as_typed")
    with op.batch_alter_table("person") as table:
        table.drop_column("as_typed")
        table.create_unique_constraint("uq_person_email", ["email"])
