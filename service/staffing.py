"""The staff register's import as a job: previewed first when asked, and written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from service.errors import BadInput
from service.records import Event
from service.staff import future_day, read_staff
from service.store import Change, Store
from service.tables.read import is_xlsx

_ADMIN = "admin"


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
    keep_admins: bool = False,
) -> Told:
    """Take in a table of people; what changes holds from `since` (None: today), first news of a person from ever.

    `keep_admins`: from somebody who may not say who is admin. Raises BadInput, or BadRows naming every wrong row; then
    nothing of the table is kept.
    """
    day = told_day(since, today)
    with store.reading() as tx:
        known = {entry.nip: entry.supervisor_nip for entry in tx.employees.all()}
        told = read_staff(content, xlsx=is_xlsx(file_name), known=known, today=today)
        if preview:
            changes = tuple(tx.employees.changes(told, day=day, recorded_at=now))
            if keep_admins:
                _require_same_admins(changes)
            return Told(changes=changes, kept=False)
    with store.transaction() as tx:
        done = Told(changes=tuple(tx.employees.tell(told, day=day, recorded_at=now)), kept=True)
        if keep_admins:
            _require_same_admins(done.changes)
        event = Event(at=now, actor=actor, action="employees.imported", subject=file_name, detail=done.counts)
        tx.events.append(event)
    return done


def told_day(since: dt.date | None, today: dt.date) -> dt.date:
    """From which day something holds (None: today); BadInput for a day that has not come."""
    day = since or today
    trouble = future_day(day, today)
    if trouble:
        raise BadInput(f"Tanggal {trouble}", "Register mencatat yang berlaku sekarang dan yang sudah lewat.")
    return day


def _require_same_admins(changes: Sequence[Change]) -> None:
    """BadInput when somebody would become admin, or be it no more (an empty `peran` takes every role away)."""
    touched = [
        each.after
        for each in changes
        if (each.before is not None and _ADMIN in each.before.roles) != (_ADMIN in each.after.roles)
    ]
    if touched:
        raise BadInput(
            f"Tabel itu mengubah siapa yang menjadi admin: {', '.join(each.name for each in touched[:5])}.",
            "Tulis kolom peran seperti yang berlaku sekarang; peran itu diberi dan dicabut admin di halaman Pengguna.",
        )
