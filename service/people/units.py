"""Renaming and merging units for all their people at once, from a day on, with a preview."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from difflib import get_close_matches

from service.errors import BadInput
from service.names import cleaned
from service.people.printable import form_check, unprintable
from service.people.staff import StaffChanges, required_day
from service.people.unit_names import similar_unit
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
    new_units: bool = False,
) -> StaffChanges:
    """Rename a unit from a day on; BadInput when another unit has that name, or (without `new_units`) one like it."""
    day, new = required_day(since, today), cleaned(new)
    with store.reading() as tx:
        if new in {*tx.employees.units(day), *tx.employees.units(today)}:
            raise BadInput("unit_exists", unit=new)
    return _move(
        [old],
        new,
        "unit.renamed",
        store=store,
        now=now,
        days=(day, today),
        actor=actor,
        preview=preview,
        new_units=new_units,
    )


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
    new_units: bool = False,
) -> StaffChanges:
    """Merge several units from a day on into one, an existing or a new one (`new_units`: though one like it exists)."""
    day, into = required_day(since, today), cleaned(into)
    others = [old for old in olds if old != into]
    if not others:
        raise BadInput("units_to_merge_missing")
    return _move(
        others,
        into,
        "units.merged",
        store=store,
        now=now,
        days=(day, today),
        actor=actor,
        preview=preview,
        new_units=new_units,
    )


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
    new_units: bool,
) -> StaffChanges:
    if not new:
        raise BadInput("unit_name_empty")
    units, day = dict.fromkeys(olds, new), days[0]
    with store.reading() as tx:
        known = {unit for known_day in days for unit in tx.employees.units(known_day)}
        _require_known(olds, known)
        alike = similar_unit(new, sorted(known - set(olds))) if new not in known and not new_units else None
        if alike is not None:
            raise BadInput("unit_alike", unit=new, alike=alike)
        notes = _notes_on(new) if new not in known else ()
        if preview:
            changes = tuple(tx.employees.unit_changes(units, day=day, recorded_at=now))
            return StaffChanges(changes=changes, kept=False, notes=notes)
    with store.transaction() as tx:
        changes = tuple(tx.employees.record_units(units, day=day, recorded_at=now))
        done = StaffChanges(changes=changes, kept=True, notes=notes)
        detail = {"from": list(olds), "since": day.isoformat(), "people": len(done.changes)}
        tx.events.append(Event(at=now, actor=actor, action=action, subject=new, detail=detail))
    return done


def _notes_on(unit: str) -> tuple[str, ...]:
    """Return a note when the name has no room on the form; BadInput for characters that no form can show."""
    found = unprintable("unit_kerja", unit, ("unit_kerja",), form_check())
    if found is None:
        return ()
    sentence, too_long = found
    if not too_long:
        raise BadInput(f"Nama unit tidak dapat dipakai: {sentence}", "Tuliskan namanya tanpa karakter itu.")
    return (sentence,)


def _require_known(olds: Sequence[str], known: set[str]) -> None:
    for old in olds:
        if old not in known:
            alike = get_close_matches(old, sorted(known), n=3)
            if alike:
                raise BadInput("unit_unknown.alike", unit=old, alike=alike)
            raise BadInput("unit_unknown", unit=old)
