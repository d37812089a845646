"""The regulations in their order, and the numbers that hold on a day."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from functools import cache

from service.law.dated import Dated
from service.law.numbers import Numbers, Regulation, Stated, all_numbers
from service.law.se_bkn_3_2022 import SE_BKN_3_2022

REGULATIONS: tuple[Regulation, ...] = (SE_BKN_3_2022,)


def numbers_on(day: dt.date) -> Numbers:
    """Return the numbers that hold on that day; for a day before all regulations, those of the first."""
    found = _numbers(REGULATIONS)
    for dated in reversed(found):
        if dated.holds_from <= day:
            return dated.value
    return found[0].value


def target_of(year: int) -> Stated[Decimal]:
    """Return the JP of a year, with their norm: the target that holds on its last day."""
    return numbers_on(dt.date(year, 12, 31)).target


@cache
def _numbers(regulations: tuple[Regulation, ...]) -> tuple[Dated[Numbers], ...]:
    return all_numbers(regulations)
