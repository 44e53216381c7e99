"""A mail may go to somebody who is no person here: who asks to join, who comes as a guest."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
KEPT = {"recreate": "auto", "table_kwargs": {"sqlite_autoincrement": True}}


def upgrade():
    with op.batch_alter_table("message", **KEPT) as batch_op:
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=True)
        batch_op.create_check_constraint(
            op.f("ck_message_to_somebody"), "person_id is not null or substr(kind, 1, 1) in ('G', 'J')"
        )


def downgrade():
    op.execute("DELETE FROM message WHERE person_id IS NULL")
    with op.batch_alter_table("message", **KEPT) as batch_op:
        batch_op.drop_constraint(op.f("ck_message_to_somebody"), type_="check")
        batch_op.alter_column("person_id", existing_type=sa.Integer(), nullable=False)
