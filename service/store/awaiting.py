"""What awaits Biro SDM's decision, and the law's view of many people's activities; nobody is asked for one by one."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import ColumnElement, Connection, func, select

from service.policy import Activity
from service.records import Decision, Status
from service.store.rows import PORTION
from service.store.tables import SUBMISSIONS

_C = SUBMISSIONS.c
_WAITS = _C.status.in_([Status.VERIFIED, Status.REVIEW]) & (_C.decision == Decision.PENDING)


class AwaitingRead:
    """Activities that may still come to count."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def counts(self, first: dt.date, last: dt.date) -> Mapping[str, int]:
        """By NIP: how many activities of these days passed or went to a person, and are not decided yet."""
        query = select(_C.employee_nip, func.count().label("waiting")).where(_WAITS, _C.date.between(first, last))
        return {row.employee_nip: row.waiting for row in self._connection.execute(query.group_by(_C.employee_nip))}

    def activities(
        self, nips: Sequence[str], first: dt.date, last: dt.date, *, waiting: bool
    ) -> Mapping[str, Sequence[Activity]]:
        """By NIP: what was approved of these days, by date; with `waiting` also what may be, behind it."""
        approved = self._of(nips, first, last, _C.decision == Decision.APPROVED)
        if waiting:
            for nip, more in self._of(nips, first, last, _WAITS).items():
                approved[nip] += more
        return approved

    def _of(
        self, nips: Sequence[str], first: dt.date, last: dt.date, condition: ColumnElement[bool]
    ) -> dict[str, list[Activity]]:
        found: dict[str, list[Activity]] = defaultdict(list)
        columns = (_C.employee_nip, _C.kind, _C.scope, _C.date, _C.minutes, _C.begins)
        for start in range(0, len(nips), PORTION):
            mine = _C.employee_nip.in_(nips[start : start + PORTION])
            query = select(*columns).where(mine, _C.date.between(first, last), condition)
            for row in self._connection.execute(query.order_by(_C.employee_nip, _C.date, _C.begins, _C.id)):
                activity = Activity(
                    kind=row.kind, scope=row.scope, date=row.date, minutes=row.minutes, begins=row.begins
                )
                found[row.employee_nip].append(activity)
        return found
