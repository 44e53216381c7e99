"""requests to swap a turn or to have it covered"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import conv

revision = "0007"
down_revision = "0006"

ACCEPTED = sa.text("answer = 'accepted'")


def upgrade():
    op.create_table(
        "swap",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("network_id", sa.Integer(), sa.ForeignKey("network.id"), nullable=False, index=True),
        sa.Column("meeting_id", sa.Integer(), sa.ForeignKey("meeting.id"), nullable=False, index=True),
        sa.Column("kind", sa.String(12), nullable=False),
        sa.Column("organisation_id", sa.Integer(), sa.ForeignKey("organisation.id"), nullable=False, index=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words", sa.String(300), nullable=False),
        sa.Column("outcome", sa.String(10), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("kind in ('host', 'preparation')", name=conv("ck_swap_kind")),
        sa.CheckConstraint(
            "outcome in ('accepted', 'declined', 'withdrawn', 'undone')", name=conv("ck_swap_outcome")
        ),
        sa.CheckConstraint("(outcome is null) = (closed_at is null)", name=conv("ck_swap_closed")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "swap_offer",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("swap_id", sa.Integer(), sa.ForeignKey("swap.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("organisation_id", sa.Integer(), sa.ForeignKey("organisation.id"), nullable=False, index=True),
        sa.Column("meeting_id", sa.Integer(), sa.ForeignKey("meeting.id"), nullable=True, index=True),
        sa.Column("answer", sa.String(10), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Integer(), sa.ForeignKey("person.id"), nullable=True),
        sa.CheckConstraint("answer in ('accepted', 'declined')", name=conv("ck_swap_offer_answer")),
        sa.UniqueConstraint("swap_id", "organisation_id", "meeting_id"),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_swap_offer_one_winner",
        "swap_offer",
        ["swap_id"],
        unique=True,
        sqlite_where=ACCEPTED,
        postgresql_where=ACCEPTED,
    )


def downgrade():
    op.drop_table("swap_offer")
    op.drop_table("swap")
