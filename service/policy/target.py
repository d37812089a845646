"""How far the year's 20 JP should have come at the end of each four-month evaluation (5.f.5); our own decisions."""

from __future__ import annotations

import datetime as dt
from decimal import ROUND_HALF_UP, Decimal

from service.policy.outlook import month_end
from service.policy.se_bkn_3_2022 import TARGET_JP

PERIODS = (1, 2, 3)
_MONTHS = 12
# What people are shown. JP come in steps of 0.2, so rounding to it judges nobody otherwise than the exact third.
_SHOWN = Decimal("0.01")


def period_months(period: int) -> tuple[int, int]:
    """First and last month of a period: 1-4, 5-8, 9-12."""
    return 4 * period - 3, 4 * period


def period_of(day: dt.date) -> int:
    """In which of the year's three evaluations (5.f.5: every four months) a day falls."""
    return (day.month - 1) // 4 + 1


def period_end(year: int, period: int) -> dt.date:
    """The last day a period looks at."""
    return month_end(dt.date(year, period_months(period)[1], 1))


def pro_rata(year: int, period: int, came: dt.date | None = None) -> Decimal:
    """The target at the end of a period: 20 JP by months gone (`PRO_RATA`), from the month of coming (`CAME_LATER`).

    6.67, 13.33 and 20 for who was there all year; nothing for who came after the period's end.
    """
    first = came.month if came is not None and came.year == year else 1
    months = 0 if came is not None and came.year > year else max(0, period_months(period)[1] - first + 1)
    return share_of_year(months)


def share_of_year(months: int) -> Decimal:
    """What 20 JP a year come to in so many months (`PRO_RATA`)."""
    return (TARGET_JP * months / _MONTHS).quantize(_SHOWN, ROUND_HALF_UP)
