"""Which certificates their holders show to whoever knows the number."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Connection, delete, select

from service.store.circulation_tables import SHARES
from service.store.rows import insert_into

_C = SHARES.c


class SharesRead:
    """Asking whether a certificate's document is shown."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def since(self, number: str) -> dt.datetime | None:
        """Since when everybody who knows the number may have the document; None: nobody may."""
        return self._connection.scalars(select(_C.shared_at).where(_C.number == number)).one_or_none()


class Shares(SharesRead):
    """Asking and changing it."""

    def share(self, number: str, at: dt.datetime) -> None:
        """Show the document from now on; again changes nothing. UnknownRow for an unknown number."""
        statement = insert_into(self._connection, SHARES).values(number=number, shared_at=at)
        self._connection.execute(statement.on_conflict_do_nothing())

    def unshare(self, number: str) -> bool:
        """Show it no more; False when it was not shown."""
        return self._connection.execute(delete(SHARES).where(_C.number == number)).rowcount == 1
