"""The blanks that were handed out, by serial."""

from __future__ import annotations

from sqlalchemy import Connection, bindparam, insert, select

from service.records import BlankEntry
from service.store.rows import columns_of
from service.store.tables import BLANKS

# Asked for every file, so put together once.
_BY_SERIAL = select(BLANKS).where(BLANKS.c.serial == bindparam("wanted"))


class BlanksRead:
    """Finding blanks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def find(self, serial: str) -> BlankEntry | None:
        row = self._connection.execute(_BY_SERIAL, {"wanted": serial}).one_or_none()
        return BlankEntry(**row._asdict()) if row else None


class Blanks(BlanksRead):
    """Finding and keeping blanks."""

    def add(self, entry: BlankEntry) -> None:
        """Keep a blank. RowExists for a serial given out before, UnknownRow when it names an unknown NIP."""
        self._connection.execute(insert(BLANKS).values(columns_of(entry)))
