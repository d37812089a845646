"""Changes of the staff register: a table imported, units renamed or merged; each previewed first, each written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from service.errors import BadInput
from service.records import Event
from service.staff import future_day, read_staff
from service.store import BEGINNING, Change, Store, Tenure
from service.tables.read import is_xlsx


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What an import or a renaming did, or would do when `kept` is False."""

    changes: tuple[Change, ...]
    kept: bool

    @property
    def counts(self) -> dict[str, int]:
        """How many people are new, changed, the same."""
        new, same = sum(each.new for each in self.changes), sum(each.same for each in self.changes)
        return {"new": new, "changed": len(self.changes) - new - same, "same": same}


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that becomes another: a column of the register, and from which day (None: from the beginning)."""

    column: str
    before: str
    after: str
    since: dt.date | None


def import_staff(
    content: bytes,
    file_name: str,
    *,
    store: Store,
    now: dt.datetime,
    today: dt.date,
    actor: str,
    since: dt.date | None = None,
    preview: bool = False,
) -> Told:
    """Take in a table of people; what changes holds from `since` (None: today), first news of a person from ever.

    Raises BadInput, or BadRows naming every wrong row; then nothing of the table is kept.
    """
    day = _told_day(since, today)
    with store.reading() as tx:
        known = {entry.nip: entry.supervisor_nip for entry in tx.employees.all()}
        told = read_staff(content, xlsx=is_xlsx(file_name), known=known, today=today)
        if preview:
            return Told(changes=tuple(tx.employees.changes(told, day=day, recorded_at=now)), kept=False)
    with store.transaction() as tx:
        done = Told(changes=tuple(tx.employees.tell(told, day=day, recorded_at=now)), kept=True)
        event = Event(at=now, actor=actor, action="employees.imported", subject=file_name, detail=done.counts)
        tx.events.append(event)
    return done


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
    day = _told_day(since, today)
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
    day = _told_day(since, today)
    left = [old for old in olds if old != into]
    if not left:
        raise BadInput("Tidak ada unit lain yang digabungkan.", "Sebutkan unit-unit asal, lalu --into nama hasilnya.")
    return _move(left, into, "units.merged", store=store, now=now, days=(day, today), actor=actor, preview=preview)


def differences(change: Change) -> tuple[Difference, ...]:
    """What becomes what for one person, in the order of the days; empty when nothing does."""
    told: list[Difference] = []
    for place, row in enumerate(change.rows_after):
        if row in change.rows:
            continue
        earlier = change.rows_after[place - 1] if place else None
        held = next((each for each in reversed(change.rows) if each.since <= row.since), earlier)
        told += [
            Difference(column=column, before=before, after=after, since=None if row.since == BEGINNING else row.since)
            for (column, after), before in zip(_shown(row), [text for _, text in _shown(held)], strict=True)
            if before != after
        ]
    before, after = change.before, change.after
    if before is not None:
        pairs = (("email", before.email, after.email), ("peran", " ".join(before.roles), " ".join(after.roles)))
        told += [Difference(column=name, before=one, after=two, since=None) for name, one, two in pairs if one != two]
    return tuple(told)


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
        done = Told(changes=tuple(tx.employees.tell_units(units, day=day, recorded_at=now)), kept=True)
        detail = {"from": list(olds), "since": day.isoformat(), "people": len(done.changes)}
        tx.events.append(Event(at=now, actor=actor, action=action, subject=new, detail=detail))
    return done


def _require_known(olds: Sequence[str], there: set[str]) -> None:
    for old in olds:
        if old not in there:
            alike = get_close_matches(old, sorted(there), n=3)
            hint = f"Mungkin yang dimaksud: {', '.join(alike)}." if alike else "Lihat nama-namanya: `cmb units list`."
            raise BadInput(f"Unit “{old}” tidak ada pada hari itu.", hint)


def _told_day(since: dt.date | None, today: dt.date) -> dt.date:
    day = since or today
    trouble = future_day(day, today)
    if trouble:
        raise BadInput(f"Tanggal {trouble}", "Register mencatat yang berlaku sekarang dan yang sudah lewat.")
    return day


def _shown(row: Tenure | None) -> list[tuple[str, str]]:
    """The columns of the import as texts; all empty for nobody."""
    if row is None:
        return [(name, "") for name in ("nama", "jabatan", "gol", "unit_kerja", "atasan_nip", "status")]
    texts = (row.name, row.position, row.grade, row.unit, row.supervisor_nip or "", row.departure or "aktif")
    return list(zip(("nama", "jabatan", "gol", "unit_kerja", "atasan_nip", "status"), texts, strict=True))
