"""What the law says of everybody's months, kept in sums beside the approvals: always what `assess` would say."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, and_, delete, func, insert, select, text

from service.policy.month import Month
from service.policy.outlook import month_end
from service.records import Decision
from service.store.assessed_rows import month_of_row, months_of
from service.store.learning_tables import ASSESSED_MONTHS
from service.store.rows import PORTION, insert_into
from service.store.tables import SUBMISSIONS

_M = ASSESSED_MONTHS.c
_KEY = ("year", "nip", "month")


class AssessedMonthsRead:
    """Finding months; sums over many people are in `standings`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, nip: str, year: int) -> Mapping[int, Month]:
        """The months (1 to 12) of one employee in which something was approved."""
        query = select(ASSESSED_MONTHS).where(_M.nip == nip, _M.year == year).order_by(_M.month)
        return {row.month: month_of_row(row) for row in self._connection.execute(query)}

    def years(self) -> Sequence[int]:
        """Every year from the first approved activity to the last, in order."""
        query = select(func.min(SUBMISSIONS.c.date), func.max(SUBMISSIONS.c.date))
        first, last = self._connection.execute(query.where(SUBMISSIONS.c.decision == Decision.APPROVED)).one()
        return range(first.year, last.year + 1) if first else ()


class AssessedMonths(AssessedMonthsRead):
    """Finding months and keeping them as the approvals are."""

    def refresh(self, nip: str, day: dt.date) -> None:
        """Assess the month of `day` anew. Whoever calls keeps others from approving for this employee meanwhile."""
        first, last = day.replace(day=1), month_end(day)
        mine = and_(SUBMISSIONS.c.employee_nip == nip, SUBMISSIONS.c.date.between(first, last))
        for columns in months_of(self._connection, mine):
            statement = insert_into(self._connection, ASSESSED_MONTHS).values(columns)
            self._connection.execute(statement.on_conflict_do_update(index_elements=_KEY, set_=columns))

    def rebuild(self, year: int, month: int) -> int:
        """Assess everybody's month anew, after the law's code changed or rows came in another way; how many differed.

        Approvals made meanwhile wait for the end of it, so a year is rebuilt month by month.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("LOCK TABLE assessed_months IN EXCLUSIVE MODE"))
        mine, first = and_(_M.year == year, _M.month == month), dt.date(year, month, 1)
        kept = {
            row.nip: dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name
            for row in self._connection.execute(select(ASSESSED_MONTHS).where(mine))
        }
        differing = [
            columns
            for columns in months_of(self._connection, SUBMISSIONS.c.date.between(first, month_end(first)))
            if kept.pop(columns["nip"], None) != columns
        ]
        gone = [*(each["nip"] for each in differing), *kept]
        for start in range(0, len(gone), PORTION):
            self._connection.execute(delete(ASSESSED_MONTHS).where(mine, _M.nip.in_(gone[start : start + PORTION])))
        for start in range(0, len(differing), PORTION):
            self._connection.execute(insert(ASSESSED_MONTHS), differing[start : start + PORTION])
        return len(gone)
