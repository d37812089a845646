"""What is told of the people of the test office after they were registered."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from service.store import Statement
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
    told = replace(next(person for person in PEOPLE if person.nip == nip), **changed)  # type: ignore[arg-type] # names of columns
    with office.store.transaction() as tx:
        tx.employees.tell([Statement(entry=told, since=since, departure=departure)], day=since, recorded_at=recorded_at)
