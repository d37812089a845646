"""The periodic report to the Sekretaris Utama (circular 5.b.6): all units over whole months, as values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from zoneinfo import ZoneInfo

from service.monitoring.span import Span
from service.policy import KINDS
from service.policy.month import Tally
from service.policy.se_bkn_3_2022 import TARGET_JP
from service.records import Decision
from service.store import Transaction
from service.store.outcomes import Outcomes
from service.store.standings import MonthTotal, Spanned, kinds_of

# People whose activities counted but who were with us on no day of the span, if that ever happens.
ELSEWHERE = "Tidak tercatat pada masa ini"
_NONE = (0,) * 9
_NOTHING = Spanned(tallies=None, year_jp=0)
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
    outcomes: Outcomes
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
    spans = tx.standings.spans(span.first, span.last)
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
        months=_every_month(span, tx.standings.months(span.first, span.last)),
        jp_before=sum((each.jp for each in tx.standings.months(before.first, before.last)), Decimal(0)),
        outcomes=tx.outcomes.of_submissions(since, until),
        certificates=tx.outcomes.of_certificates(since, until),
        other_learning=learning,
    )


class _Unit:
    """A unit while it is counted."""

    def __init__(self) -> None:
        self.people = self.active = self.reached = 0
        self.tallies: list[tuple[int, ...]] = []

    def add(self, told: Spanned, *, present: bool) -> None:
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
