"""Topics people wish for, and to whom each matters."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade():
    op.create_table(
        "topic",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("title <> ''", name="title"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_topic_meeting_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name="fk_topic_network_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_topic_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_topic"),
    )
    for column in ("network_id", "person_id", "meeting_id"):
        op.create_index(f"ix_topic_{column}", "topic", [column])
    once = sa.text("meeting_id is null")
    op.create_index(
        "ix_topic_once", "topic", ["network_id", "title"], unique=True, sqlite_where=once, postgresql_where=once
    )
    op.create_table(
        "topic_wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_topic_wish_person_id"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_topic_wish_topic_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_topic_wish"),
        sa.UniqueConstraint("topic_id", "person_id", name="uq_topic_wish_topic_id_person_id"),
    )
    for column in ("topic_id", "person_id"):
        op.create_index(f"ix_topic_wish_{column}", "topic_wish", [column])


def downgrade():
    op.drop_table("topic_wish")
    op.drop_table("topic")
