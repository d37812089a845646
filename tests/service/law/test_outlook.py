"""What a year can still come to: no completion passes the bound, and one reaches it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.law import KINDS, Activity, assess
from service.law.month import month_of_activities
from service.law.outlook import month_end, most, outlook

YEAR = 2025
FIRST, LAST = dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)
DAYS = st.dates(FIRST, LAST)
# Late days are where the bound is narrow and the last day of a month matters.
LATE = st.one_of(DAYS, st.dates(dt.date(YEAR, 11, 26), LAST), st.sampled_from([LAST, dt.date(YEAR, 12, 30)]))
MINUTES = st.sampled_from([0, 44, 45, 60, 90, 134, 135, 600])
STARTS = st.sampled_from([None, dt.time(8), dt.time(9), dt.time(13)])


def some(days: st.SearchStrategy[dt.date], scopes: Sequence[str], most_of: int) -> st.SearchStrategy[list[Activity]]:
    one = st.builds(
        Activity, kind=st.sampled_from(KINDS), date=days, scope=st.sampled_from(scopes), minutes=MINUTES, begins=STARTS
    )
    return st.lists(one, max_size=most_of)


BOTH, NATIONAL = ("nasional", "internasional"), ("nasional",)


@st.composite
def years(draw: st.DrawFn, scopes: Sequence[str]) -> tuple[list[Activity], dt.date, list[Activity]]:
    """What was approved, the day, and whatever happens from that day on."""
    day = draw(LATE)
    approved = draw(some(st.one_of(DAYS, st.dates(day, min(LAST, day + dt.timedelta(days=3)))), BOTH, 12))
    near = st.dates(day, min(LAST, day + dt.timedelta(days=2)))
    return approved, day, draw(some(st.one_of(st.dates(day, LAST), near), scopes, 14))


SELF_STUDY_TODAY = Activity(kind="belajar_mandiri", date=LAST, minutes=45, scope="internasional")


@settings(deadline=None, max_examples=120)
@given(years(BOTH))
@example(([SELF_STUDY_TODAY], LAST, [Activity(kind="belajar_mandiri", date=LAST, minutes=90, scope="internasional")]))
def test_no_completion_of_the_year_gives_more_than_the_bound(
    year: tuple[list[Activity], dt.date, list[Activity]],
) -> None:
    approved, day, later = year
    told = outlook(approved, day)
    assert assess([*approved, *later]).total <= told.most
    assert told.total <= told.most_national <= told.most


@settings(deadline=None, max_examples=120)
@given(years(NATIONAL))
@example(([SELF_STUDY_TODAY], LAST, [Activity(kind="belajar_mandiri", date=LAST, minutes=45)]))
def test_no_national_completion_gives_more_than_the_national_bound(
    year: tuple[list[Activity], dt.date, list[Activity]],
) -> None:
    approved, day, later = year
    assert assess([*approved, *later]).total <= outlook(approved, day).most_national


@settings(deadline=None, max_examples=60)
@given(years(BOTH))
def test_the_bound_is_that_of_the_months_one_by_one(year: tuple[list[Activity], dt.date, list[Activity]]) -> None:
    approved, day, _ = year
    for wide in (True, False):
        months = Decimal(0)
        for number in range(1, 13):
            first = dt.date(YEAR, number, 1)
            mine = [activity for activity in approved if activity.date.month == number]
            starts = max(day, first)
            months += most(mine, starts, month_end(first), international=wide)
        assert months == most(approved, day, LAST, international=wide)


@settings(deadline=None, max_examples=60)
@given(some(st.dates(dt.date(YEAR, 3, 1), dt.date(YEAR, 3, 31)), BOTH, 9), st.integers(1, 30))
def test_while_two_days_of_a_month_are_left_its_bound_does_not_depend_on_the_day(
    month: list[Activity], day: int
) -> None:
    kept = month_of_activities(dt.date(YEAR, 3, 1), month)
    today, ends = dt.date(YEAR, 3, day), dt.date(YEAR, 3, 31)
    assert most(month, today, ends, international=False) == kept.most_national
    assert most(month, today, ends, international=True) == most((), today, ends, international=True)
    assert kept.jp == assess(month).total


def test_a_full_month_allows_12_national_jp_and_16_8_international_ones() -> None:
    told = outlook([], dt.date(YEAR, 12, 1))
    assert (told.most_national, told.most) == (Decimal(12), Decimal("16.8"))
    assert not told.reachable
    assert outlook([], dt.date(YEAR, 11, 1)).reachable


def test_who_needs_international_activities_is_told_so() -> None:
    one = [Activity(kind="coaching", date=dt.date(YEAR, month, 3)) for month in (1, 2)]
    told = outlook(one, dt.date(YEAR, 12, 1))
    assert (told.most_national, told.most) == (Decimal(16), Decimal("20.8"))
    assert told.reachable
    assert told.only_international


def test_on_the_last_day_of_the_year_self_study_has_one_day_left() -> None:
    told = outlook([], LAST)
    assert (told.most_national, told.most) == (Decimal(10), Decimal("14.4"))


def test_a_kind_that_is_full_this_month_has_no_room_but_for_international_mentoring() -> None:
    day = dt.date(YEAR, 5, 20)
    full = [Activity(kind=kind, date=dt.date(YEAR, 5, place), minutes=90) for kind in KINDS for place in (5, 6)]
    rooms = {room.kind: room for room in outlook(full, day).rooms}
    assert [rooms[kind].left for kind in KINDS] == [0, 0, 0]
    assert (rooms["coaching"].jp, rooms["coaching"].jp_international) == (Decimal(0), Decimal(0))
    assert (rooms["mentoring"].jp, rooms["mentoring"].jp_international) == (Decimal(0), Decimal(4))
    assert (rooms["belajar_mandiri"].jp, rooms["belajar_mandiri"].jp_international) == (Decimal(0), Decimal("0.8"))


def test_a_kind_with_one_place_left_says_what_it_gives() -> None:
    one = [Activity(kind="coaching", date=dt.date(YEAR, 5, 2))]
    rooms = {room.kind: room for room in outlook(one, dt.date(YEAR, 5, 20)).rooms}
    assert (rooms["coaching"].left, rooms["coaching"].jp) == (1, Decimal(2))
    assert (rooms["mentoring"].left, rooms["mentoring"].jp) == (2, Decimal(4))
