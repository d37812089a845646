"""What everybody can still reach, from the months' sums: the numbers of `service.policy.outlook`, in one pass."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache

from service.policy import KINDS, assess
from service.policy.outlook import A_MONTH, month_end, most, outlook
from service.policy.se_bkn_3_2022 import TARGET_JP
from service.store import Transaction
from service.store.standings import Standing

_DECEMBER = 12
_NONE = Decimal(0)
NOTHING = Standing(
    jp=_NONE,
    year_jp=_NONE,
    before_jp=_NONE,
    now_counted=(0,) * len(KINDS),
    now_national=None,
    later_national=_NONE,
    later_months=0,
    tallies=(0, 0, 0) * len(KINDS),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reach:
    """The bound until 31 December, and how many of each kind the month of the day still counts.

    `open` means that the sums alone do not tell whether the target can be reached.
    """

    most: Decimal
    most_national: Decimal
    left: Mapping[str, int]
    open: bool = False


class Horizon:
    """A day, and what empty months from then to the end of `year` can give; the year may be over on that day."""

    def __init__(self, year: int, day: dt.date) -> None:
        self.year, self.day, self.over = year, day, day.year > year
        self.month = _DECEMBER + 1 if self.over else day.month
        self._later = max(0, _DECEMBER - self.month)
        december = dt.date(year, _DECEMBER, 1)
        self._full, self._full_national = _both(december, month_end(december))
        self._now, self._now_national = _both(day, month_end(day))
        self._narrow = day == month_end(day)

    def of(self, standing: Standing) -> Reach:
        """Exact while two days of the month are left; on its last day never too low, and `open` where that matters."""
        if self.over:
            return Reach(most=standing.year_jp, most_national=standing.year_jp, left=dict.fromkeys(KINDS, 0))
        empty = standing.now_national is None
        before, later = standing.before_jp, self._later * self._full
        later_national = standing.later_national + (self._later - standing.later_months) * self._full_national
        now = self._full if self._narrow and not empty else self._now
        now_national = standing.now_national or self._now_national
        highest, national = before + now + later, before + now_national + later_national
        least, least_national = before + self._now + later, before + self._now_national + later_national
        return Reach(
            most=highest,
            most_national=national,
            left=_left(standing.now_counted),
            open=self._narrow
            and not empty
            and (least < TARGET_JP <= highest or least_national < TARGET_JP <= national),
        )


def reaches(
    nips: Sequence[str],
    horizon: Horizon,
    standings: Mapping[str, Standing],
    waiting: Mapping[str, int],
    tx: Transaction,
) -> Mapping[str, Reach]:
    """By NIP. Who seems to need what awaits a decision is looked at with all of it approved."""
    found = {nip: horizon.of(standings.get(nip, NOTHING)) for nip in nips}
    exactly = [nip for nip, each in found.items() if each.open or (each.most_national < TARGET_JP and waiting.get(nip))]
    first, last = dt.date(horizon.year, 1, 1), dt.date(horizon.year, _DECEMBER, 31)
    for nip, activities in tx.awaiting.activities(exactly, first, last, waiting=True).items():
        if horizon.over:
            total = assess(activities).total
            found[nip] = replace(found[nip], most=total, most_national=total)
        else:
            told = outlook(activities, horizon.day)
            found[nip] = replace(found[nip], most=told.most, most_national=told.most_national, open=False)
    return found


@cache
def _left(counted: tuple[int, ...]) -> Mapping[str, int]:
    return {kind: max(0, A_MONTH[kind] - each) for kind, each in zip(KINDS, counted, strict=True)}


def _both(day: dt.date, ends: dt.date) -> tuple[Decimal, Decimal]:
    return most((), day, ends, international=True), most((), day, ends, international=False)
