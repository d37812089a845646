"""Learning besides CMB (5.f.6), each piece with its evidence and decision; it never enters a certificate of ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, extract, func, insert, select, text, update

from service.law import Activity
from service.law.outlook import left_for, month_end
from service.records import Decision
from service.store.queries import columns_of
from service.store.schema import OTHER_LEARNING, PAST_ACTIVITIES, SUBMISSIONS
from service.store.totals import approved_months

_C = OTHER_LEARNING.c


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherLearning:
    """One piece of learning. Its year is that of `ends`; `assignment_id` is the assignment it fulfils, if any."""

    id: str
    nip: str
    kind: str
    title: str
    organiser: str
    starts: dt.date
    ends: dt.date
    jp: Decimal
    entered_at: dt.datetime
    entered_by: str
    evidence_digest: str | None = None
    evidence_name: str | None = None
    assignment_id: str | None = None
    decision: Decision = Decision.PENDING
    decided_at: dt.datetime | None = None
    decided_by: str | None = None
    decision_reason: str | None = None

    @property
    def key(self) -> tuple[str, str, str, dt.date]:
        """The same person, kind, title and first day are the same learning."""
        return self.nip, self.kind, self.title, self.starts


class OtherLearningRead:
    """Read other learning."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, learning_id: str) -> OtherLearning | None:
        found = self._all(_C.id == learning_id)
        return found[0] if found else None

    def of_employee(self, nip: str, year: int) -> Sequence[OtherLearning]:
        """Everything of one person that ended in that year, rejected ones included, by its last day."""
        return self._all((_C.nip == nip) & _C.ends.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))

    def list(self, first: dt.date, last: dt.date, *, decision: Decision | None = None) -> Sequence[OtherLearning]:
        """Everybody's that ended on these days, by its last day."""
        within = _C.ends.between(first, last)
        return self._all(within if decision is None else within & (_C.decision == decision))

    def known(self) -> frozenset[tuple[str, str, str, dt.date]]:
        """Return the keys of everything known already, for imports."""
        query = select(_C.nip, _C.kind, _C.title, _C.starts)
        return frozenset((row.nip, row.kind, row.title, row.starts) for row in self._connection.execute(query))

    def sums(self, first: dt.date, last: dt.date) -> Mapping[str, Decimal]:
        """By NIP: the JP of what Biro SDM approved and what ended on these days."""
        query = select(_C.nip, func.sum(_C.jp).label("jp"))
        query = query.where(_C.decision == Decision.APPROVED, _C.ends.between(first, last)).group_by(_C.nip)
        return {row.nip: row.jp for row in self._connection.execute(query)}

    def _all(self, condition: ColumnElement[bool]) -> Sequence[OtherLearning]:
        query = select(OTHER_LEARNING).where(condition).order_by(_C.ends, _C.nip, _C.id)
        return [
            OtherLearning(**row._asdict() | {"decision": Decision(row.decision)})
            for row in self._connection.execute(query)
        ]


class OtherLearnings(OtherLearningRead):
    """Read, enter and decide other learning."""

    def add(self, learning: OtherLearning) -> None:
        """Keep it; RowExists when the same learning is there, UnknownRow when its person is not."""
        self._connection.execute(insert(OTHER_LEARNING).values(columns_of(learning)))

    def decide(self, learning_id: str, decision: Decision, at: dt.datetime, by: str, reason: str | None) -> bool:
        """Keep a decision on something undecided; False when there is nothing to decide."""
        if decision is Decision.PENDING:
            raise ValueError("a decision is approved or rejected")
        statement = update(OTHER_LEARNING).where(_C.id == learning_id, _C.decision == Decision.PENDING)
        statement = statement.values(decision=decision, decided_at=at, decided_by=by, decision_reason=reason)
        return self._connection.execute(statement).rowcount == 1


# --- CMB activities known from paper

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
    """Read past activities; what Biro SDM rejected takes nothing from others and is left out of a month."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_year(self, year: int) -> Mapping[str, Activity]:
        """Those of a calendar year by the number of their piece of learning, rejected ones included."""
        found = self._all(_L.starts.between(dt.date(year, 1, 1), dt.date(year, 12, 31)))
        return {past.id: past.activity for past in found}

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
        return [activity for _, _, listed in approved_months(self._connection, mine) for activity in listed]

    def _all(self, condition: ColumnElement[bool]) -> Sequence[PastActivity]:
        query = _query().where(condition).order_by(_L.decision, _L.entered_at, _L.starts, _P.begins, _L.id)
        return [_past(row) for row in self._connection.execute(query)]


class PastActivities(PastActivitiesRead):
    """Read and write past activities, their JP always what the law leaves for them."""

    def lock_months(self) -> None:
        """Nobody approves a submission until the commit, so that what is computed now still holds then.

        SQLite has one writer at a time.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(text("LOCK TABLE assessed_months IN EXCLUSIVE MODE"))

    def add(self, learning_id: str, activity: Activity) -> None:
        """Say what the law looks at in a piece of other learning that was kept before."""
        columns = {name: value for name, value in columns_of(activity).items() if name != "date"}
        self._connection.execute(insert(PAST_ACTIVITIES).values(columns | {"learning_id": learning_id}))

    def refresh(self, nip: str, day: dt.date) -> int:
        """Assess one employee's month of `day` anew; how many pieces give another number of JP than before."""
        kept = self.of_month(nip, day)
        if not kept:
            return 0
        left = left_for([past.activity for past in kept], verified=self.verified(nip, day))
        changed = [(past.id, now.jp) for past, now in zip(kept, left, strict=True) if past.jp != now.jp]
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
