"""Alembic's entrance: runs the changes on the connection `service.store.migration` hands in."""

from alembic import context

from service.store.tables import METADATA

# The metadata is there for its naming convention only; what is done stands in the revisions.
context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
