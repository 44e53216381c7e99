"""How Alembic opens the database: through the application that asked for it."""

from alembic import context
from flask import current_app

from app.extensions import Instant

database = current_app.extensions["migrate"].db


def render_item(kind, value, autogen):
    """Our own types are written by their database types, so that old migrations need no code of today."""
    if kind == "type" and isinstance(value, Instant):
        return "sa.DateTime(timezone=True)"
    return False


with database.engine.connect() as connection:
    context.configure(
        connection=connection,
        target_metadata=database.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
    connection.commit()
