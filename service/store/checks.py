"""Every look-up the public made, without knowing who: enough to see that somebody walks through the register."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, func, insert, select

from service.store.circulation_tables import CHECKS
from service.store.rows import columns_of

_C = CHECKS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One look-up. `by` is `number` or `file`, `asked` the number or the file's digest, `caller` a keyed digest."""

    at: dt.datetime
    by: str
    asked: str
    state: str
    caller: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """One caller's look-ups of something unknown."""

    caller: str
    unknown: int


class ChecksRead:
    """Reading the look-ups."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, asked: str) -> Sequence[Check]:
        """Those of one number or digest, newest first."""
        columns = [column for column in CHECKS.c if column is not _C.id]
        query = select(*columns).where(_C.asked == asked).order_by(_C.id.desc())
        return [Check(**row._asdict()) for row in self._connection.execute(query)]

    def count(self, since: dt.datetime) -> int:
        """How many since then."""
        return self._connection.execute(select(func.count()).where(_C.at >= since)).scalar_one()

    def walks(self, since: dt.datetime, at_least: int) -> Sequence[Walk]:
        """Callers who asked that often for what is not in the register, the busiest first."""
        unknown = func.count().label("unknown")
        query = (
            select(_C.caller, unknown)
            .where(_C.at >= since, _C.state == "unknown")
            .group_by(_C.caller)
            .having(unknown >= at_least)
            .order_by(unknown.desc(), _C.caller)
        )
        return [Walk(**row._asdict()) for row in self._connection.execute(query)]


class Checks(ChecksRead):
    """Reading the look-ups and noting another."""

    def append(self, check: Check) -> None:
        self._connection.execute(insert(CHECKS).values(columns_of(check)))
