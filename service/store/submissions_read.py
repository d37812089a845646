"""Finding submissions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select, tuple_

from service.records import Decision, Status, Submission
from service.store.rows import PORTION, stream
from service.store.submission_rows import standing, submission_of, within
from service.store.tables import SUBMISSIONS

_C = SUBMISSIONS.c
_IN_ORDER = (_C.date, _C.begins, _C.id)


class SubmissionsRead:
    """Finding submissions; lists of one person are whole, lists of the house come in portions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, submission_id: str) -> Submission | None:
        return self._one(_C.id == submission_id)

    def find_by_digest(self, digest: str) -> Submission | None:
        return self._one(_C.digest == digest)

    def unfinished(self) -> Iterator[Submission]:
        """Received but not answered: what a killed process left."""
        return self._stream(select(SUBMISSIONS).where(_C.status == Status.RECEIVED).order_by(_C.received_at, _C.id))

    def waiting(self) -> Iterator[Submission]:
        """Passed and awaiting Biro SDM, oldest first."""
        query = select(SUBMISSIONS).where(_C.status == Status.VERIFIED, _C.decision == Decision.PENDING)
        return self._stream(query.order_by(_C.received_at, _C.id))

    def in_review(self) -> Iterator[Submission]:
        """Gone to a person who has not decided yet, oldest first."""
        query = select(SUBMISSIONS).where(_C.status == Status.REVIEW, _C.decision == Decision.PENDING)
        return self._stream(query.order_by(_C.received_at, _C.id))

    def answered(self, status: str | None = None) -> Iterator[str]:
        """The ids of everything that was answered, of one status when given; oldest first."""
        query = select(_C.id).where(_C.status == status if status else _C.status != Status.RECEIVED)
        return stream(self._connection, query.order_by(_C.received_at, _C.id), lambda row: str(row.id))

    def of_employee(self, nip: str, year: int) -> Sequence[Submission]:
        """Everything whose record names this employee and year, refused ones included; by date, start, id."""
        return self._all(select(SUBMISSIONS).where(_C.employee_nip == nip, within(year)).order_by(*_IN_ORDER))

    def of_blank(self, serial: str, employee_nip: str) -> Sequence[Submission]:
        """Every file whose record was made on this employee's blank, by when it came."""
        query = select(SUBMISSIONS).where(_C.employee_nip == employee_nip, _C.serial == serial)
        return self._all(query.order_by(_C.received_at, _C.id))

    def approved(self, nip: str, year: int) -> Sequence[Submission]:
        """What counts for this employee and year; by date, start, id."""
        query = select(SUBMISSIONS).where(_C.employee_nip == nip, within(year), _C.decision == Decision.APPROVED)
        return self._all(query.order_by(*_IN_ORDER))

    def approved_of(self, nips: Sequence[str], year: int, *, through: dt.date | None = None) -> Iterator[Submission]:
        """What counts for these employees in that year, until a day (inclusive); by NIP, date, start, id, in portions.

        Their answers, which weigh most and which nobody counts, are left out: `answer` is empty.
        """
        columns = [column for column in _C if column is not _C.answer]
        last = dt.date(year, 12, 31) if through is None else through
        mine = within(year) & (_C.date <= last) & (_C.decision == Decision.APPROVED)
        for start in range(0, len(nips), PORTION):
            query = select(*columns).where(_C.employee_nip.in_(nips[start : start + PORTION]), mine)
            yield from self._stream(query.order_by(_C.employee_nip, *_IN_ORDER))

    def approved_nips(self, year: int) -> Sequence[str]:
        """The NIPs with anything approved in that year, in order."""
        query = select(_C.employee_nip).where(within(year), _C.decision == Decision.APPROVED).distinct()
        return self._connection.scalars(query.order_by(_C.employee_nip)).all()

    def same_activity(
        self, employee_nip: str, kind: str, date: dt.date, begins: dt.time, excluding_id: str | None
    ) -> Submission | None:
        """A standing submission of the same activity (same employee, kind, date and start): the earliest received."""
        return self._first(_C.employee_nip == employee_nip, _C.kind == kind, _C.date == date, _C.begins == begins,
                           standing(excluding_id))  # fmt: skip

    def overlapping(
        self, employee_nip: str, date: dt.date, begins: dt.time, ends: dt.time, excluding_id: str | None
    ) -> Submission | None:
        """A standing submission of the employee that shares time with this span (touching ends do not)."""
        return self._first(_C.employee_nip == employee_nip, _C.date == date, _C.begins < ends, _C.ends > begins,
                           standing(excluding_id))  # fmt: skip

    def list(self, limit: int, after_id: str | None = None) -> Sequence[Submission]:
        """The newest `limit` submissions, or those that come after `after_id` in that order (the next page)."""
        query = select(SUBMISSIONS).order_by(_C.received_at.desc(), _C.id.desc()).limit(limit)
        if after_id is not None:
            last = select(_C.received_at, _C.id).where(_C.id == after_id).subquery()
            query = query.join(last, tuple_(_C.received_at, _C.id) < tuple_(last.c.received_at, last.c.id))
        return self._all(query)

    def _one(self, condition: ColumnElement[bool]) -> Submission | None:
        row = self._connection.execute(select(SUBMISSIONS).where(condition)).one_or_none()
        return submission_of(row) if row else None

    def _first(self, *conditions: ColumnElement[bool]) -> Submission | None:
        query = select(SUBMISSIONS).where(*conditions).order_by(_C.received_at, _C.id).limit(1)
        row = self._connection.execute(query).one_or_none()
        return submission_of(row) if row else None

    def _all(self, query: Select[Any]) -> Sequence[Submission]:
        return [submission_of(row) for row in self._connection.execute(query)]

    def _stream(self, query: Select[Any]) -> Iterator[Submission]:
        return stream(self._connection, query, submission_of)
