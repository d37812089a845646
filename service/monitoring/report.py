"""The periodic report to the Sekretaris Utama (circular 5.b.6): all units over whole months, as values and JSON."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from forms.indonesian import MONTHS
from service.errors import BadInput
from service.language import Reader
from service.law import KINDS, jp_text, target_of
from service.law.month import Tally
from service.law.outlook import month_end
from service.records import Decision
from service.store import Transaction
from service.store.totals import MonthTotal, SpanTotal, SubmissionOutcomes, YearMonth, kinds_of
from service.verification.wording import code_title

# --- The span: whole months, because JP have monthly limits

_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """From the first day of one month to the last day of another."""

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
        """Return every month, in order."""
        return tuple(_month(place) for place in range(_place(self.first), _place(self.last) + 1))

    @property
    def before(self) -> Span:
        """Return the same number of months just before."""
        length = len(self.months)
        return Span(first=_month(_place(self.first) - length), last=_month(_place(self.first) - 1))

    @property
    def text(self) -> str:
        """Return `Januari–Juni 2026`, `Juli 2025–Juni 2026` or `Maret 2026`."""
        (year, month), (last_year, last_month) = self.first, self.last
        if self.first == self.last:
            return f"{MONTHS[month - 1]} {year}"
        begin = MONTHS[month - 1] if year == last_year else f"{MONTHS[month - 1]} {year}"
        return f"{begin}–{MONTHS[last_month - 1]} {last_year}"

    def moments(self, zone: ZoneInfo) -> tuple[dt.datetime, dt.datetime]:
        """Return midnight before the first day and after the last, in the agency's time zone."""
        after = self.ends + dt.timedelta(days=1)
        return (
            dt.datetime.combine(self.starts, dt.time.min, zone),
            dt.datetime.combine(after, dt.time.min, zone),
        )


def span_of(first: YearMonth, last: YearMonth) -> Span:
    """Return the span; BadInput when the last month comes before the first."""
    if last < first:
        raise BadInput("Bulan akhir mendahului bulan awal.", "Tulis misalnya --from 2026-01 --to 2026-06.")
    return Span(first=first, last=last)


def _month(place: int) -> YearMonth:
    """Return the month that is `place` months after January of year 0."""
    year, month = divmod(place, _YEAR)
    return year, month + 1


def _place(month: YearMonth) -> int:
    return month[0] * _YEAR + month[1] - 1


# --- The report


# The unit of people whose activities counted but who were employed on no day of the span.
ELSEWHERE = "Tidak tercatat pada masa ini"
_NONE = (0,) * 9
_NOTHING = SpanTotal(tallies=None, year_jp=0)
_THOUSANDTHS = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitTotal:
    """One unit in the span. `active` have approved activities; `reached` the target of its last year so far."""

    unit: str
    people: int
    active: int
    reached: int
    by_kind: Mapping[str, Tally]

    @property
    def jp(self) -> Decimal:
        return sum((tally.jp for tally in self.by_kind.values()), Decimal(0))


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodicReport:
    """The whole report. `jp_before` is the total of the same number of months just before."""

    span: Span
    units: tuple[UnitTotal, ...]
    months: tuple[MonthTotal, ...]
    jp_before: Decimal
    outcomes: SubmissionOutcomes
    certificates: Mapping[str, int]
    other_learning: Mapping[str, tuple[int, Decimal]]

    @property
    def target(self) -> Decimal:
        """Return what the law asks of the span's last year."""
        return target_of(self.span.last[0]).value

    @property
    def whole(self) -> UnitTotal:
        """Return the total of all units."""
        return UnitTotal(
            unit="Semua",
            people=sum(total.people for total in self.units),
            active=sum(total.active for total in self.units),
            reached=sum(total.reached for total in self.units),
            by_kind=summed(total.by_kind for total in self.units),
        )


def periodic(span: Span, tx: Transaction, *, zone: ZoneInfo) -> PeriodicReport:
    """Return the report; everybody counts in their last unit of the span, those who left included."""
    people = {tenure.nip: tenure.unit for tenure in tx.employees.during(span.starts, span.ends)}
    spans = tx.totals.span_totals(span.first, span.last)
    target = target_of(span.last[0]).value
    counters: dict[str, _UnitCounter] = {unit: _UnitCounter(target) for unit in sorted(set(people.values()))}
    for nip, unit in people.items():
        counters[unit].add(spans.get(nip, _NOTHING), present=True)
    for nip in spans.keys() - people.keys():
        if spans[nip].tallies is not None:
            counters.setdefault(ELSEWHERE, _UnitCounter(target)).add(spans[nip], present=False)
    since, until = span.moments(zone)
    before = span.before
    learning: dict[str, tuple[int, Decimal]] = {}
    for piece in tx.other_learning.list(span.starts, span.ends, decision=Decision.APPROVED):
        number, jp = learning.get(piece.kind, (0, Decimal(0)))
        learning[piece.kind] = (number + 1, jp + piece.jp)
    return PeriodicReport(
        span=span,
        units=tuple(counter.total(unit) for unit, counter in counters.items()),
        months=_every_month(span, tx.totals.months(span.first, span.last)),
        jp_before=sum((total.jp for total in tx.totals.months(before.first, before.last)), Decimal(0)),
        outcomes=_titled(tx.outcomes.of_submissions(since, until)),
        certificates=tx.outcomes.of_certificates(since, until),
        other_learning=learning,
    )


class _UnitCounter:
    """Counts one unit."""

    def __init__(self, target: Decimal) -> None:
        self._target = int(target * _THOUSANDTHS)
        self.people = self.active = self.reached = 0
        self.tallies: list[tuple[int, ...]] = []

    def add(self, person: SpanTotal, *, present: bool) -> None:
        self.people += present
        self.reached += present and person.year_jp >= self._target
        if person.tallies is not None:
            self.active += 1
            self.tallies.append(person.tallies)

    def total(self, unit: str) -> UnitTotal:
        sums = [sum(column) for column in zip(*self.tallies, strict=True)] or _NONE
        return UnitTotal(
            unit=unit, people=self.people, active=self.active, reached=self.reached, by_kind=kinds_of(sums)
        )


def summed(many: Iterable[Mapping[str, Tally]]) -> Mapping[str, Tally]:
    """Return the sums by kind."""
    listed = list(many)
    return {
        kind: Tally(
            activities=sum(by_kind[kind].activities for by_kind in listed),
            counted=sum(by_kind[kind].counted for by_kind in listed),
            jp=sum((by_kind[kind].jp for by_kind in listed), Decimal(0)),
        )
        for kind in KINDS
    }


def _every_month(span: Span, found: list[MonthTotal]) -> tuple[MonthTotal, ...]:
    known = {total.month: total for total in found}
    nothing = dict.fromkeys(KINDS, Tally())
    return tuple(known.get(month) or MonthTotal(month=month, people=0, by_kind=nothing) for month in span.months)


# --- JSON


def periodic_report_json(report: PeriodicReport) -> dict[str, Any]:
    """Return the report as one JSON object, decimals as strings."""
    outcomes = report.outcomes
    return {
        "from": report.span.starts.isoformat(),
        "to": report.span.ends.isoformat(),
        "total": jp_text(report.whole.jp),
        "before": jp_text(report.jp_before),
        "whole": _unit(report.whole),
        "units": [_unit(total) for total in report.units],
        "months": [
            {
                "month": f"{total.month[0]}-{total.month[1]:02}",
                "people": total.people,
                "jp": jp_text(total.jp),
                "kinds": _kinds(total.by_kind),
            }
            for total in report.months
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


def _titled(outcomes: SubmissionOutcomes) -> SubmissionOutcomes:
    """Return the outcomes with reasons by their titles; the report is Indonesian."""
    refusals: Counter[str] = Counter()
    for code, number in outcomes.refusals.items():
        refusals[code_title(code, Reader())] += number
    return replace(outcomes, refusals=refusals)


def _unit(total: UnitTotal) -> dict[str, Any]:
    return {
        "unit": total.unit,
        "people": total.people,
        "active": total.active,
        "reached": total.reached,
        "jp": jp_text(total.jp),
        "kinds": _kinds(total.by_kind),
    }


def _kinds(by_kind: Mapping[str, Tally]) -> dict[str, Any]:
    return {
        kind: {"activities": tally.activities, "counted": tally.counted, "jp": jp_text(tally.jp)}
        for kind, tally in by_kind.items()
    }
