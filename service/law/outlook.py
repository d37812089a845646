"""What a year can still come to: the law itself over what was approved and the most that could still happen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from service.policy.activity import KINDS, Activity
from service.policy.assessment import assess
from service.policy.house import MINUTES_A_JP
from service.policy.se_bkn_3_2022 import (
    COACHING_A_MONTH,
    DAY_LIMIT,
    MENTORING_A_MONTH,
    SELF_STUDY_A_MONTH,
    TARGET_JP,
)

# How many of a kind count in a month (5.c.1)c), 5.d.1)e), 5.e.1)b)).
A_MONTH = {"coaching": COACHING_A_MONTH, "mentoring": MENTORING_A_MONTH, "belajar_mandiri": SELF_STUDY_A_MONTH}
# As long as pays: what is longer gives nothing more in a day.
_MINUTES = int(DAY_LIMIT.most) * MINUTES_A_JP


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What one kind still allows in the month of the day: how many more count, and the JP they add at most.

    `jp_international` is what they add when they are international; it may be more than nothing with no place `left`,
    since an international meeting takes the place of a national one that gives less.
    """

    kind: str
    left: int
    jp: Decimal
    jp_international: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """From `day` (it included) to 31 December: `total` counts already, `most` is the bound nobody can pass.

    `most_national` is the same with national activities only. Nobody with `most` below the target reaches it by
    Coaching, Mentoring and Belajar Mandiri any more.
    """

    day: dt.date
    total: Decimal
    most: Decimal
    most_national: Decimal
    rooms: tuple[Room, ...]
    target: Decimal = TARGET_JP

    @property
    def reachable(self) -> bool:
        return self.most >= self.target

    @property
    def only_international(self) -> bool:
        """Whether the target can be reached, but not with national activities."""
        return self.most_national < self.target <= self.most


def outlook(approved: Sequence[Activity], day: dt.date) -> Outlook:
    """The year of `day` for one employee. What awaits a decision may be given with the approved, behind them."""
    ends = dt.date(day.year, 12, 31)
    return Outlook(
        day=day,
        total=assess(approved).total,
        most=most(approved, day, ends, international=True),
        most_national=most(approved, day, ends, international=False),
        rooms=tuple(_room(kind, approved, day) for kind in KINDS),
    )


def most(approved: Sequence[Activity], day: dt.date, ends: dt.date, *, international: bool) -> Decimal:
    """The most these can come to with whatever else happens from `day` to `ends`, both included.

    Exact, not only a bound: as many as count in a month, each giving the most, self-study on different days while
    there are any. No other completion gives more, since one activity more never takes JP away.
    """
    return assess([*approved, *_best(day, ends, international=international)]).total


def _room(kind: str, approved: Sequence[Activity], day: dt.date) -> Room:
    mine = [each for each in approved if each.kind == kind and _month(each.date) == _month(day)]
    now = assess(mine)
    ends = month_end(day)
    gains = [
        assess([*mine, *(each for each in _best(day, ends, international=wide) if each.kind == kind)]).total - now.total
        for wide in (False, True)
    ]
    left = max(0, A_MONTH[kind] - sum(item.counted for item in now.items))
    return Room(kind=kind, left=left, jp=gains[0], jp_international=gains[1])


def _best(day: dt.date, ends: dt.date, *, international: bool) -> Iterator[Activity]:
    scope = "internasional" if international else "nasional"
    while day <= ends:
        last = min(month_end(day), ends)
        for kind, times in A_MONTH.items():
            for turn in range(times):
                # Only self-study minds the day; without another one left both fall on the last.
                yield Activity(kind=kind, scope=scope, date=min(day + dt.timedelta(days=turn), last), minutes=_MINUTES)
        day = last + dt.timedelta(days=1)


def month_end(day: dt.date) -> dt.date:
    """The last day of its month."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def _month(day: dt.date) -> tuple[int, int]:
    return day.year, day.month
