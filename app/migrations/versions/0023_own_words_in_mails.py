"""A manager's own words in the mails of a network's ladder."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"


def upgrade():
    op.create_table(
        "mail_text",
        sa.Column("network_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(4), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("opening", sa.Text(), nullable=False),
        sa.Column("closing", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["network_id"], ["network.id"], name="fk_mail_text_network_id"),
        sa.PrimaryKeyConstraint("network_id", "kind", name="pk_mail_text"),
    )


def downgrade():
    op.drop_table("mail_text")
