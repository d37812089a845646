"""Keeping submissions: received once, answered once, decided once."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from operator import attrgetter
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    bindparam,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)

from service.law import Activity
from service.records import ActivityFacts, Decision, Event, Status, Submission, Verification
from service.store.errors import UnknownRow
from service.store.learning import PastActivities
from service.store.queries import PORTION, columns_of, insert_into, stream
from service.store.schema import EVENTS, SUBMISSIONS, VERIFICATION_MATERIAL, VERIFICATIONS
from service.store.totals import AssessedMonths

_C = SUBMISSIONS.c


# --- Submissions from and to columns; the facts of a row are all there or all absent

_FACTS = tuple(map(attrgetter("name"), fields(ActivityFacts)))


def facts_columns(facts: ActivityFacts | None) -> Mapping[str, Any]:
    return columns_of(facts) if facts is not None else dict.fromkeys(_FACTS)


def submission_of(row: Row[Any]) -> Submission:
    columns = row._asdict()
    facts = {name: columns.pop(name) for name in _FACTS}
    return Submission(
        **columns
        | {
            "status": Status(row.status),
            "decision": Decision(row.decision),
            "facts": None if facts["employee_nip"] is None else ActivityFacts(**facts),
        }
    )


def within(year: int) -> ColumnElement[bool]:
    """Activities of a calendar year, as a range so that the index on the date is used."""
    return SUBMISSIONS.c.date.between(dt.date(year, 1, 1), dt.date(year, 12, 31))


def comparable(but: BindParameter[str]) -> ColumnElement[bool]:
    """Submissions an activity is compared with: passed or awaiting a person, not rejected by Biro SDM; not `but`."""
    return and_(
        SUBMISSIONS.c.status.in_([Status.VERIFIED, Status.REVIEW]),
        SUBMISSIONS.c.decision != Decision.REJECTED,
        SUBMISSIONS.c.id != but,
    )


# --- Submission queries

_DAY = dt.timedelta(days=1)
_IN_ORDER = (_C.date, _C.begins, _C.id)


def _comparable(*conditions: ColumnElement[bool]) -> Select[Any]:
    others = comparable(bindparam("but"))
    return select(SUBMISSIONS).where(*conditions, others).order_by(_C.received_at, _C.id)


# Asked for every file, so put together once. `but` is the submission not to be compared with itself, '' for none.
_BY_DIGEST = select(SUBMISSIONS).where(_C.digest == bindparam("wanted"))
_OF_PERSON = _C.employee_nip == bindparam("nip")
# Nothing lasts longer than a day, so only three days can share time with a span. `until` is the span's end on its own
# day (the last moment of the day when it goes on), `spill` its end on the next day (the first moment when it does not).
_GOES_ON = _C.ends <= _C.begins
_OVERLAPPING = _comparable(
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
    """Read submissions; lists of one person are whole, lists of the house come in portions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, submission_id: str) -> Submission | None:
        return self._one(_C.id == submission_id)

    def find_by_digest(self, digest: str) -> Submission | None:
        return self._found(self._connection.execute(_BY_DIGEST, {"wanted": digest}).one_or_none())

    def unfinished(self, *, before: dt.datetime | None = None) -> Iterator[Submission]:
        """Received (before that moment, if given) but not answered: what a killed process left."""
        query = select(SUBMISSIONS).where(_C.status == Status.RECEIVED).order_by(_C.received_at, _C.id)
        return self._stream(query if before is None else query.where(_C.received_at < before))

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

    def overlapping(
        self, employee_nip: str, date: dt.date, begins: dt.time, ends: dt.time, excluding_id: str | None
    ) -> Submission | None:
        """A comparable submission of the employee that shares time with this span: the earliest received.

        Touching ends share nothing. An end that is not later than the begin is on the next day.
        """
        span = _span(employee_nip, date, begins, ends, excluding_id)
        return self._found(self._connection.execute(_EARLIEST_OVERLAPPING, span).one_or_none())

    def overlapping_all(self, facts: ActivityFacts, excluding_id: str | None) -> Sequence[Submission]:
        """Every comparable submission of the employee that shares time with this activity, oldest first."""
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


class Submissions(SubmissionsRead):
    """Read and write submissions."""

    def receive(self, digest: str, file_name: str, received_at: dt.datetime, new_id: str) -> tuple[Submission, bool]:
        """The submission of these bytes and whether it is new; two who send them at once get the same one."""
        statement = insert_into(self._connection, SUBMISSIONS).values(
            id=new_id,
            digest=digest,
            file_name=file_name,
            received_at=received_at,
            status=Status.RECEIVED,
            answer={},
            decision=Decision.PENDING,
        )
        statement = statement.on_conflict_do_nothing(index_elements=["digest"]).returning(_C.id)
        new = self._connection.scalar(statement) is not None
        kept = self.find_by_digest(digest)
        if kept is None:
            raise ValueError(f"{digest!r} is not a digest")
        return kept, new

    def complete(
        self, submission_id: str, status: Status, facts: ActivityFacts | None, answer: Mapping[str, Any]
    ) -> Submission:
        """Write the answer and return what is kept: an answer given before stays. UnknownRow for an unknown id."""
        self.answer(submission_id, status, facts, answer)
        return self.kept(submission_id)

    def answer(
        self, submission_id: str, status: Status, facts: ActivityFacts | None, answer: Mapping[str, Any]
    ) -> bool:
        """Write the answer; False when one was given before, which stays. Only the writer tells of it."""
        if status is Status.RECEIVED:
            raise ValueError("an answer is verified, review or refused")
        statement = (
            update(SUBMISSIONS)
            .where(_C.id == submission_id, _C.status == Status.RECEIVED)
            .values(status=status, answer=dict(answer), **facts_columns(facts))
        )
        return self._connection.execute(statement).rowcount == 1

    def kept(self, submission_id: str) -> Submission:
        """The submission of that id; UnknownRow for an unknown one."""
        kept = self.get(submission_id)
        if kept is None:
            raise UnknownRow("submission_unknown", submission=submission_id)
        return kept

    def reopen(self, submission_id: str) -> bool:
        """Take back an answer that sent the file to a person, so that it is given anew; False when decided already."""
        statement = (
            update(SUBMISSIONS)
            .where(_C.id == submission_id, _C.status == Status.REVIEW, _C.decision == Decision.PENDING)
            .values(status=Status.RECEIVED, answer={}, **facts_columns(None))
        )
        return self._connection.execute(statement).rowcount == 1

    def decide(self, submission_id: str, decision: Decision, at: dt.datetime, by: str, reason: str | None) -> bool:
        """Keep a decision on something undecided; False when there is nothing to decide.

        Only what passed or went to a person, with a record, is approved; what was not judged yet is not decided. What
        an approval does to its month (`assessed_months`) is kept with it.
        """
        if decision is Decision.PENDING:
            raise ValueError("a decision is approved or rejected")
        open_to = _C.status != Status.RECEIVED
        if decision is Decision.APPROVED:
            open_to = _C.status.in_([Status.VERIFIED, Status.REVIEW]) & _C.employee_nip.is_not(None)
        statement = (
            update(SUBMISSIONS)
            .where(_C.id == submission_id, _C.decision == Decision.PENDING, open_to)
            .values(decision=decision, decided_at=at, decided_by=by, decision_reason=reason)
            .returning(_C.employee_nip, _C.date)
        )
        decided = self._connection.execute(statement).one_or_none()
        if decided is not None and decision is Decision.APPROVED:
            # Two approvals side by side must not each write a month without the other.
            self.alone_with(decided.employee_nip)
            AssessedMonths(self._connection).refresh(decided.employee_nip, decided.date)
            PastActivities(self._connection).refresh(decided.employee_nip, decided.date)
        return decided is not None

    def withdraw(self, submission_id: str, at: dt.datetime, by: str, reason: str) -> bool:
        """End an approval: what was approved is rejected from now on, with this reason; False when it was not approved.

        Its month is assessed anew, with what paper records of that month still give.
        """
        statement = (
            update(SUBMISSIONS)
            .where(_C.id == submission_id, _C.decision == Decision.APPROVED)
            .values(decision=Decision.REJECTED, decided_at=at, decided_by=by, decision_reason=reason)
            .returning(_C.employee_nip, _C.date)
        )
        row = self._connection.execute(statement).one_or_none()
        if row is not None:
            self.alone_with(row.employee_nip)
            AssessedMonths(self._connection).refresh(row.employee_nip, row.date)
            PastActivities(self._connection).refresh(row.employee_nip, row.date)
        return row is not None

    def overlapping(
        self, employee_nip: str, date: dt.date, begins: dt.time, ends: dt.time, excluding_id: str | None
    ) -> Submission | None:
        """As when reading, and until the commit nobody else asks for this employee."""
        self.alone_with(employee_nip)
        return super().overlapping(employee_nip, date, begins, ends, excluding_id)

    def overlapping_all(self, facts: ActivityFacts, excluding_id: str | None) -> Sequence[Submission]:
        """As when reading, and until the commit nobody else asks for this employee."""
        self.alone_with(facts.employee_nip)
        return super().overlapping_all(facts, excluding_id)

    def alone_with(self, nip: str) -> None:
        """Until the commit nobody else answers, decides or certifies for this employee.

        Two files of one activity answered side by side must not both miss the other.

        SQLite has one writer at a time; PostgreSQL gets a lock on the person, since there may be no row to lock.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(nip, 0))))


# --- Verifications; triggers in the database refuse anything but adding

_COLUMNS = [column for column in VERIFICATIONS.c if column is not VERIFICATIONS.c.id]
_M = VERIFICATION_MATERIAL.c
_MATERIAL_COLUMNS = (_M.judged_at, _M.kind, _M.digest)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptMaterial:
    """A revocation list (`crl`) or an OCSP answer (`ocsp`) a judgement rested on, by the digest of the stored bytes."""

    judged_at: dt.datetime
    kind: str
    digest: str


class VerificationsRead:
    """Read verifications."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of(self, submission_id: str) -> Sequence[Verification]:
        """All judgements of one submission, oldest first."""
        query = select(*_COLUMNS).where(VERIFICATIONS.c.submission_id == submission_id).order_by(VERIFICATIONS.c.id)
        return [Verification(**row._asdict()) for row in self._connection.execute(query)]

    def material(self, submission_id: str) -> Sequence[KeptMaterial]:
        """What judgements of one submission rested on besides the file, oldest first."""
        query = select(*_MATERIAL_COLUMNS).where(_M.submission_id == submission_id).order_by(_M.id)
        return [KeptMaterial(**row._asdict()) for row in self._connection.execute(query)]


class Verifications(VerificationsRead):
    """Read verifications and add to them."""

    def keep_material(self, submission_id: str, judged_at: dt.datetime, digests: Mapping[str, Sequence[str]]) -> None:
        """Keep what a judgement rested on, by kind (`crl`, `ocsp`) and digest of the stored bytes."""
        rows = [
            {"submission_id": submission_id, "judged_at": judged_at, "kind": kind, "digest": digest}
            for kind, some in digests.items()
            for digest in some
        ]
        if rows:
            self._connection.execute(insert(VERIFICATION_MATERIAL), rows)

    def append(self, verification: Verification) -> None:
        """Keep one more judgement. UnknownRow when it is of no submission we have."""
        self._connection.execute(
            insert(VERIFICATIONS).values(columns_of(verification) | {"answer": dict(verification.answer)})
        )


# --- Activities awaiting a decision

_WAITS = _C.status.in_([Status.VERIFIED, Status.REVIEW]) & (_C.decision == Decision.PENDING)


class AwaitingDecision:
    """Read activities that may still come to count."""

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


# --- Long lists for exports


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
    """Read long lists in portions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def activities(self, year: int, *, nips: Collection[str] | None = None) -> Iterator[ListedActivity]:
        """The activities of a year, refused ones included, by employee, date, start and id; of these if given."""
        columns = [_C[field.name] for field in fields(ListedActivity)]
        whose = _C.employee_nip.is_not(None) if nips is None else _C.employee_nip.in_(sorted(nips))
        query = select(*columns).where(within(year), whose)
        return stream(self._connection, query.order_by(_C.employee_nip, _C.date, _C.begins, _C.id), _activity)

    def countable(self, year: int, *, nips: Collection[str]) -> Iterator[ListedActivity]:
        """Those of `activities` that count or may still count: not refused, not rejected, not a copy."""
        for activity in self.activities(year, nips=nips):
            if activity.status in {Status.VERIFIED, Status.REVIEW} and activity.decision is not Decision.REJECTED:
                yield activity

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
    columns = row._asdict()
    return ListedActivity(**columns | {"status": Status(columns["status"]), "decision": Decision(columns["decision"])})
