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
    if connection.dialect.name == "sqlite":
        # Changing a table means dropping the old one: what hangs on its rows must not go with them.
        connection.connection.execute("PRAGMA foreign_keys=OFF")
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
    if connection.dialect.name == "sqlite":
        connection.connection.execute("PRAGMA foreign_keys=ON")
