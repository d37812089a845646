"""What the law says of everybody's months, kept in sums beside the approvals: always what `assess` would say."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Integer,
    Row,
    Select,
    and_,
    case,
    delete,
    func,
    insert,
    select,
    text,
    type_coerce,
)

from service.law import KINDS, Activity
from service.law.month import Month, Tally, month_of_activities
from service.law.outlook import month_end
from service.records import Decision, Status
from service.store.queries import PORTION, insert_into, stream
from service.store.schema import ASSESSED_MONTHS, CERTIFICATES, SUBMISSIONS
from service.store.types import amount

_M = ASSESSED_MONTHS.c


# --- Months from and to columns

_S = SUBMISSIONS.c
TALLIES = ("activities", "counted", "jp")


def columns_of_month(nip: str, first: dt.date, activities: Sequence[Activity]) -> dict[str, Any]:
    """The row of the month that begins on `first`, by the law as it is now."""
    month = month_of_activities(first, activities)
    columns: dict[str, Any] = {
        "year": first.year,
        "nip": nip,
        "month": first.month,
        "most_national": month.most_national,
    }
    for kind, tally in month.by_kind.items():
        columns |= {f"{kind}_{name}": getattr(tally, name) for name in TALLIES}
    return columns


def month_of_row(row: Row[Any]) -> Month:
    return Month(by_kind=tallies_of(row), most_national=row.most_national)


def tallies_of(row: Row[Any]) -> dict[str, Tally]:
    """By kind, from columns named after it."""
    columns = row._mapping  # noqa: SLF001 - SQLAlchemy's documented name for columns by name
    return {kind: Tally(**{name: columns[f"{kind}_{name}"] for name in TALLIES}) for kind in KINDS}


def months_of(connection: Connection, condition: ColumnElement[bool]) -> Iterator[dict[str, Any]]:
    """The rows of every employee-month with something approved, read in one pass, a portion in memory at a time."""
    for nip, first, activities in approved_months(connection, condition):
        yield columns_of_month(nip, first, activities)


def approved_months(
    connection: Connection, condition: ColumnElement[bool]
) -> Iterator[tuple[str, dt.date, list[Activity]]]:
    """NIP, first day and approved activities of every employee-month that has any, in that order."""
    query = select(_S.employee_nip, _S.kind, _S.scope, _S.date, _S.minutes, _S.begins)
    query = query.where(_S.decision == Decision.APPROVED, condition).order_by(
        _S.employee_nip, _S.date, _S.begins, _S.id
    )
    for (nip, first), rows in groupby(stream(connection, query, lambda row: row), _place):
        listed = [
            Activity(kind=row.kind, scope=row.scope, date=row.date, minutes=row.minutes, begins=row.begins)
            for row in rows
        ]
        yield nip, first, listed


def _place(row: Row[Any]) -> tuple[str, dt.date]:
    return row.employee_nip, row.date.replace(day=1)


_KEY = ("year", "nip", "month")


class AssessedMonthsRead:
    """Read months; sums over many people are in `totals`."""

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
    """Read months and keep them in step with approvals."""

    def refresh(self, nip: str, day: dt.date) -> None:
        """Assess the month of `day` anew. The caller keeps others from approving for this employee meanwhile."""
        first, last = day.replace(day=1), month_end(day)
        mine = and_(SUBMISSIONS.c.employee_nip == nip, SUBMISSIONS.c.date.between(first, last))
        # A month in which nothing is approved any more has no row.
        old = and_(_M.nip == nip, _M.year == first.year, _M.month == first.month)
        self._connection.execute(delete(ASSESSED_MONTHS).where(old))
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
        gone = [*(columns["nip"] for columns in differing), *kept]
        for start in range(0, len(gone), PORTION):
            self._connection.execute(delete(ASSESSED_MONTHS).where(mine, _M.nip.in_(gone[start : start + PORTION])))
        for start in range(0, len(differing), PORTION):
            self._connection.execute(insert(ASSESSED_MONTHS), differing[start : start + PORTION])
        return len(gone)


# --- Sums over many people

_JP = sum(map(_M.__getitem__, map("{}_jp".format, KINDS[1:])), start=_M[f"{KINDS[0]}_jp"])
# A month of a year: (2026, 4).
YearMonth = tuple[int, int]
_DECEMBER = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class YearTotal:
    """One employee's year. `jp` and `by_kind` are until the month asked for, `year_jp` is all approved of the year.

    `before_jp` is what the months before the present one give, `now_counted` what counts in the present one by kind,
    `now_national` what that month can come to with national activities (None: nothing approved in it yet).
    `later_national` is the same of the `later_months` in which something is approved already.
    """

    jp: Decimal
    year_jp: Decimal
    before_jp: Decimal
    now_counted: tuple[int, ...]
    now_national: Decimal | None
    later_national: Decimal
    later_months: int
    tallies: tuple[int, ...]

    @property
    def by_kind(self) -> Mapping[str, Tally]:
        """Put together when it is asked for: of thousands of people nobody asks."""
        return kinds_of(self.tallies)


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanTotal:
    """One employee's months of a span as `kinds_of` reads them (None: nothing approved in it).

    `year_jp` is what is approved of the span's last year so far, in thousandths.
    """

    tallies: tuple[int, ...] | None
    year_jp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthTotal:
    """What everybody's approved activities of one month come to, and of how many people they are."""

    month: YearMonth
    people: int
    by_kind: Mapping[str, Tally]

    @property
    def jp(self) -> Decimal:
        return sum((tally.jp for tally in self.by_kind.values()), Decimal(0))


class Totals:
    """Sums by person and by month. Who has nothing approved is in none of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sums(
        self, first: YearMonth, last: YearMonth, *, nips: Sequence[str] | None = None
    ) -> Mapping[str, Mapping[str, Tally]]:
        """By NIP and kind, over the months from `first` to `last`, both included; of these people when given."""
        query = select(_M.nip, *_summed(None)).where(between(first, last)).group_by(_M.nip)
        return {row.nip: tallies_of(row) for row in self._rows(query, nips)}

    def span_totals(self, first: YearMonth, last: YearMonth) -> Mapping[str, SpanTotal]:
        """By NIP: the months from `first` to `last`, both included, and the last year until then; in one pass."""
        january = (last[0], 1)
        within = between(first, last)
        sums = (
            *_summed(None if first <= january else within),
            func.sum(case((_M.year == last[0], _JP), else_=0)),
            func.count(case((within, 1))),
        )
        query = select(_M.nip, *(type_coerce(total, Integer) for total in sums)).where(
            between(min(first, january), last)
        )
        return dict(map(_span_total, self._rows(query.group_by(_M.nip), None)))

    def year_totals(
        self, year: int, *, last: int, now: int, nips: Sequence[str] | None = None
    ) -> Mapping[str, YearTotal]:
        """By NIP: the year until the month `last`, and its state in the month `now` (13: the year is over)."""
        present = _M.month == now
        sums = (
            *_summed(_M.month <= last),
            *(func.sum(case((present, _M[f"{kind}_counted"]), else_=0)) for kind in KINDS),
            func.sum(_JP),
            func.sum(case((_M.month < now, _JP), else_=0)),
            func.max(case((present, _M.most_national))),
            func.sum(case((_M.month > now, _M.most_national), else_=0)),
            func.count(case((_M.month > now, 1))),
        )
        # As whole numbers: thousands of rows are read, and few of their columns are looked at.
        query = select(_M.nip, *(type_coerce(total, Integer) for total in sums))
        return {row[0]: _year_total(row) for row in self._rows(query.where(_M.year == year).group_by(_M.nip), nips)}

    def months(self, first: YearMonth, last: YearMonth, *, nips: Sequence[str] | None = None) -> list[MonthTotal]:
        """Month by month over everybody (or these people), in order; months with nothing are left out."""
        query = select(_M.year, _M.month, func.count().label("people"), *_summed(None)).where(between(first, last))
        totals: dict[YearMonth, MonthTotal] = {}
        for row in self._rows(query.group_by(_M.year, _M.month), nips):
            key = (row.year, row.month)
            found = MonthTotal(month=key, people=row.people, by_kind=tallies_of(row))
            totals[key] = _together(totals[key], found) if key in totals else found
        return [totals[key] for key in sorted(totals)]

    def _rows(self, query: Select[Any], nips: Sequence[str] | None) -> Iterator[Row[Any]]:
        if nips is None:
            yield from self._connection.execute(query)
            return
        for start in range(0, len(nips), PORTION):
            yield from self._connection.execute(query.where(_M.nip.in_(nips[start : start + PORTION])))


def kinds_of(numbers: Sequence[int]) -> Mapping[str, Tally]:
    """By kind, from whole numbers: activities, those that count, and thousandths of JP, kind after kind."""
    return {
        kind: Tally(activities=numbers[place], counted=numbers[place + 1], jp=amount(numbers[place + 2]))
        for place, kind in zip(range(0, 9, 3), KINDS, strict=True)
    }


def between(first: YearMonth, last: YearMonth) -> ColumnElement[bool]:
    """Months of the range; the year alone narrows it by the key."""
    years = _M.year == first[0] if first[0] == last[0] else _M.year.between(first[0], last[0])
    if first[1] == 1 and last[1] == _DECEMBER:
        return years
    if first[0] == last[0]:
        return and_(years, _M.month.between(first[1], last[1]))
    place = _M.year * _DECEMBER + _M.month
    return and_(years, place.between(first[0] * _DECEMBER + first[1], last[0] * _DECEMBER + last[1]))


def _summed(condition: ColumnElement[bool] | None) -> Iterator[ColumnElement[Any]]:
    for kind in KINDS:
        for name in TALLIES:
            column = _M[f"{kind}_{name}"]
            counted = column if condition is None else case((condition, column), else_=0)
            yield func.sum(counted).label(column.name)


def _year_total(row: Row[Any]) -> YearTotal:
    numbers: tuple[Any, ...] = tuple(row)
    year_jp, before_jp, now_national, later_national, later_months = numbers[13:]
    return YearTotal(
        jp=amount(numbers[3] + numbers[6] + numbers[9]),
        year_jp=amount(year_jp),
        before_jp=amount(before_jp),
        now_counted=numbers[10:13],
        now_national=None if now_national is None else amount(now_national),
        later_national=amount(later_national),
        later_months=later_months,
        tallies=numbers[1:10],
    )


def _span_total(row: Row[Any]) -> tuple[str, SpanTotal]:
    numbers: tuple[Any, ...] = tuple(row)
    return numbers[0], SpanTotal(tallies=numbers[1:10] if numbers[11] else None, year_jp=numbers[10])


def _together(one: MonthTotal, other: MonthTotal) -> MonthTotal:
    by_kind = {kind: one.by_kind[kind] + other.by_kind[kind] for kind in KINDS}
    return MonthTotal(month=one.month, people=one.people + other.people, by_kind=by_kind)


# --- Outcomes between two moments

_SUBMISSION, _CERTIFICATE = SUBMISSIONS.c, CERTIFICATES.c


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmissionOutcomes:
    """Of the files received between two moments: by status and decision, and why they were refused or rejected.

    `refusals` counts files by each reason, its code or the title an earlier version stored (a file may have several);
    `rejections` by Biro SDM's words.
    """

    counts: Mapping[tuple[str, str], int]
    refusals: Counter[str]
    rejections: Counter[str]

    @property
    def received(self) -> int:
        return sum(self.counts.values())

    def of(self, *, status: Status | None = None, decision: Decision | None = None) -> int:
        """How many have that status and decision."""
        return sum(
            number
            for (had, decided), number in self.counts.items()
            if status in {None, had} and decision in {None, decided}
        )


class OutcomeCounts:
    """Count outcomes; `since` belongs to the span, `until` does not."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_submissions(self, since: dt.datetime, until: dt.datetime) -> SubmissionOutcomes:
        """Everything received in the span, as it is now."""
        within = (_SUBMISSION.received_at >= since) & (_SUBMISSION.received_at < until)
        query = select(_SUBMISSION.status, _SUBMISSION.decision, func.count().label("number")).where(within)
        rows = self._connection.execute(query.group_by(_SUBMISSION.status, _SUBMISSION.decision))
        refused = select(_SUBMISSION.answer["reasons"]).where(within, _SUBMISSION.status == Status.REFUSED)
        refusals: Counter[str] = Counter()
        for (reasons,) in self._connection.execute(refused, execution_options={"yield_per": PORTION}):
            refusals.update({reason.get("title") or reason["code"] for reason in reasons or ()})
        rejected = select(_SUBMISSION.decision_reason, func.count().label("number")).where(
            within, _SUBMISSION.decision == Decision.REJECTED
        )
        rejections = {
            row.decision_reason or "": row.number
            for row in self._connection.execute(rejected.group_by(_SUBMISSION.decision_reason))
        }
        counts = {(row.status, row.decision): row.number for row in rows}
        return SubmissionOutcomes(counts=counts, refusals=refusals, rejections=Counter(rejections))

    def of_certificates(self, since: dt.datetime, until: dt.datetime) -> Mapping[str, int]:
        """How many were issued in the span, by their state now (`issued`, `revoked`, `superseded`)."""
        query = select(_CERTIFICATE.state, func.count().label("number"))
        query = query.where(_CERTIFICATE.issued_at >= since, _CERTIFICATE.issued_at < until).group_by(
            _CERTIFICATE.state
        )
        return {row.state: row.number for row in self._connection.execute(query)}
