"""A colleague may come instead, telephoned answers, and who was there."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import conv

revision = "0002"
down_revision = "0001"

ANSWER = conv("ck_attendance_answer")


def upgrade():
    op.create_table(
        "present",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["meeting_id"], ["meeting.id"], name="fk_present_meeting_id"),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_present_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_present"),
        sa.UniqueConstraint("meeting_id", "person_id", name="uq_present_meeting_id_person_id"),
    )
    op.create_index("ix_present_meeting_id", "present", ["meeting_id"])
    op.create_index("ix_present_person_id", "present", ["person_id"])
    with op.batch_alter_table("attendance") as table:
        table.drop_constraint(ANSWER, type_="check")
        table.alter_column("answer", existing_type=sa.String(3), type_=sa.String(10), existing_nullable=False)
        table.create_check_constraint(ANSWER, "answer in ('yes', 'no', 'colleague')")
        table.add_column(sa.Column("entered_by_id", sa.Integer(), nullable=True))
        table.add_column(sa.Column("colleague_name", sa.String(200), nullable=False, server_default=""))
        table.add_column(sa.Column("colleague_email", sa.String(254), nullable=False, server_default=""))
        table.create_foreign_key("fk_attendance_entered_by_id", "person", ["entered_by_id"], ["id"])
    op.add_column("network", sa.Column("minimum", sa.Integer(), nullable=True))
    op.add_column("network", sa.Column("keeps_names", sa.Boolean(), nullable=False, server_default=sa.false()))


def downgrade():
    op.drop_column("network", "keeps_names")
    op.drop_column("network", "minimum")
    op.execute("delete from attendance where answer = 'colleague'")
    with op.batch_alter_table("attendance") as table:
        table.drop_constraint("fk_attendance_entered_by_id", type_="foreignkey")
        table.drop_column("colleague_email")
        table.drop_column("colleague_name")
        table.drop_column("entered_by_id")
        table.drop_constraint(ANSWER, type_="check")
        table.alter_column("answer", existing_type=sa.String(10), type_=sa.String(3), existing_nullable=False)
        table.create_check_constraint(ANSWER, "answer in ('yes', 'no')")
    op.drop_table("present")
