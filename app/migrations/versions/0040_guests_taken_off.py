"""A manager takes a guest off a meeting: known until the guest was told, then forgotten."""

import sqlalchemy as sa
from alembic import op

from app.extensions import Instant

revision = "0040"
down_revision = "0039"
KEPT = {"table_kwargs": {"sqlite_autoincrement": True}}


def upgrade():
    with op.batch_alter_table("guest", **KEPT) as batch_op:
        batch_op.add_column(sa.Column("removed_at", Instant()))
        batch_op.create_check_constraint(op.f("ck_guest_removed"), "removed_at is null or seat is null")


def downgrade():
    op.execute("delete from guest where removed_at is not null")  # they have no place, and would wait for one again
    with op.batch_alter_table("guest", **KEPT) as batch_op:
        batch_op.drop_constraint(op.f("ck_guest_removed"), type_="check")
        batch_op.drop_column("removed_at")
