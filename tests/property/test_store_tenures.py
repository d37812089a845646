"""Statements on an employee in any order: each holds from its day, and nothing earlier changes."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from service.records import EmployeeEntry
from service.store import BEGINNING, StaffUpdate, Tenure
from service.store.staff import apply_unit_names, apply_update
from support.sample_rows import NOW, entry

DAYS = st.dates(dt.date(2026, 1, 1), dt.date(2026, 1, 9))
STATEMENTS = st.lists(
    st.tuples(DAYS, st.sampled_from("ABC"), st.sampled_from([None, "pensiun"]), st.booleans()), min_size=1, max_size=9
)
PROBE = [dt.date(2025, 12, 31) + dt.timedelta(days=days) for days in range(11)]


@settings(deadline=None)
@given(STATEMENTS)
def test_whatever_is_told_in_whatever_order_holds_from_its_day_and_changes_nothing_earlier(
    statements: list[tuple[dt.date, str, str | None, bool]],
) -> None:
    before: EmployeeEntry | None = None
    rows: tuple[Tenure, ...] = ()
    for day, unit, departure, renaming in statements:
        if renaming and before is not None:
            change = apply_unit_names(before, rows, {unit: "D"}, day=day, recorded_at=NOW)
            since = day
            tenures = [at(change.rows_after, probe) for probe in PROBE if probe >= day]
            assert unit not in {tenure.unit for tenure in tenures if tenure}
        else:
            statement = StaffUpdate(entry=entry(unit=unit), departure=departure)
            change = apply_update(statement, before, rows, day=day, recorded_at=NOW)
            since = day if rows else BEGINNING
            assert seen(at(change.rows_after, since)) == (unit, departure)
            assert apply_update(statement, change.after, change.rows_after, day=since, recorded_at=NOW).same
        earlier = [probe for probe in PROBE if probe < since]
        assert [seen(at(change.rows_after, probe)) for probe in earlier] == [seen(at(rows, probe)) for probe in earlier]
        before, rows = change.after, change.rows_after
        assert before.unit == rows[-1].unit
        assert [row.since for row in rows] == sorted({row.since for row in rows})
        assert all(replace(first, since=second.since) != second for first, second in pairwise(rows))


def at(rows: tuple[Tenure, ...], day: dt.date) -> Tenure | None:
    return next((row for row in reversed(rows) if row.since <= day), None)


def seen(tenure: Tenure | None) -> Any:
    return tenure and (tenure.unit, tenure.departure)
