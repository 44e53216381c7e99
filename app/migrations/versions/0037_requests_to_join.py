"""Organisations ask to join a network or to start one."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
SWITCHES = (("programme", "open_to_start"), ("network", "open_to_join"), ("person", "requests_at_once"))
STATES = "state in ('unconfirmed', 'open', 'waiting', 'accepted', 'declined')"
CHECKS = {
    "ck_join_request_state": STATES,
    "ck_join_request_confirmed": "(state = 'unconfirmed') = (confirmed_at is null)",
    "ck_join_request_accepted": "state <> 'accepted' or (network_id is not null and joined is not null)",
    "ck_join_request_about": "network_id is not null or subject <> ''",
}


def upgrade():
    for table, name in SWITCHES:
        op.add_column(table, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "join_request",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme_id", sa.Integer(), nullable=False),
        sa.Column("network_id", sa.Integer(), nullable=True),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("language", sa.String(2), nullable=False),
        sa.Column("first_name", sa.String(100), nullable=False),
        sa.Column("last_name", sa.String(100), nullable=False),
        sa.Column("organisation", sa.String(200), nullable=False),
        sa.Column("town", sa.String(100), nullable=False),
        sa.Column("subject", sa.String(200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("state", sa.String(11), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(300), nullable=False),
        sa.Column("joined", sa.Date(), nullable=True),
        *(sa.CheckConstraint(rule, name=op.f(name)) for name, rule in CHECKS.items()),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=f"fk_join_request_{name}_id")
            for name in ("programme", "network")
        ),
        sa.PrimaryKeyConstraint("id", name="pk_join_request"),
        sqlite_autoincrement=True,
    )
    for name in ("programme_id", "network_id", "email"):
        op.create_index(f"ix_join_request_{name}", "join_request", [name])


def downgrade():
    op.drop_table("join_request")
    for table, name in SWITCHES:
        op.drop_column(table, name)
