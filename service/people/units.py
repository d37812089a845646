"""Units renamed and merged: for all their people at once, from a day on, previewed first when asked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from difflib import get_close_matches

from service.errors import BadInput
from service.people.staff import Told, told_day
from service.records import Event
from service.store import Store


def rename_unit(
    old: str,
    new: str,
    *,
    store: Store,
    now: dt.datetime,
    today: dt.date,
    actor: str,
    since: dt.date | None = None,
    preview: bool = False,
) -> Told:
    """From a day on the unit bears another name, for all its people at once; BadInput when a unit has it already."""
    day = told_day(since, today)
    with store.reading() as tx:
        if new in {*tx.employees.units(day), *tx.employees.units(today)}:
            raise BadInput(
                f"Unit “{new}” sudah ada.", "Untuk menggabungkan unit pakai `cmb units merge`, atau pilih nama lain."
            )
    return _move([old], new, "unit.renamed", store=store, now=now, days=(day, today), actor=actor, preview=preview)


def merge_units(
    olds: Sequence[str],
    into: str,
    *,
    store: Store,
    now: dt.datetime,
    today: dt.date,
    actor: str,
    since: dt.date | None = None,
    preview: bool = False,
) -> Told:
    """From a day on the people of several units are one unit, an existing or a new one."""
    day = told_day(since, today)
    left = [old for old in olds if old != into]
    if not left:
        raise BadInput("Tidak ada unit lain yang digabungkan.", "Sebutkan unit-unit asal, lalu --into nama hasilnya.")
    return _move(left, into, "units.merged", store=store, now=now, days=(day, today), actor=actor, preview=preview)


def _move(
    olds: Sequence[str],
    new: str,
    action: str,
    *,
    store: Store,
    now: dt.datetime,
    days: tuple[dt.date, dt.date],
    actor: str,
    preview: bool,
) -> Told:
    if not new.strip():
        raise BadInput("Nama unit yang baru kosong.", "Tuliskan namanya.")
    units, day = dict.fromkeys(olds, new.strip()), days[0]
    with store.reading() as tx:
        _require_known(olds, {unit for each in days for unit in tx.employees.units(each)})
        if preview:
            return Told(changes=tuple(tx.employees.unit_changes(units, day=day, recorded_at=now)), kept=False)
    with store.transaction() as tx:
        done = Told(changes=tuple(tx.employees.record_units(units, day=day, recorded_at=now)), kept=True)
        detail = {"from": list(olds), "since": day.isoformat(), "people": len(done.changes)}
        tx.events.append(Event(at=now, actor=actor, action=action, subject=new, detail=detail))
    return done


def _require_known(olds: Sequence[str], there: set[str]) -> None:
    for old in olds:
        if old not in there:
            alike = get_close_matches(old, sorted(there), n=3)
            hint = f"Mungkin yang dimaksud: {', '.join(alike)}." if alike else "Lihat nama-namanya: `cmb units list`."
            raise BadInput(f"Unit “{old}” tidak ada pada hari itu.", hint)
