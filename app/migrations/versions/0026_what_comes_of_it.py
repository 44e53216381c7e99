"""Agreements are rows, a recording has a last day, and of how a meeting was only sums are kept."""

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
ENOUGH, KEPT_DAYS = 4, 10


def upgrade():
    op.create_table(
        "agreement",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(300), nullable=False),
        sa.Column("organisation_id", sa.Integer(), nullable=True),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("done_at is not null or done_by_id is null", name="done"),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name="fk_agreement_network_id"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_agreement_meeting_id"),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name="fk_agreement_organisation_id"),
        sa.ForeignKeyConstraint(["done_by_id"], ["person.id"], name="fk_agreement_done_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_agreement"),
    )
    for name in ("network_id", "meeting_id", "organisation_id"):
        op.create_index(f"ix_agreement_{name}", "agreement", [name])
    op.create_table(
        "pulse_answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("atmosphere", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=False),
        sa.Column("sentence", sa.String(300), nullable=False),
        sa.CheckConstraint("atmosphere between 1 and 5", name="atmosphere"),
        sa.CheckConstraint("goal between 1 and 5", name="goal"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_pulse_answer_meeting_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_pulse_answer_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pulse_answer"),
        sa.UniqueConstraint("meeting_id", "person_id", name="uq_pulse_answer_meeting_id_person_id"),
    )
    op.create_index("ix_pulse_answer_person_id", "pulse_answer", ["person_id"])
    op.create_table(
        "pulse",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("asked", sa.Integer(), nullable=True),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("atmosphere", sa.JSON(), nullable=True),
        sa.Column("goal", sa.JSON(), nullable=True),
        sa.Column("sentences", sa.JSON(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(f"answers >= {ENOUGH} or (atmosphere is null and goal is null)", name="enough"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_pulse_meeting_id"),
        sa.PrimaryKeyConstraint("id", name="pk_pulse"),
        sa.UniqueConstraint("meeting_id", name="uq_pulse_meeting_id"),
    )
    op.add_column("network", sa.Column("pulse", sa.Boolean(), nullable=False, server_default=sa.true()))
    op.add_column("result", sa.Column("recording", sa.String(500), nullable=False, server_default=""))
    op.add_column("result", sa.Column("recording_until", sa.Date(), nullable=True))
    op.add_column("result", sa.Column("recording_consent", sa.String(300), nullable=False, server_default=""))
    _agreements()
    _pulses()
    op.drop_column("result", "agreements")
    op.drop_table("evaluation")
    op.execute("update reminders_made set revision = revision - 1")  # the worker plans the new step


def _agreements():
    """Every line that was written down becomes one, of nobody in particular, open."""
    rows = op.get_bind().execute(
        sa.text(
            "select m.network_id, r.meeting_id, r.agreements from result r join meeting m on m.id = r.meeting_id "
            "where r.agreements <> '' order by r.id"
        )
    )
    put = sa.text("insert into agreement (network_id, meeting_id, text) values (:network, :meeting, :text)")
    for network, meeting, lines in rows.all():
        for line in filter(None, map(str.strip, lines.splitlines())):
            while line:  # what is longer than a line goes on in the next: nothing is lost
                op.get_bind().execute(put, {"network": network, "meeting": meeting, "text": line[:300]})
                line = line[300:].strip()


def _pulses():
    """Answers of the last days stay people's own until they are folded by the clock; older ones are folded here."""
    bind = op.get_bind()
    evaluation = sa.table(
        "evaluation", *map(sa.column, ("meeting_id", "person_id", "atmosphere", "goal"))
    )
    meeting = sa.table("meeting", sa.column("id"), sa.column("ends_at", sa.DateTime(timezone=True)))
    now = datetime.now(UTC)
    query = sa.select(evaluation, meeting.c.ends_at).join(meeting, meeting.c.id == evaluation.c.meeting_id)
    said = {}
    for row in bind.execute(query.order_by(evaluation.c.meeting_id)):
        said.setdefault((row.meeting_id, row.ends_at), []).append(row)
    answer = sa.text(
        "insert into pulse_answer (meeting_id, person_id, atmosphere, goal, sentence) values (:m, :p, :a, :g, '')"
    )
    for (number, ended), rows in said.items():
        if ended.replace(tzinfo=ended.tzinfo or UTC) > now - timedelta(KEPT_DAYS):
            for row in rows:
                if row.person_id is not None:
                    values = {"m": number, "p": row.person_id, "a": row.atmosphere, "g": row.goal}
                    bind.execute(answer, values)
            continue
        enough = len(rows) >= ENOUGH
        bind.execute(
            PULSE.insert().values(
                meeting_id=number,
                answers=len(rows),
                atmosphere=_counts(row.atmosphere for row in rows) if enough else None,
                goal=_counts(row.goal for row in rows) if enough else None,
                sentences=[],
                closed_at=now,
            )
        )


PULSE = sa.table(
    "pulse",
    sa.column("meeting_id"),
    sa.column("answers"),
    sa.column("atmosphere", sa.JSON(none_as_null=True)),
    sa.column("goal", sa.JSON(none_as_null=True)),
    sa.column("sentences", sa.JSON()),
    sa.column("closed_at", sa.DateTime(timezone=True)),
)


def _counts(values):
    chosen = list(values)
    return [chosen.count(value) for value in range(1, 6)]


def downgrade():
    """Agreements become lines again, answers that are kept evaluations; sums hold nobody and go."""
    op.create_table(
        "evaluation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("atmosphere", sa.Integer(), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=False),
        sa.CheckConstraint("atmosphere between 1 and 5", name="atmosphere"),
        sa.CheckConstraint("goal between 1 and 5", name="goal"),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_evaluation_meeting_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_evaluation_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_evaluation"),
        sa.UniqueConstraint("meeting_id", "person_id", name="uq_evaluation_meeting_id_person_id"),
    )
    op.create_index("ix_evaluation_meeting_id", "evaluation", ["meeting_id"])
    op.create_index("ix_evaluation_person_id", "evaluation", ["person_id"])
    op.execute(
        "insert into evaluation (meeting_id, person_id, atmosphere, goal) "
        "select meeting_id, person_id, atmosphere, goal from pulse_answer"
    )
    op.add_column("result", sa.Column("agreements", sa.Text(), nullable=False, server_default=""))
    bind = op.get_bind()
    lines = {}
    for number, text in bind.execute(sa.text("select meeting_id, text from agreement order by id")):
        lines.setdefault(number, []).append(text)
    for number, texts in lines.items():
        put = sa.text("update result set agreements = :lines where meeting_id = :number")
        bind.execute(put, {"lines": "\n".join(texts), "number": number})
    for table, name in (
        ("result", "recording"), ("result", "recording_until"), ("result", "recording_consent"), ("network", "pulse"),
    ):  # fmt: skip
        op.drop_column(table, name)
    for table in ("pulse", "pulse_answer", "agreement"):
        op.drop_table(table)
