"""Alembic's entrance: runs the changes on the connection `service.store.store` hands in."""

from alembic import context

from service.store import schema  # noqa: F401 - fill it
from service.store.schema import METADATA

# The metadata is there for its naming convention only; what is done stands in the revisions.
context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
