"""Topics have kinds and answers, and belong to their meeting whatever its words; a library of links."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
FREE = sa.text("meeting_id is null and closed_at is null and withdrawn_at is null and hidden_at is null")
TITLE, QUESTIONS = "ck_topic_title", "ck_person_questions"
CHECKS = {
    "ck_topic_kind": "kind in ('theme', 'question', 'dilemma', 'example', 'offer')",
    "ck_topic_reach": "reach in ('network', 'programme')",
    "ck_topic_unnamed": "not unnamed or (organisation_id is null and brings_id is null)",
}
TOPIC = sa.table(
    "topic", sa.column("id"), sa.column("meeting_id"), sa.column("closed_at", sa.DateTime(timezone=True))
)

def _columns():
    return (
        sa.Column("kind", sa.String(10), nullable=False, server_default="theme"),
        sa.Column("why", sa.Text(), nullable=False, server_default=""),
        sa.Column("reach", sa.String(10), nullable=False, server_default="network"),
        sa.Column("choices", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("unnamed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("brings_id", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False, server_default=""),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_because", sa.String(200), nullable=False, server_default=""),
    )


def upgrade():
    op.drop_index("ix_topic_once", "topic")
    op.drop_index("ix_topic_meeting_id", "topic")
    with op.batch_alter_table("topic", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.drop_constraint(op.f(TITLE), type_="check")
        for column in _columns():
            table.add_column(column)
        for name in ("organisation_id", "brings_id"):
            table.create_foreign_key(f"fk_topic_{name}", "organisation", [name], ["id"])
        table.create_check_constraint(op.f(TITLE), "title <> '' or withdrawn_at is not null")
        for name, rule in CHECKS.items():
            table.create_check_constraint(op.f(name), rule)
    _release()
    with op.batch_alter_table("topic", table_kwargs={"sqlite_autoincrement": True}) as table:
        table.create_unique_constraint("uq_topic_meeting_id", ["meeting_id"])
    op.create_index(
        "ix_topic_once", "topic", ["network_id", "title"], unique=True, sqlite_where=FREE, postgresql_where=FREE
    )
    _replies()
    _links()
    with op.batch_alter_table("person") as table:
        table.add_column(sa.Column("questions", sa.String(5), nullable=False, server_default="next"))
        table.add_column(sa.Column("programme_questions", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.create_check_constraint(op.f(QUESTIONS), "questions in ('next', 'once', 'never')")
    op.add_column("programme", sa.Column("shares_topics", sa.Boolean(), nullable=False, server_default=sa.false()))


def _release():
    """A meeting keeps the topic whose words it has, the first of equals. The others are open as they were before;
    beside an open one of the same title they are closed, for a title is open once."""
    bind = op.get_bind()
    query = "select t.id, t.network_id, t.title, t.meeting_id, m.topic from topic t left join meeting m "
    rows = bind.execute(sa.text(f"{query} on m.id = t.meeting_id order by t.id")).all()
    free = {(row.network_id, row.title) for row in rows if row.meeting_id is None}
    taken = set()
    for row in rows:
        if row.meeting_id is None:
            continue
        if row.topic == row.title and row.meeting_id not in taken:
            taken.add(row.meeting_id)
            continue
        closed = datetime.now(UTC) if (row.network_id, row.title) in free else None
        free.add((row.network_id, row.title))
        freed = TOPIC.update().where(TOPIC.c.id == row.id).values(meeting_id=None, closed_at=closed)
        bind.execute(freed)


def _replies():
    op.create_table(
        "reply",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("choice", sa.String(60), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("hidden_because", sa.String(200), nullable=False),
        sa.CheckConstraint("text <> '' or choice is not null", name="says_something"),
        sa.ForeignKeyConstraint(["topic_id"], ["topic.id"], name="fk_reply_topic_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_reply_person_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_reply_organisation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_reply"),
        sqlite_autoincrement=True,
    )
    for name in ("topic_id", "person_id", "organisation_id"):
        op.create_index(f"ix_reply_{name}", "reply", [name])
    chosen = sa.text("choice is not null")
    op.create_index(
        "ix_reply_choice_once",
        "reply",
        ["topic_id", "organisation_id"],
        unique=True,
        sqlite_where=chosen,
        postgresql_where=chosen,
    )


def _links():
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("url", sa.String(500), nullable=False),
        sa.Column("title", sa.String(200), nullable=False),
        sa.Column("theme", sa.String(60), nullable=False),
        sa.Column("kept", sa.Boolean(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name="fk_link_network_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_link_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_link"),
        sa.UniqueConstraint("network_id", "url", name="uq_link_network_id_url"),
    )
    op.create_index("ix_link_person_id", "link", ["person_id"])


def downgrade():
    """Topics of then know no end: closed, hidden and withdrawn ones would stand open again and go."""
    op.drop_column("programme", "shares_topics")
    with op.batch_alter_table("person") as table:
        table.drop_constraint(op.f(QUESTIONS), type_="check")
        table.drop_column("programme_questions")
        table.drop_column("questions")
    op.drop_table("link")
    op.drop_table("reply")
    op.drop_index("ix_topic_once", "topic")
    over = "(closed_at is not null or withdrawn_at is not null or hidden_at is not null)"
    op.execute(f"delete from topic_wish where topic_id in (select id from topic where {over} and meeting_id is null)")
    op.execute(f"delete from topic where {over} and meeting_id is null")
    op.execute("update topic set title = '-' where title = ''")
    with op.batch_alter_table("topic") as table:
        for name in (*CHECKS, TITLE):
            table.drop_constraint(op.f(name), type_="check")
        table.drop_constraint("uq_topic_meeting_id", type_="unique")
        for name in ("organisation_id", "brings_id"):
            table.drop_constraint(f"fk_topic_{name}", type_="foreignkey")
        for column in _columns():
            table.drop_column(column.name)
        table.create_check_constraint(op.f(TITLE), "title <> ''")
    op.create_index("ix_topic_meeting_id", "topic", ["meeting_id"])
    once = sa.text("meeting_id is null")
    op.create_index(
        "ix_topic_once", "topic", ["network_id", "title"], unique=True, sqlite_where=once, postgresql_where=once
    )
