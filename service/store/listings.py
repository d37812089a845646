"""Long lists for whoever takes everything out: rows in portions, in order, without the documents behind them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator
from dataclasses import dataclass, fields

from sqlalchemy import Connection, Row, func, select

from service.records import ActivityFacts, Decision, Event, Status
from service.store.rows import stream
from service.store.submission_rows import within
from service.store.tables import EVENTS, SUBMISSIONS

_C = SUBMISSIONS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedActivity(ActivityFacts):
    """One submission that has a record, by its searchable columns."""

    id: str
    received_at: dt.datetime
    status: Status
    decision: Decision
    decided_at: dt.datetime | None
    decided_by: str | None
    decision_reason: str | None


class Listings:
    """Reading long lists."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def activities(self, year: int, *, nips: Collection[str] | None = None) -> Iterator[ListedActivity]:
        """The activities of a year, refused ones included, by employee, date, start and id; of these if given."""
        columns = [_C[each.name] for each in fields(ListedActivity)]
        whose = _C.employee_nip.is_not(None) if nips is None else _C.employee_nip.in_(sorted(nips))
        query = select(*columns).where(within(year), whose)
        return stream(self._connection, query.order_by(_C.employee_nip, _C.date, _C.begins, _C.id), _activity)

    def standing(self, year: int, *, nips: Collection[str]) -> Iterator[ListedActivity]:
        """Those of `activities` that count or may still count: not refused, not rejected, not a copy."""
        for each in self.activities(year, nips=nips):
            if each.status in {Status.VERIFIED, Status.REVIEW} and each.decision is not Decision.REJECTED:
                yield each

    def undecided(self, before: dt.datetime) -> int:
        """How many that passed or went to a person were received before that moment and await a decision."""
        waits = _C.status.in_([Status.VERIFIED, Status.REVIEW]) & (_C.decision == Decision.PENDING)
        return self._connection.scalar(select(func.count()).where(waits, _C.received_at < before)) or 0

    def events(self, first: dt.datetime, last: dt.datetime) -> Iterator[Event]:
        """What happened from `first` until before `last`, oldest first."""
        columns = [column for column in EVENTS.c if column is not EVENTS.c.id]
        query = select(*columns).where(EVENTS.c.at >= first, EVENTS.c.at < last).order_by(EVENTS.c.id)
        return stream(self._connection, query, lambda row: Event(**row._asdict()))


def _activity(row: Row[tuple[object, ...]]) -> ListedActivity:
    told = row._asdict()
    return ListedActivity(**told | {"status": Status(told["status"]), "decision": Decision(told["decision"])})
