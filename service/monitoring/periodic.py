"""The periodic report to the Sekretaris Utama (circular 5.b.6): all units over whole months, as values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from forms.indonesian import MONTHS
from service.errors import BadInput
from service.law import KINDS, jp_text
from service.law.month import Tally
from service.law.outlook import month_end
from service.law.se_bkn_3_2022 import TARGET_JP
from service.records import Decision
from service.store import Transaction
from service.store.totals import MonthTotal, SpanTotal, SubmissionOutcomes, YearMonth, kinds_of

# People whose activities counted but who were with us on no day of the span, if that ever happens.
ELSEWHERE = "Tidak tercatat pada masa ini"
_NONE = (0,) * 9
_NOTHING = SpanTotal(tallies=None, year_jp=0)
_REACHED = int(TARGET_JP) * 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTotal:
    """One unit in the span. `active` have something approved in it; `reached` have 20 JP in its last year so far."""

    unit: str
    people: int
    active: int
    reached: int
    by_kind: Mapping[str, Tally]

    @property
    def jp(self) -> Decimal:
        return sum((each.jp for each in self.by_kind.values()), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class Periodic:
    """The whole report. `jp_before` is the total of the same number of months just before."""

    span: Span
    units: tuple[UnitTotal, ...]
    months: tuple[MonthTotal, ...]
    jp_before: Decimal
    outcomes: SubmissionOutcomes
    certificates: Mapping[str, int]
    other_learning: Mapping[str, tuple[int, Decimal]]

    @property
    def whole(self) -> UnitTotal:
        """All units together."""
        return UnitTotal(
            unit="Semua",
            people=sum(each.people for each in self.units),
            active=sum(each.active for each in self.units),
            reached=sum(each.reached for each in self.units),
            by_kind=summed(each.by_kind for each in self.units),
        )


def periodic(span: Span, tx: Transaction, *, zone: ZoneInfo) -> Periodic:
    """Everybody counts where they stood last in the span, also who left in it."""
    people = {each.nip: each.unit for each in tx.employees.during(span.starts, span.ends)}
    spans = tx.totals.span_totals(span.first, span.last)
    gathered: dict[str, _Unit] = {unit: _Unit() for unit in sorted(set(people.values()))}
    for nip, unit in people.items():
        gathered[unit].add(spans.get(nip, _NOTHING), present=True)
    for nip in spans.keys() - people.keys():
        if spans[nip].tallies is not None:
            gathered.setdefault(ELSEWHERE, _Unit()).add(spans[nip], present=False)
    since, until = span.moments(zone)
    before = span.before
    learning: dict[str, tuple[int, Decimal]] = {}
    for each in tx.other_learning.list(span.starts, span.ends, decision=Decision.APPROVED):
        number, jp = learning.get(each.kind, (0, Decimal(0)))
        learning[each.kind] = (number + 1, jp + each.jp)
    return Periodic(
        span=span,
        units=tuple(each.total(unit) for unit, each in gathered.items()),
        months=_every_month(span, tx.totals.months(span.first, span.last)),
        jp_before=sum((each.jp for each in tx.totals.months(before.first, before.last)), Decimal(0)),
        outcomes=tx.outcomes.of_submissions(since, until),
        certificates=tx.outcomes.of_certificates(since, until),
        other_learning=learning,
    )


class _Unit:
    """A unit while it is counted."""

    def __init__(self) -> None:
        self.people = self.active = self.reached = 0
        self.tallies: list[tuple[int, ...]] = []

    def add(self, told: SpanTotal, *, present: bool) -> None:
        self.people += present
        self.reached += present and told.year_jp >= _REACHED
        if told.tallies is not None:
            self.active += 1
            self.tallies.append(told.tallies)

    def total(self, unit: str) -> UnitTotal:
        together = [sum(each) for each in zip(*self.tallies, strict=True)] or _NONE
        return UnitTotal(
            unit=unit, people=self.people, active=self.active, reached=self.reached, by_kind=kinds_of(together)
        )


def summed(many: Iterable[Mapping[str, Tally]]) -> Mapping[str, Tally]:
    """Kind by kind over many."""
    listed = list(many)
    return {
        kind: Tally(
            activities=sum(each[kind].activities for each in listed),
            counted=sum(each[kind].counted for each in listed),
            jp=sum((each[kind].jp for each in listed), Decimal(0)),
        )
        for kind in KINDS
    }


def _every_month(span: Span, found: list[MonthTotal]) -> tuple[MonthTotal, ...]:
    known = {each.month: each for each in found}
    nothing = dict.fromkeys(KINDS, Tally())
    return tuple(known.get(month) or MonthTotal(month=month, people=0, by_kind=nothing) for month in span.months)


# --- A run of whole calendar months: JP have monthly limits, so nothing smaller can be reported honestly

_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From the first day of one month to the last of another, both included."""

    first: YearMonth
    last: YearMonth

    @property
    def starts(self) -> dt.date:
        return dt.date(*self.first, 1)

    @property
    def ends(self) -> dt.date:
        return month_end(dt.date(*self.last, 1))

    @property
    def months(self) -> tuple[YearMonth, ...]:
        """Every month, in order."""
        return tuple(_month(place) for place in range(_place(self.first), _place(self.last) + 1))

    @property
    def before(self) -> Span:
        """The same number of months just before."""
        length = len(self.months)
        return Span(first=_month(_place(self.first) - length), last=_month(_place(self.first) - 1))

    @property
    def text(self) -> str:
        """`Januari–Juni 2026`, `Juli 2025–Juni 2026`, `Maret 2026`."""
        (year, month), (last_year, last_month) = self.first, self.last
        if self.first == self.last:
            return f"{MONTHS[month - 1]} {year}"
        begin = MONTHS[month - 1] if year == last_year else f"{MONTHS[month - 1]} {year}"
        return f"{begin}–{MONTHS[last_month - 1]} {last_year}"

    def moments(self, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
        """Midnight before the first day and after the last, where the agency is."""
        after = self.ends + dt.timedelta(days=1)
        return (
            dt.datetime.combine(self.starts, dt.time.min, zone),
            dt.datetime.combine(after, dt.time.min, zone),
        )


def span_of(first: YearMonth, last: YearMonth) -> Span:
    """BadInput when the last month comes before the first."""
    if last < first:
        raise BadInput("Bulan akhir mendahului bulan awal.", "Tulis misalnya --from 2026-01 --to 2026-06.")
    return Span(first=first, last=last)


def _month(place: int) -> YearMonth:
    """The month that is so many after January of year 0."""
    year, month = divmod(place, _YEAR)
    return year, month + 1


def _place(month: YearMonth) -> int:
    return month[0] * _YEAR + month[1] - 1


# --- The periodic report as JSON: decimals as strings


def periodic_json(report: Periodic) -> dict[str, Any]:
    """The whole report as one object."""
    outcomes = report.outcomes
    return {
        "from": report.span.starts.isoformat(),
        "to": report.span.ends.isoformat(),
        "total": jp_text(report.whole.jp),
        "before": jp_text(report.jp_before),
        "whole": _unit(report.whole),
        "units": [_unit(each) for each in report.units],
        "months": [
            {
                "month": f"{each.month[0]}-{each.month[1]:02}",
                "people": each.people,
                "jp": jp_text(each.jp),
                "kinds": _kinds(each.by_kind),
            }
            for each in report.months
        ],
        "received": outcomes.received,
        "outcomes": [
            {"status": status, "decision": decision, "number": number}
            for (status, decision), number in sorted(outcomes.counts.items())
        ],
        "refusals": dict(outcomes.refusals.most_common()),
        "rejections": dict(outcomes.rejections.most_common()),
        "certificates": dict(report.certificates),
        "other_learning": {
            kind: {"number": number, "jp": jp_text(jp)} for kind, (number, jp) in report.other_learning.items()
        },
    }


def _unit(told: UnitTotal) -> dict[str, Any]:
    return {
        "unit": told.unit,
        "people": told.people,
        "active": told.active,
        "reached": told.reached,
        "jp": jp_text(told.jp),
        "kinds": _kinds(told.by_kind),
    }


def _kinds(by_kind: Mapping[str, Tally]) -> dict[str, Any]:
    return {
        kind: {"activities": each.activities, "counted": each.counted, "jp": jp_text(each.jp)}
        for kind, each in by_kind.items()
    }
