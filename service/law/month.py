"""One calendar month of one employee in sums: no limit of the circular looks beyond a month, so sums add up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.law.assessment import assess
from service.law.outlook import month_end, most
from service.law.rule import KINDS, ZERO, Activity


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """Of one kind: how many there are, how many of them count, and the JP they give."""

    activities: int = 0
    counted: int = 0
    jp: Decimal = ZERO

    def __add__(self, other: Tally) -> Tally:
        return Tally(
            activities=self.activities + other.activities, counted=self.counted + other.counted, jp=self.jp + other.jp
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """What `assess` says of a month, kind by kind.

    `most_national`: what it can still come to with national activities, while at least two of its days are left.
    """

    by_kind: Mapping[str, Tally]
    most_national: Decimal

    @property
    def jp(self) -> Decimal:
        return sum((assessment.jp for assessment in self.by_kind.values()), ZERO)


def month_of_activities(first: dt.date, activities: Sequence[Activity]) -> Month:
    """Assess the month that begins on `first`; ValueError for an activity of another month."""
    if any(activity.date.replace(day=1) != first for activity in activities):
        raise ValueError("an activity of another month")
    by_kind = dict.fromkeys(KINDS, Tally())
    for item in assess(activities).items:
        by_kind[item.activity.kind] += Tally(activities=1, counted=int(item.counted), jp=item.jp)
    national = most(activities, first, month_end(first), international=False)
    return Month(by_kind=by_kind, most_national=national)
