"""What somebody tells of a person from a day on, worked into what was known of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from service.records import EmployeeEntry
from service.store.tenures import BEGINNING, Tenure


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """What is told of a person: it holds from `since`; without a day, from the day the teller gives for all.

    `departure` (`berhenti`, `pensiun`) says the person left on that day.
    """

    entry: EmployeeEntry
    since: dt.date | None = None
    departure: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What a statement does to one person. `before` is None for somebody new; nothing is done when both are the same.

    `after` is the register's row, `rows` and `rows_after` the tenures.
    """

    before: EmployeeEntry | None
    after: EmployeeEntry
    rows: tuple[Tenure, ...]
    rows_after: tuple[Tenure, ...]

    @property
    def new(self) -> bool:
        return self.before is None

    @property
    def same(self) -> bool:
        return self.before == self.after and self.rows == self.rows_after


def stated(
    statement: Statement,
    before: EmployeeEntry | None,
    rows: Sequence[Tenure],
    *,
    day: dt.date,
    recorded_at: dt.datetime | None,
) -> Change:
    """Work a statement in. What was told first of a person holds from the beginning, unless it names its own day.

    What was told for later days stays, and the register's row says what the newest tenure says.
    """
    entry = statement.entry
    tenure = Tenure(
        nip=entry.nip,
        since=statement.since or (day if rows else BEGINNING),
        departure=statement.departure,
        recorded_at=recorded_at,
        **_said(entry),
    )
    after = _with_row(rows, tenure)
    return Change(before=before, after=replace(entry, **_said(after[-1])), rows=tuple(rows), rows_after=after)


def moved(
    before: EmployeeEntry,
    rows: Sequence[Tenure],
    units: Mapping[str, str],
    *,
    day: dt.date,
    recorded_at: dt.datetime | None,
) -> Change:
    """From that day on, whatever says a unit of `units` says its new name instead."""

    def renamed(row: Tenure) -> Tenure:
        changed = row.unit in units
        return replace(row, unit=units[row.unit], recorded_at=recorded_at) if changed else row

    earlier = [row for row in rows if row.since < day]
    later = [row for row in rows if row.since >= day]
    held = [replace(renamed(earlier[-1]), since=day)] if earlier and (not later or later[0].since > day) else []
    if held and held[0].unit == earlier[-1].unit:
        held = []
    after = _joined([*earlier, *held, *map(renamed, later)])
    return Change(before=before, after=replace(before, **_said(after[-1])), rows=tuple(rows), rows_after=after)


def _with_row(rows: Sequence[Tenure], new: Tenure) -> tuple[Tenure, ...]:
    held = [row for row in rows if row.since <= new.since]
    if held and _alike(held[-1], new):
        return tuple(rows)
    earlier = [row for row in rows if row.since < new.since]
    return _joined([*earlier, new, *(row for row in rows if row.since > new.since)])


def _joined(rows: Sequence[Tenure]) -> tuple[Tenure, ...]:
    """Without rows that say what the one before them says already."""
    kept: list[Tenure] = []
    for row in rows:
        if not kept or not _alike(kept[-1], row):
            kept.append(row)
    return tuple(kept)


def _alike(one: Tenure, other: Tenure) -> bool:
    return replace(one, since=other.since, recorded_at=other.recorded_at) == other


def _said(told: EmployeeEntry | Tenure) -> dict[str, Any]:
    return {
        "name": told.name,
        "position": told.position,
        "grade": told.grade,
        "unit": told.unit,
        "supervisor_nip": told.supervisor_nip,
    }
