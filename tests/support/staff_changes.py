"""Changes in the staff register of the test office after its people were registered."""

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
    """Record a change of one person since a day, or that they have left."""
    changed_entry = replace(next(person for person in PEOPLE if person.nip == nip), **changed)  # type: ignore[arg-type] # names of columns
    with office.store.transaction() as tx:
        tx.employees.record(
            [StaffUpdate(entry=changed_entry, since=since, departure=departure)], day=since, recorded_at=recorded_at
        )
