"""Learning besides CMB (5.f.6), each piece with its evidence and decision; it never enters a certificate of ours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from service.records import Decision
from service.store.learning_tables import OTHER_LEARNING
from service.store.rows import columns_of

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
    """Finding other learning."""

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
        """What is known already, for whoever imports."""
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
    """Finding, entering and deciding."""

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
