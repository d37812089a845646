"""What a year can still come to: the law applied to what was approved and the most that could still happen."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from math import ceil

from service.law.assessment import assess
from service.law.interpretation import MINUTES_A_JP, PAST_LAST
from service.law.regulations import numbers_on, target_of
from service.law.rule import KINDS, ZERO, Activity, Finding, Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """What one kind still allows in the month of the day: how many of `allowed` are left, and the JP they add at most.

    `jp_international` is what they add when they are international; it may be more than nothing with no place `left`,
    since an international meeting takes the place of a national one that gives less.
    """

    kind: str
    allowed: int
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
    target: Decimal

    @property
    def reachable(self) -> bool:
        return self.most >= self.target

    @property
    def only_international(self) -> bool:
        """Tell whether the target can be reached, but not with national activities alone."""
        return self.most_national < self.target <= self.most


def outlook(approved: Sequence[Activity], day: dt.date) -> Outlook:
    """Return the outlook of one employee for the year of `day`; undecided activities may follow the approved ones."""
    ends = dt.date(day.year, 12, 31)
    return Outlook(
        day=day,
        total=assess(approved).total,
        most=most(approved, day, ends, international=True),
        most_national=most(approved, day, ends, international=False),
        rooms=tuple(_room(kind, approved, day) for kind in KINDS),
        target=target_of(day.year).value,
    )


def most(approved: Sequence[Activity], day: dt.date, ends: dt.date, *, international: bool) -> Decimal:
    """Return the most these can come to with anything that still happens from `day` to `ends`, both included.

    Exact, not only a bound: as many as count in a month, each giving the most, self-study on different days while
    there are any. No other completion gives more, since one activity more never takes JP away.
    """
    return assess([*approved, *_best(day, ends, international=international)]).total


def _room(kind: str, approved: Sequence[Activity], day: dt.date) -> Room:
    mine = [activity for activity in approved if activity.kind == kind and _month(activity.date) == _month(day)]
    now = assess(mine)
    ends = month_end(day)
    gains = [
        assess([*mine, *(activity for activity in _best(day, ends, international=wide) if activity.kind == kind)]).total
        - now.total
        for wide in (False, True)
    ]
    allowed = a_month(day)[kind]
    left = max(0, allowed - sum(item.counted for item in now.items))
    return Room(kind=kind, allowed=allowed, left=left, jp=gains[0], jp_international=gains[1])


def _best(day: dt.date, ends: dt.date, *, international: bool) -> Iterator[Activity]:
    scope = "internasional" if international else "nasional"
    while day <= ends:
        last = min(month_end(day), ends)
        numbers = numbers_on(day)
        # As long as pays: what is longer gives nothing more in a day.
        minutes = ceil(numbers.a_day.value) * MINUTES_A_JP
        for kind, times in numbers.times.items():
            for turn in range(times):
                # Only self-study minds the day; without another one left both fall on the last.
                yield Activity(kind=kind, scope=scope, date=min(day + dt.timedelta(days=turn), last), minutes=minutes)
        day = last + dt.timedelta(days=1)


def a_month(day: dt.date) -> Mapping[str, int]:
    """Return how many of each kind count in the month of that day."""
    return numbers_on(day).times


def month_end(day: dt.date) -> dt.date:
    """Return the last day of the month."""
    return (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1) - dt.timedelta(days=1)


def _month(day: dt.date) -> tuple[int, int]:
    return day.year, day.month


# --- Suggestions


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """A number of further activities of one kind and their JP; the last one not before the month `until` (1 to 12)."""

    kind: str
    scope: str
    times: int
    jp: Decimal
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A way to the target. `rest` is what no activity of this year can give any more: other learning has to (5.f.6)."""

    ways: tuple[Way, ...]
    rest: Decimal


@dataclass(slots=True)
class _Place:
    month: int
    kind: str
    scope: str
    jp: Decimal


def suggest(need: Decimal, day: dt.date, left: Mapping[str, int]) -> Suggestion:
    """Return ways to `need` more JP from `day` on; `left` is how many of each kind the month of `day` still counts.

    National ones first; when they are not enough, mentoring and then self-study become international.
    """
    places = list(_places(day, left))
    chosen: list[_Place] = []
    gained = ZERO
    for place in places:
        if gained >= need:
            break
        chosen.append(place)
        gained += place.jp
    for kind in ("mentoring", "belajar_mandiri"):
        for place in chosen:
            if gained >= need:
                break
            if place.kind == kind:
                wide = numbers_on(dt.date(day.year, place.month, 1)).most_of_one(kind, "internasional")
                gained += wide - place.jp
                place.scope, place.jp = "internasional", wide
    return Suggestion(ways=_gathered(chosen), rest=max(ZERO, need - gained))


def _places(day: dt.date, left: Mapping[str, int]) -> Iterator[_Place]:
    """Return every activity that would still count in full, month by month."""
    for month in range(day.month, 13):
        numbers = numbers_on(dt.date(day.year, month, 1))
        room = dict(left) if month == day.month else dict(numbers.times)
        if month == day.month and day == month_end(day):
            room["belajar_mandiri"] = min(room["belajar_mandiri"], 1)  # one day, and its limit
        for turn in range(max(room.values())):
            for kind in KINDS:
                if turn < room[kind]:
                    yield _Place(month, kind, "nasional", numbers.most_of_one(kind, "nasional"))


def _gathered(chosen: list[_Place]) -> tuple[Way, ...]:
    ways = []
    for kind in KINDS:
        for scope in ("nasional", "internasional"):
            mine = [activity for activity in chosen if (activity.kind, activity.scope) == (kind, scope)]
            if mine:
                jp = sum((activity.jp for activity in mine), ZERO)
                ways.append(Way(kind=kind, scope=scope, times=len(mine), jp=jp, until=mine[-1].month))
    return tuple(ways)


# --- Target of each evaluation period (5.f.5)

PERIODS = (1, 2, 3)
_MONTHS = 12
# What people are shown. JP come in steps of 0.2, so rounding to it judges nobody otherwise than the exact third.
_SHOWN = Decimal("0.01")


def period_months(period: int) -> tuple[int, int]:
    """Return first and last month of a period: 1-4, 5-8, 9-12."""
    return 4 * period - 3, 4 * period


def period_of(day: dt.date) -> int:
    """Return which of the year's three evaluations (5.f.5: every four months) a day falls in."""
    return (day.month - 1) // 4 + 1


def period_end(year: int, period: int) -> dt.date:
    """Return the last day of a period."""
    return month_end(dt.date(year, period_months(period)[1], 1))


def pro_rata(year: int, period: int, came: dt.date | None = None) -> Decimal:
    """Return the target at the end of a period: `PRO_RATA`, from the month of entry (`CAME_LATER`).

    Of 20 JP 6.67, 13.33 and 20 for who was there all year; nothing for who came after the period's end.
    """
    first = came.month if came is not None and came.year == year else 1
    months = 0 if came is not None and came.year > year else max(0, period_months(period)[1] - first + 1)
    return share_of_year(year, months)


def share_of_year(year: int, months: int) -> Decimal:
    """Return what the target of the year comes to in so many of its months (`PRO_RATA`)."""
    return (target_of(year).value * months / _MONTHS).quantize(_SHOWN, ROUND_HALF_UP)


# --- Activities known from paper alone

RULE = "past_activity"


@dataclass(frozen=True, slots=True, kw_only=True)
class Left:
    """What one past activity still gives; `findings` are those that reduced it or ask a person to look."""

    jp: Decimal
    findings: tuple[Finding, ...]


def left_for(past: Sequence[Activity], *, verified: Sequence[Activity]) -> tuple[Left, ...]:
    """Return by how much each past activity raises the total of the verified and past ones before it, in order.

    The limits never look beyond a month, so one employee's month is enough. More activities never make a total smaller.
    """
    so_far = list(verified)
    total = assess(so_far).total
    left = []
    for activity in past:
        so_far.append(activity)
        together = assess(so_far)
        raised, assessed = together.total - total, together.items[-1]
        findings = tuple(finding for finding in assessed.findings if finding.outcome is not Outcome.GRANTED)
        if raised < assessed.jp:
            findings += (_last(),)
        left.append(Left(jp=raised, findings=findings))
        total = together.total
    return tuple(left)


def _last() -> Finding:
    because = "Batas bulan itu sudah dipakai oleh kegiatan yang diverifikasi layanan atau catatan yang lebih dahulu."
    return Finding(rule=RULE, outcome=Outcome.LIMITED, because=because, cites=(PAST_LAST,))
