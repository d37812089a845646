"""The staff register's import as a job: previewed first when asked, and written down."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.differences import new_roles
from service.errors import BadInput
from service.records import Event
from service.staff import future_day, read_staff
from service.store import Change, Statement, Store, Transaction
from service.tables.layouts import STAFF
from service.tables.read import Reader, Row, rows_in

# Who holds these reaches everybody's papers or accounts: they are given and taken by name, on the admin's page.
ADMIN_GIVES = frozenset({"admin", "biro_sdm"})


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
    read: Reader = rows_in,
    reserved: frozenset[str] = frozenset(),
) -> Told:
    """Take in a table of people; what changes holds from `since` (None: today), first news of a person from ever.

    `reserved` are roles whose holders this teller may not change (`ADMIN_GIVES`). Raises BadInput, or BadRows naming
    every wrong row; then nothing of the table is kept.
    """
    day, rows = told_day(since, today), read(content, STAFF, file_name)
    if preview:
        with store.reading() as tx:
            changes = tuple(tx.employees.changes(_read(rows, tx, today), day=day, recorded_at=now))
            _require_same_holders(changes, reserved)
            return Told(changes=changes, kept=False)
    with store.transaction() as tx:
        done = Told(changes=tuple(tx.employees.tell(_read(rows, tx, today), day=day, recorded_at=now)), kept=True)
        _require_same_holders(done.changes, reserved)
        event = Event(at=now, actor=actor, action="employees.imported", subject=file_name, detail=done.counts)
        tx.events.append(event)
        for each in done.changes:
            if new_roles(each):
                detail = {"before": list(each.before.roles) if each.before else [], "after": list(each.after.roles)}
                tx.events.append(
                    Event(at=now, actor=actor, action="employee.roles_set", subject=each.after.nip, detail=detail)
                )
    return done


def _read(rows: Iterable[Row], tx: Transaction, today: dt.date) -> tuple[Statement, ...]:
    return read_staff(rows, known={entry.nip: entry for entry in tx.employees.all()}, today=today)


def told_day(since: dt.date | None, today: dt.date) -> dt.date:
    """From which day something holds (None: today); BadInput for a day that has not come."""
    day = since or today
    trouble = future_day(day, today)
    if trouble:
        raise BadInput(f"Tanggal {trouble}", "Register mencatat yang berlaku sekarang dan yang sudah lewat.")
    return day


def _require_same_holders(changes: Sequence[Change], reserved: frozenset[str]) -> None:
    """BadInput when somebody would come to hold such a role, or lose it (an empty `peran` takes every role away)."""
    touched = [
        each.after
        for each in changes
        if reserved & (set(each.before.roles if each.before else ()) ^ set(each.after.roles))
    ]
    if touched:
        raise BadInput(
            f"Tabel itu mengubah peran admin atau Biro SDM: {', '.join(each.name for each in touched[:5])}.",
            "Tulis kolom peran seperti yang berlaku sekarang; peran itu diberi dan dicabut admin di halaman Pengguna.",
        )
