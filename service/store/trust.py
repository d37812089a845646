"""The roots that signatures and time stamps may chain to."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from service.records import TrustRoot
from service.store.rows import columns_of, insert_into
from service.store.tables import TRUST_ROOTS


class TrustRead:
    """Reading the trusted roots."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> tuple[TrustRoot, ...]:
        """Every root, oldest first; one certificate may stand here for both uses."""
        query = select(TRUST_ROOTS).order_by(TRUST_ROOTS.c.added_at, TRUST_ROOTS.c.fingerprint, TRUST_ROOTS.c.use)
        return tuple(TrustRoot(**row._asdict()) for row in self._connection.execute(query))


class Trust(TrustRead):
    """Reading and changing the trusted roots."""

    def add(self, root: TrustRoot) -> None:
        """Trust a root for its use; adding it again changes nothing."""
        statement = insert_into(self._connection, TRUST_ROOTS).values(columns_of(root))
        self._connection.execute(statement.on_conflict_do_nothing())

    def remove(self, fingerprint: str) -> bool:
        """Stop trusting a root for every use; False when it was not trusted."""
        statement = delete(TRUST_ROOTS).where(TRUST_ROOTS.c.fingerprint == fingerprint)
        return self._connection.execute(statement).rowcount > 0
