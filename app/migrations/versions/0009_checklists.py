"""what is ticked on the checklist of a turn"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"


def upgrade():
    op.create_table(
        "duty_tick",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("duty_id", sa.Integer(), sa.ForeignKey("duty.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("item", sa.String(20), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.UniqueConstraint("duty_id", "item"),
    )


def downgrade():
    op.drop_table("duty_tick")
