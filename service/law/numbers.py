"""The law's numbers: what a regulation states from a day on, and all that hold on a day, each with its source."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Generic, TypeVar

from service.law.dated import Dated
from service.law.source import Citation

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stated(Generic[T]):
    """A number and the norm that states it."""

    value: T
    citation: Citation


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Regulation:
    """The numbers that one regulation states from a day on; what it is silent about stays as it was.

    `a_month`: how many of a kind count in a month. `meetings`: the JP of a meeting by kind and scope. `a_day`: the JP
    of self-study in a day. `addition`: by how much international self-study grows. `target`: the JP of a year.
    """

    holds_from: dt.date
    target: Stated[Decimal] | None = None
    a_month: Mapping[str, Stated[int]] = field(default_factory=dict)
    meetings: Mapping[tuple[str, str], Stated[Decimal]] = field(default_factory=dict)
    a_day: Stated[Decimal] | None = None
    addition: Stated[Decimal] | None = None

    def __post_init__(self) -> None:
        """Refuse with ValueError a day within a month: two limits a month in one month would mean nothing."""
        if self.holds_from.day != 1:
            raise ValueError(f"numbers change with a month, not on {self.holds_from}")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Numbers:
    """Every number that holds on a day."""

    target: Stated[Decimal]
    a_month: Mapping[str, Stated[int]]
    meetings: Mapping[tuple[str, str], Stated[Decimal]]
    a_day: Stated[Decimal]
    addition: Stated[Decimal]

    @property
    def times(self) -> Mapping[str, int]:
        """Return how many of each kind count in a month."""
        return {kind: stated.value for kind, stated in self.a_month.items()}

    def most_of_one(self, kind: str, scope: str) -> Decimal:
        """Return the most that one activity of this kind and scope gives."""
        if (kind, scope) in self.meetings:
            return self.meetings[kind, scope].value
        return self.a_day.value * (1 + self.addition.value) if scope == "internasional" else self.a_day.value


def all_numbers(regulations: Sequence[Regulation]) -> tuple[Dated[Numbers], ...]:
    """Return the numbers after each regulation, the earliest first; ValueError when the first is not complete."""
    first, *later = sorted(regulations, key=lambda regulation: regulation.holds_from)
    if first.target is None or first.a_day is None or first.addition is None:
        raise ValueError("the first regulation states every number")
    numbers = Numbers(
        target=first.target,
        a_month=first.a_month,
        meetings=first.meetings,
        a_day=first.a_day,
        addition=first.addition,
    )
    found = [Dated(value=numbers, holds_from=first.holds_from)]
    for regulation in later:
        numbers = Numbers(
            target=regulation.target or numbers.target,
            a_month={**numbers.a_month, **regulation.a_month},
            meetings={**numbers.meetings, **regulation.meetings},
            a_day=regulation.a_day or numbers.a_day,
            addition=regulation.addition or numbers.addition,
        )
        found.append(Dated(value=numbers, holds_from=regulation.holds_from))
    return tuple(found)
