"""Run by Alembic: migrates the connection that `upgrade` hands over, inside its transaction."""

from __future__ import annotations

from alembic import context

from skillmatch.store.schema import VERSION_TABLE, metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=connection.dialect.name == "sqlite",
    # SQLite can: our connections begin their transactions themselves.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
