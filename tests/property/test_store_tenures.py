"""What is told of a person in any order: it holds from its day, and nothing earlier changes."""

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
TOLD = st.lists(
    st.tuples(DAYS, st.sampled_from("ABC"), st.sampled_from([None, "pensiun"]), st.booleans()), min_size=1, max_size=9
)
PROBE = [dt.date(2025, 12, 31) + dt.timedelta(days=each) for each in range(11)]


@settings(deadline=None)
@given(TOLD)
def test_whatever_is_told_in_whatever_order_holds_from_its_day_and_changes_nothing_earlier(
    told: list[tuple[dt.date, str, str | None, bool]],
) -> None:
    before: EmployeeEntry | None = None
    rows: tuple[Tenure, ...] = ()
    for day, unit, departure, renaming in told:
        if renaming and before is not None:
            change = apply_unit_names(before, rows, {unit: "D"}, day=day, recorded_at=NOW)
            since = day
            said = [at(change.rows_after, each) for each in PROBE if each >= day]
            assert unit not in {held.unit for held in said if held}
        else:
            statement = StaffUpdate(entry=entry(unit=unit), departure=departure)
            change = apply_update(statement, before, rows, day=day, recorded_at=NOW)
            since = day if rows else BEGINNING
            assert seen(at(change.rows_after, since)) == (unit, departure)
            assert apply_update(statement, change.after, change.rows_after, day=since, recorded_at=NOW).same
        earlier = [each for each in PROBE if each < since]
        assert [seen(at(change.rows_after, each)) for each in earlier] == [seen(at(rows, each)) for each in earlier]
        before, rows = change.after, change.rows_after
        assert before.unit == rows[-1].unit
        assert [each.since for each in rows] == sorted({each.since for each in rows})
        assert all(replace(one, since=two.since) != two for one, two in pairwise(rows))


def at(rows: tuple[Tenure, ...], day: dt.date) -> Tenure | None:
    return next((each for each in reversed(rows) if each.since <= day), None)


def seen(held: Tenure | None) -> Any:
    return held and (held.unit, held.departure)
