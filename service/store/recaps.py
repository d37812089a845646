"""What units sent to Biro SDM, version after version; a version that was sent is never changed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, insert, select

from service.store.learning_tables import RECAPS
from service.store.rows import columns_of, stream

_C = RECAPS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class SentRecap:
    """One version of a unit's recap of a quarter. `content` is what it said, `digest` the SHA-256 of just that."""

    unit: str
    year: int
    quarter: int
    version: int
    content: Mapping[str, Any]
    digest: str
    sent_at: dt.datetime
    sent_by: str


class RecapsRead:
    """Finding recaps."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def versions(self, unit: str, year: int, quarter: int) -> Sequence[SentRecap]:
        """All of one unit and quarter, the newest first."""
        query = select(RECAPS).where(_C.unit == unit, _C.year == year, _C.quarter == quarter)
        return list(self._stream(query.order_by(_C.version.desc())))

    def latest(self, unit: str, year: int, quarter: int) -> SentRecap | None:
        found = self.versions(unit, year, quarter)
        return found[0] if found else None

    def of_year(self, year: int) -> Iterator[SentRecap]:
        """The newest version of every unit and quarter, by quarter and unit."""
        newest = self._newest(_C.year == year)
        query = select(RECAPS).join(
            newest,
            (_C.unit == newest.c.unit)
            & (_C.year == newest.c.year)
            & (_C.quarter == newest.c.quarter)
            & (_C.version == newest.c.version),
        )
        yield from self._stream(query.order_by(_C.quarter, _C.unit))

    def sent(self, year: int) -> frozenset[tuple[str, int]]:
        """Which units sent which quarters of that year."""
        query = select(_C.unit, _C.quarter).where(_C.year == year).distinct()
        return frozenset((row.unit, row.quarter) for row in self._connection.execute(query))

    def _newest(self, condition: ColumnElement[bool]) -> Any:
        query = select(_C.unit, _C.year, _C.quarter, func.max(_C.version).label("version")).where(condition)
        return query.group_by(_C.unit, _C.year, _C.quarter).subquery()

    def _stream(self, query: Select[Any]) -> Iterator[SentRecap]:
        return stream(self._connection, query, lambda row: SentRecap(**row._asdict()))


class Recaps(RecapsRead):
    """Finding and keeping recaps."""

    def add(self, recap: SentRecap) -> None:
        """Keep a new version; RowExists when somebody else sent that version first."""
        self._connection.execute(insert(RECAPS).values(columns_of(recap) | {"content": dict(recap.content)}))
