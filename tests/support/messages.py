"""What is told of the people of the test office after they were registered."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from service.store import StaffUpdate
from support.office import CAHYA, NOW, PEOPLE, Office

ACTIVITY, AFTER = dt.date(2025, 3, 4), dt.date(2025, 6, 1)


def tell(
    office: Office,
    *,
    since: dt.date = AFTER,
    departure: str | None = None,
    nip: str = CAHYA,
    recorded_at: dt.datetime = NOW,
    **changed: str,
) -> None:
    told = replace(next(each for each in PEOPLE if each.nip == nip), **changed)  # type: ignore[arg-type] # names of columns
    with office.store.transaction() as tx:
        tx.employees.record(
            [StaffUpdate(entry=told, since=since, departure=departure)], day=since, recorded_at=recorded_at
        )
