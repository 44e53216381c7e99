"""Programmes and networks may have a public page; the legal texts of the site."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade():
    op.add_column("programme", sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("programme", sa.Column("about", sa.Text(), nullable=False, server_default=""))
    op.add_column("network", sa.Column("public", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("network", sa.Column("for_whom", sa.Text(), nullable=False, server_default=""))
    op.add_column("network", sa.Column("rhythm", sa.String(200), nullable=False, server_default=""))
    op.add_column("organisation", sa.Column("listed", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("organisation", sa.Column("offers", sa.String(300), nullable=False, server_default=""))
    op.add_column("organisation", sa.Column("website", sa.String(300), nullable=False, server_default=""))
    op.create_table(
        "legal_text",
        sa.Column("kind", sa.String(15), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('imprint', 'privacy', 'accessibility')", name="kind"),
        sa.PrimaryKeyConstraint("kind", name="pk_legal_text"),
    )


def downgrade():
    op.drop_table("legal_text")
    for table, names in {
        "organisation": ("listed", "offers", "website"),
        "network": ("public", "for_whom", "rhythm"),
        "programme": ("public", "about"),
    }.items():
        for name in names:
            op.drop_column(table, name)
