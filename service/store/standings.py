"""Sums over many people's months: one pass over the office, no query per person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Connection, Integer, Row, Select, and_, case, func, select, type_coerce

from service.policy import KINDS
from service.policy.month import Tally
from service.store.assessed_rows import TALLIES, tallies_of
from service.store.columns import amount
from service.store.learning_tables import ASSESSED_MONTHS
from service.store.rows import PORTION

_M = ASSESSED_MONTHS.c
_JP = sum((_M[f"{kind}_jp"] for kind in KINDS[1:]), start=_M[f"{KINDS[0]}_jp"])
# A month of a year: (2026, 4).
MonthOf = tuple[int, int]
_DECEMBER = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
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
class Spanned:
    """One employee's months of a span as `kinds_of` reads them (None: nothing approved in it).

    `year_jp` is what is approved of the span's last year so far, in thousandths.
    """

    tallies: tuple[int, ...] | None
    year_jp: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthTotal:
    """What everybody's approved activities of one month come to, and of how many people they are."""

    month: MonthOf
    people: int
    by_kind: Mapping[str, Tally]

    @property
    def jp(self) -> Decimal:
        return sum((each.jp for each in self.by_kind.values()), Decimal(0))


class StandingsRead:
    """Sums by person and by month. Who has nothing approved is in none of them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sums(
        self, first: MonthOf, last: MonthOf, *, nips: Sequence[str] | None = None
    ) -> Mapping[str, Mapping[str, Tally]]:
        """By NIP and kind, over the months from `first` to `last`, both included; of these people when given."""
        query = select(_M.nip, *_summed(None)).where(between(first, last)).group_by(_M.nip)
        return {row.nip: tallies_of(row) for row in self._rows(query, nips)}

    def spans(self, first: MonthOf, last: MonthOf) -> Mapping[str, Spanned]:
        """By NIP: the months from `first` to `last`, both included, and the last year until then; in one pass."""
        january = (last[0], 1)
        within = between(first, last)
        sums = (
            *_summed(None if first <= january else within),
            func.sum(case((_M.year == last[0], _JP), else_=0)),
            func.count(case((within, 1))),
        )
        query = select(_M.nip, *(type_coerce(each, Integer) for each in sums)).where(between(min(first, january), last))
        return dict(map(_spanned, self._rows(query.group_by(_M.nip), None)))

    def standings(self, year: int, *, last: int, now: int, nips: Sequence[str] | None = None) -> Mapping[str, Standing]:
        """By NIP: the year until the month `last`, and how it stands in the month `now` (13: the year is over)."""
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
        query = select(_M.nip, *(type_coerce(each, Integer) for each in sums))
        return {row[0]: _standing(row) for row in self._rows(query.where(_M.year == year).group_by(_M.nip), nips)}

    def months(self, first: MonthOf, last: MonthOf, *, nips: Sequence[str] | None = None) -> list[MonthTotal]:
        """Month by month over everybody (or these people), in order; months with nothing are left out."""
        query = select(_M.year, _M.month, func.count().label("people"), *_summed(None)).where(between(first, last))
        totals: dict[MonthOf, MonthTotal] = {}
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


def kinds_of(told: Sequence[int]) -> Mapping[str, Tally]:
    """By kind, from whole numbers: activities, those that count, and thousandths of JP, kind after kind."""
    return {
        kind: Tally(activities=told[place], counted=told[place + 1], jp=amount(told[place + 2]))
        for place, kind in zip(range(0, 9, 3), KINDS, strict=True)
    }


def between(first: MonthOf, last: MonthOf) -> ColumnElement[bool]:
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


def _standing(row: Row[Any]) -> Standing:
    told: tuple[Any, ...] = tuple(row)
    year_jp, before_jp, now_national, later_national, later_months = told[13:]
    return Standing(
        jp=amount(told[3] + told[6] + told[9]),
        year_jp=amount(year_jp),
        before_jp=amount(before_jp),
        now_counted=told[10:13],
        now_national=None if now_national is None else amount(now_national),
        later_national=amount(later_national),
        later_months=later_months,
        tallies=told[1:10],
    )


def _spanned(row: Row[Any]) -> tuple[str, Spanned]:
    told: tuple[Any, ...] = tuple(row)
    return told[0], Spanned(tallies=told[1:10] if told[11] else None, year_jp=told[10])


def _together(one: MonthTotal, other: MonthTotal) -> MonthTotal:
    by_kind = {kind: one.by_kind[kind] + other.by_kind[kind] for kind in KINDS}
    return MonthTotal(month=one.month, people=one.people + other.people, by_kind=by_kind)
