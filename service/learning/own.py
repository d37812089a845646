"""One employee's other learning of a year, beside CMB and never part of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.records import Decision
from service.store import Transaction
from service.store.assignments import Assignment, State
from service.store.other_learning import OtherLearning


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnLearning:
    """`pieces` newest first, rejected ones included; `assigned` is what the head of unit assigned and is still open."""

    year: int
    pieces: Sequence[OtherLearning]
    assigned: Sequence[Assignment]

    @property
    def jp(self) -> Decimal:
        """What Biro SDM approved; it counts towards 5.f.6, not towards the CMB certificate."""
        return sum((each.jp for each in self.pieces if each.decision is Decision.APPROVED), Decimal(0))

    @property
    def waiting(self) -> int:
        """How many pieces await a decision."""
        return sum(each.decision is Decision.PENDING for each in self.pieces)


def own_learning(nip: str, year: int, tx: Transaction) -> OwnLearning:
    """Everything of that employee that ended in that year."""
    return OwnLearning(
        year=year,
        pieces=tuple(reversed(tx.other_learning.of_employee(nip, year))),
        assigned=tx.assignments.list(year=year, nip=nip, state=State.OPEN),
    )
