"""Who joined when: the first tenure of a person, or one after they had left."""

from __future__ import annotations

import datetime as dt

from service.store import StaffUpdate, Store
from support.sample_rows import EMPLOYEE, STRANGER, SUPERVISOR, entry

FIRST, LAST = dt.date(2025, 1, 1), dt.date(2025, 12, 31)


def tell(store: Store, nip: str, since: str, departure: str | None = None, **changed: str) -> None:
    day = dt.date.fromisoformat(since)
    told = entry(nip, **{"supervisor_nip": None} | changed)
    with store.transaction() as tx:
        tx.employees.record([StaffUpdate(entry=told, since=day, departure=departure)], day=day)


def test_who_was_always_there_and_only_changed_did_not_come(store: Store) -> None:
    with store.transaction() as tx:
        tx.employees.upsert([entry(EMPLOYEE, supervisor_nip=None)])
    tell(store, EMPLOYEE, "2025-05-01", unit="Biro Lain")
    with store.reading() as tx:
        assert tx.employees.came_between(FIRST, LAST) == {}


def test_who_joined_came_on_the_first_day_whatever_changed_later(store: Store) -> None:
    tell(store, STRANGER, "2025-03-10")
    tell(store, STRANGER, "2025-06-01", unit="Biro Lain")
    with store.reading() as tx:
        assert tx.employees.came_between(FIRST, LAST) == {STRANGER: dt.date(2025, 3, 10)}
        assert tx.employees.came_between(FIRST, dt.date(2025, 3, 9)) == {}
        assert tx.employees.came_between(dt.date(2025, 3, 11), LAST) == {}


def test_who_left_and_came_back_came_then(store: Store) -> None:
    with store.transaction() as tx:
        tx.employees.upsert([entry(SUPERVISOR)])
    tell(store, SUPERVISOR, "2024-11-01", departure="berhenti")
    tell(store, SUPERVISOR, "2025-07-01")
    with store.reading() as tx:
        assert tx.employees.came_between(FIRST, LAST) == {SUPERVISOR: dt.date(2025, 7, 1)}
