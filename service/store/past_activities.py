"""CMB activities known from paper: pieces of other learning whose JP the law computes, beside what was verified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, extract, func, insert, select, text, update

from service.policy import Activity
from service.policy.outlook import month_end
from service.policy.past import left_for
from service.records import Decision
from service.store.assessed_rows import approved_months
from service.store.learning_tables import OTHER_LEARNING, PAST_ACTIVITIES
from service.store.rows import columns_of
from service.store.tables import SUBMISSIONS

_L, _P = OTHER_LEARNING.c, PAST_ACTIVITIES.c
_JOINED = OTHER_LEARNING.join(PAST_ACTIVITIES, _L.id == _P.learning_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PastActivity:
    """`id`, `nip` and `jp` are those of the piece of other learning."""

    id: str
    nip: str
    jp: Decimal
    activity: Activity


class PastActivitiesRead:
    """Finding past activities; what Biro SDM rejected takes nothing from others and is left out of a month."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_year(self, year: int) -> Mapping[str, Activity]:
        """Those of a calendar year by the number of their piece of learning, rejected ones included."""
        found = self._all(_L.starts.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))
        return {each.id: each.activity for each in found}

    def years(self) -> frozenset[int]:
        """The calendar years there are any of."""
        query = select(func.distinct(extract("year", _L.starts))).select_from(_JOINED)
        return frozenset(int(year) for year in self._connection.scalars(query))

    def of_month(self, nip: str, day: dt.date) -> Sequence[PastActivity]:
        """One employee's in the month of `day`: approved ones first, then those entered earlier."""
        return self._all(and_(_L.nip == nip, _in_month(_L.starts, day), _L.decision != Decision.REJECTED))

    def verified(self, nip: str, day: dt.date) -> Sequence[Activity]:
        """One employee's approved submissions in the month of `day`, as the law sees them."""
        mine = and_(SUBMISSIONS.c.employee_nip == nip, _in_month(SUBMISSIONS.c.date, day))
        return [each for _, _, listed in approved_months(self._connection, mine) for each in listed]

    def _all(self, condition: ColumnElement[bool]) -> Sequence[PastActivity]:
        query = _query().where(condition).order_by(_L.decision, _L.entered_at, _L.starts, _P.begins, _L.id)
        return [_past(row) for row in self._connection.execute(query)]


class PastActivities(PastActivitiesRead):
    """Finding and keeping past activities, their JP always what the law leaves for them."""

    def hold(self) -> None:
        """Nobody approves a submission until the commit, so that what is computed now still holds then.

        SQLite has one writer at a time.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("LOCK TABLE assessed_months IN EXCLUSIVE MODE"))

    def add(self, learning_id: str, activity: Activity) -> None:
        """Say what the law looks at in a piece of other learning that was kept before."""
        told = {name: value for name, value in columns_of(activity).items() if name != "date"}
        self._connection.execute(insert(PAST_ACTIVITIES).values(told | {"learning_id": learning_id}))

    def refresh(self, nip: str, day: dt.date) -> int:
        """Assess one employee's month of `day` anew; how many pieces give another number of JP than before."""
        kept = self.of_month(nip, day)
        if not kept:
            return 0
        left = left_for([each.activity for each in kept], verified=self.verified(nip, day))
        changed = [(each.id, now.jp) for each, now in zip(kept, left, strict=True) if each.jp != now.jp]
        for learning_id, jp in changed:
            self._connection.execute(update(OTHER_LEARNING).where(_L.id == learning_id).values(jp=jp))
        return len(changed)

    def rebuild(self, year: int, month: int) -> int:
        """Assess everybody's month anew; how many pieces differed."""
        day = dt.date(year, month, 1)
        query = select(_L.nip).select_from(_JOINED).where(_in_month(_L.starts, day)).distinct().order_by(_L.nip)
        return sum(self.refresh(row.nip, day) for row in self._connection.execute(query).all())


def _in_month(column: ColumnElement[dt.date], day: dt.date) -> ColumnElement[bool]:
    return column.between(day.replace(day=1), month_end(day))


def _query() -> Select[Any]:
    return select(_L.id, _L.nip, _L.jp, _L.starts, _P.kind, _P.scope, _P.begins, _P.minutes).select_from(_JOINED)


def _past(row: Row[Any]) -> PastActivity:
    activity = Activity(kind=row.kind, scope=row.scope, date=row.starts, minutes=row.minutes, begins=row.begins)
    return PastActivity(id=row.id, nip=row.nip, jp=row.jp, activity=activity)
