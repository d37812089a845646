"""Forms on their way as values, for tests of the store."""

from __future__ import annotations

import datetime as dt
from typing import Any

from service.store import Store
from service.store.circulations import Circulation, State
from support.sample_rows import EMPLOYEE, NOW, SUPERVISOR, blank, register

HOUR = dt.timedelta(hours=1)


def on_its_way(serial: str = "L1-CONTOH", **changed: Any) -> Circulation:
    told: dict[str, Any] = {
        "serial": serial,
        "employee_nip": EMPLOYEE,
        "state": State.DRAFT,
        "answers": {"tempat": "Jakarta", "kosong": ""},
        "digest": "cd" * 32,
        "revision": 1,
        "created_at": NOW,
        "changed_at": NOW,
    }
    return Circulation(**told | changed)


def begin(store: Store, *circulations: Circulation) -> None:
    register(store)
    with store.transaction() as tx:
        for circulation in circulations:
            tx.blanks.add(blank(circulation.serial))
            tx.circulations.add(circulation)


def awaiting(serial: str, *, hours: int = 0, **changed: Any) -> Circulation:
    told = {"state": State.AWAITING, "awaits": "atasan", "awaits_nip": SUPERVISOR, "signed": ("pegawai",)}
    return on_its_way(serial, **told | {"changed_at": NOW - hours * HOUR} | changed)
