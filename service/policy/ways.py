"""Which activities would still bring somebody to the target: a suggestion within the limits, nearest months first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from service.policy.activity import KINDS
from service.policy.outlook import A_MONTH, month_end
from service.policy.rule import ZERO
from service.policy.se_bkn_3_2022 import COACHING_JP, DAY_LIMIT, MENTORING_INTERNATIONAL_JP, MENTORING_JP

_NATIONAL = {"coaching": COACHING_JP, "mentoring": MENTORING_JP, "belajar_mandiri": DAY_LIMIT.most}
_INTERNATIONAL = {"mentoring": MENTORING_INTERNATIONAL_JP, "belajar_mandiri": DAY_LIMIT.most * (1 + DAY_LIMIT.addition)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """So many more of a kind, which give so many JP; the last of them not before the month `until` (1 to 12)."""

    kind: str
    scope: str
    times: int
    jp: Decimal
    until: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """`rest` is what no activity of this year can give any more: other learning has to (5.f.6)."""

    ways: tuple[Way, ...]
    rest: Decimal


@dataclass(slots=True)
class _Place:
    month: int
    kind: str
    scope: str
    jp: Decimal


def suggest(need: Decimal, day: dt.date, left: Mapping[str, int]) -> Suggestion:
    """Ways to `need` more JP from `day` on; `left` is how many of each kind the month of `day` still counts.

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
                gained += _INTERNATIONAL[kind] - place.jp
                place.scope, place.jp = "internasional", _INTERNATIONAL[kind]
    return Suggestion(ways=_gathered(chosen), rest=max(ZERO, need - gained))


def _places(day: dt.date, left: Mapping[str, int]) -> Iterator[_Place]:
    """Every activity that would still count in full, month by month."""
    for month in range(day.month, 13):
        room = dict(left) if month == day.month else dict(A_MONTH)
        if month == day.month and day == month_end(day):
            room["belajar_mandiri"] = min(room["belajar_mandiri"], 1)  # one day, and its limit
        for turn in range(max(room.values())):
            for kind in KINDS:
                if turn < room[kind]:
                    yield _Place(month, kind, "nasional", _NATIONAL[kind])


def _gathered(chosen: list[_Place]) -> tuple[Way, ...]:
    ways = []
    for kind in KINDS:
        for scope in ("nasional", "internasional"):
            mine = [each for each in chosen if (each.kind, each.scope) == (kind, scope)]
            if mine:
                jp = sum((each.jp for each in mine), ZERO)
                ways.append(Way(kind=kind, scope=scope, times=len(mine), jp=jp, until=mine[-1].month))
    return tuple(ways)
