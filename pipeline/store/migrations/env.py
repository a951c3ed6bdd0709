"""Alembic's entry point: run the steps on the connection, and in the transaction, that upgrade() hands over."""

from alembic import context

from pipeline.store.migrate import VERSION_TABLE
from pipeline.store.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    transactional_ddl=True,  # true of SQLite as well, once the driver keeps its hands off (engine.py)
)
with context.begin_transaction():
    context.run_migrations()
