"""What a change of the staff register changes, column by column, for whoever looks before it is kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from service.store import BEGINNING, Change, Tenure

_EVERYBODY = "pegawai"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that becomes another: a column of the register, and from which day (None: from the beginning)."""

    column: str
    before: str
    after: str
    since: dt.date | None


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
    if before is not None and before.email != after.email:
        told.append(Difference(column="email", before=before.email, after=after.email, since=None))
    if new_roles(change):
        roles = " ".join(before.roles) if before else ""
        told.append(Difference(column="peran", before=roles, after=" ".join(after.roles), since=None))
    return tuple(told)


def new_roles(change: Change) -> bool:
    """Whether the person comes to hold other roles than before; everybody is `pegawai`, that alone is no news."""
    before = set(change.before.roles) if change.before else set()
    return bool((before ^ set(change.after.roles)) - {_EVERYBODY})


def _shown(row: Tenure | None) -> list[tuple[str, str]]:
    """The columns of the import as texts; all empty for nobody."""
    if row is None:
        return [(name, "") for name in ("nama", "jabatan", "gol", "unit_kerja", "atasan_nip", "status")]
    texts = (row.name, row.position, row.grade, row.unit, row.supervisor_nip or "", row.departure or "aktif")
    return list(zip(("nama", "jabatan", "gol", "unit_kerja", "atasan_nip", "status"), texts, strict=True))
