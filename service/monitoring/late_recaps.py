"""Units that have not sent the recap of a quarter that is over."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from service.monitoring.quarter import Quarter, quarters_until
from service.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class LateRecap:
    """A unit that has not sent a quarter that is over, and for how many days it has been over."""

    unit: str
    quarter: Quarter
    days: int


def late_recaps(year: int, tx: Transaction, *, today: dt.date) -> Sequence[LateRecap]:
    """Which units have not sent which quarters of that year that are over, the oldest first."""
    sent = tx.recaps.sent(year)
    return [
        LateRecap(unit=unit, quarter=quarter, days=(today - quarter.ends).days)
        for quarter in quarters_until(today, year)
        for unit in tx.employees.units(quarter.ends)
        if (unit, quarter.number) not in sent
    ]
