"""Finding submissions."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, bindparam, func, or_, select, tuple_

from service.records import ActivityFacts, Decision, Status, Submission
from service.store.rows import PORTION, stream
from service.store.submission_rows import standing, submission_of, within
from service.store.tables import SUBMISSIONS

_C = SUBMISSIONS.c
_DAY = dt.timedelta(days=1)
_IN_ORDER = (_C.date, _C.begins, _C.id)


def _standing(*conditions: ColumnElement[bool]) -> Select[Any]:
    stands = standing(bindparam("but"))
    return select(SUBMISSIONS).where(*conditions, stands).order_by(_C.received_at, _C.id)


# Asked for every file, so put together once. `but` is the submission not to be compared with itself, '' for none.
_BY_DIGEST = select(SUBMISSIONS).where(_C.digest == bindparam("wanted"))
_OF_PERSON = _C.employee_nip == bindparam("nip")
_SAME = _standing(
    _OF_PERSON,
    _C.date == bindparam("date"),
    _C.kind == bindparam("kind"),
    _C.begins == bindparam("begins"),
).limit(1)
# Nothing lasts longer than a day, so only three days can share time with a span. `until` is the span's end on its own
# day (the last moment of the day when it goes on), `spill` its end on the next day (the first moment when it does not).
_GOES_ON = _C.ends <= _C.begins
_OVERLAPPING = _standing(
    _OF_PERSON,
    or_(
        and_(
            _C.date == bindparam("date"),
            _C.begins < bindparam("until"),
            or_(_GOES_ON, _C.ends > bindparam("begins")),
        ),
        and_(_C.date == bindparam("before"), _GOES_ON, _C.ends > bindparam("begins")),
        and_(_C.date == bindparam("after"), _C.begins < bindparam("spill")),
    ),
)
_EARLIEST_OVERLAPPING = _OVERLAPPING.limit(1)


def _span(nip: str, date: dt.date, begins: dt.time, ends: dt.time, excluding_id: str | None) -> Mapping[str, object]:
    """What `_OVERLAPPING` asks; the calendar's very first and last day have no day before or after them."""
    goes_on = ends <= begins
    return {
        "nip": nip,
        "date": date,
        "before": date - min(_DAY, date - dt.date.min),
        "after": date + min(_DAY, dt.date.max - date),
        "begins": begins,
        "until": dt.time.max if goes_on else ends,
        "spill": ends if goes_on else dt.time.min,
        "but": excluding_id or "",
    }


class SubmissionsRead:
    """Finding submissions; lists of one person are whole, lists of the house come in portions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, submission_id: str) -> Submission | None:
        return self._one(_C.id == submission_id)

    def find_by_digest(self, digest: str) -> Submission | None:
        return self._found(self._connection.execute(_BY_DIGEST, {"wanted": digest}).one_or_none())

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

    def approved_of(self, nips: Sequence[str], year: int) -> Iterator[Submission]:
        """What counts for these employees in that year; by NIP, date, start, id, in portions.

        Their answers, which weigh most and which nobody counts, are left out: `answer` is empty.
        """
        columns = [column for column in _C if column is not _C.answer]
        mine = within(year) & (_C.decision == Decision.APPROVED)
        for start in range(0, len(nips), PORTION):
            query = select(*columns).where(_C.employee_nip.in_(nips[start : start + PORTION]), mine)
            yield from self._stream(query.order_by(_C.employee_nip, *_IN_ORDER))

    def approved_nips(self, year: int) -> Sequence[str]:
        """The NIPs with anything approved in that year, in order."""
        query = select(_C.employee_nip).where(within(year), _C.decision == Decision.APPROVED).distinct()
        return self._connection.scalars(query.order_by(_C.employee_nip)).all()

    def undecided(self, status: Status, *, limit: int, after_id: str | None = None) -> Sequence[Submission]:
        """Of one status and awaiting Biro SDM, oldest first; those that come after `after_id` (the next page)."""
        query = select(SUBMISSIONS).where(_C.status == status, _C.decision == Decision.PENDING)
        query = query.order_by(_C.received_at, _C.id).limit(limit)
        if after_id is not None:
            last = select(_C.received_at, _C.id).where(_C.id == after_id).subquery()
            query = query.join(last, tuple_(_C.received_at, _C.id) > tuple_(last.c.received_at, last.c.id))
        return self._all(query)

    def undecided_count(self, status: Status) -> int:
        query = select(func.count()).where(_C.status == status, _C.decision == Decision.PENDING)
        count: int = self._connection.scalar(query) or 0
        return count

    def undecided_nips(self, year: int) -> Mapping[str, int]:
        """How many of each person's activities of that year still await a decision."""
        query = select(_C.employee_nip, func.count()).where(
            within(year), _C.decision == Decision.PENDING, _C.status.in_([Status.VERIFIED, Status.REVIEW])
        )
        return {row[0]: row[1] for row in self._connection.execute(query.group_by(_C.employee_nip))}

    def same_activity(
        self, employee_nip: str, kind: str, date: dt.date, begins: dt.time, excluding_id: str | None
    ) -> Submission | None:
        """A standing submission of the same activity (same employee, kind, date and start): the earliest received."""
        told = {"nip": employee_nip, "kind": kind, "date": date, "begins": begins, "but": excluding_id or ""}
        return self._found(self._connection.execute(_SAME, told).one_or_none())

    def overlapping(
        self, employee_nip: str, date: dt.date, begins: dt.time, ends: dt.time, excluding_id: str | None
    ) -> Submission | None:
        """A standing submission of the employee that shares time with this span: the earliest received.

        Touching ends share nothing. An end that is not later than the begin is on the next day.
        """
        span = _span(employee_nip, date, begins, ends, excluding_id)
        return self._found(self._connection.execute(_EARLIEST_OVERLAPPING, span).one_or_none())

    def overlapping_all(self, facts: ActivityFacts, excluding_id: str | None) -> Sequence[Submission]:
        """Every standing submission of the employee that shares time with this activity, oldest first."""
        span = _span(facts.employee_nip, facts.date, facts.begins, facts.ends, excluding_id)
        return [submission_of(row) for row in self._connection.execute(_OVERLAPPING, span)]

    def list(self, limit: int, after_id: str | None = None, *, nip: str | None = None) -> Sequence[Submission]:
        """The newest `limit` submissions, or those that come after `after_id` in that order (the next page).

        With `nip` those whose record names that employee.
        """
        query = select(SUBMISSIONS).order_by(_C.received_at.desc(), _C.id.desc()).limit(limit)
        if nip is not None:
            query = query.where(_C.employee_nip == nip)
        if after_id is not None:
            last = select(_C.received_at, _C.id).where(_C.id == after_id).subquery()
            query = query.join(last, tuple_(_C.received_at, _C.id) < tuple_(last.c.received_at, last.c.id))
        return self._all(query)

    def _one(self, condition: ColumnElement[bool]) -> Submission | None:
        return self._found(self._connection.execute(select(SUBMISSIONS).where(condition)).one_or_none())

    @staticmethod
    def _found(row: Row[Any] | None) -> Submission | None:
        return submission_of(row) if row else None

    def _all(self, query: Select[Any]) -> Sequence[Submission]:
        return [submission_of(row) for row in self._connection.execute(query)]

    def _stream(self, query: Select[Any]) -> Iterator[Submission]:
        return stream(self._connection, query, submission_of)
