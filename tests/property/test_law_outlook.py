"""The outlook and its suggestions against activities drawn at random: the bound holds, a suggestion delivers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.law import KINDS, Activity, assess
from service.law.month import month_of_activities
from service.law.outlook import Suggestion, a_month, month_end, most, outlook, suggest
from support.examples import examples

YEAR = 2025
FIRST, LAST = dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)
DAYS = st.dates(FIRST, LAST)
# The bound is narrow on late days, where the last day of a month matters.
LATE = st.one_of(DAYS, st.dates(dt.date(YEAR, 11, 26), LAST), st.sampled_from([LAST, dt.date(YEAR, 12, 30)]))
MINUTES = st.sampled_from([0, 44, 45, 60, 90, 134, 135, 600])
STARTS = st.sampled_from([None, dt.time(8), dt.time(9), dt.time(13)])


def activities(
    days: st.SearchStrategy[dt.date], scopes: Sequence[str], at_most: int
) -> st.SearchStrategy[list[Activity]]:
    one = st.builds(
        Activity, kind=st.sampled_from(KINDS), date=days, scope=st.sampled_from(scopes), minutes=MINUTES, begins=STARTS
    )
    return st.lists(one, max_size=at_most)


BOTH, NATIONAL = ("nasional", "internasional"), ("nasional",)


@st.composite
def years(draw: st.DrawFn, scopes: Sequence[str]) -> tuple[list[Activity], dt.date, list[Activity]]:
    """Draw the approved activities, a day, and activities from that day on."""
    day = draw(LATE)
    approved = draw(activities(st.one_of(DAYS, st.dates(day, min(LAST, day + dt.timedelta(days=3)))), BOTH, 12))
    near = st.dates(day, min(LAST, day + dt.timedelta(days=2)))
    return approved, day, draw(activities(st.one_of(st.dates(day, LAST), near), scopes, 14))


SELF_STUDY_TODAY = Activity(kind="belajar_mandiri", date=LAST, minutes=45, scope="internasional")


@settings(deadline=None, max_examples=examples(120))
@given(years(BOTH))
@example(([SELF_STUDY_TODAY], LAST, [Activity(kind="belajar_mandiri", date=LAST, minutes=90, scope="internasional")]))
def test_no_completion_of_the_year_gives_more_than_the_bound(
    year: tuple[list[Activity], dt.date, list[Activity]],
) -> None:
    approved, day, later = year
    bound = outlook(approved, day)
    assert assess([*approved, *later]).total <= bound.most
    assert bound.total <= bound.most_national <= bound.most


@settings(deadline=None, max_examples=examples(120))
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
@given(activities(st.dates(dt.date(YEAR, 3, 1), dt.date(YEAR, 3, 31)), BOTH, 9), st.integers(1, 30))
def test_while_two_days_of_a_month_are_left_its_bound_does_not_depend_on_the_day(
    month: list[Activity], day: int
) -> None:
    kept = month_of_activities(dt.date(YEAR, 3, 1), month)
    today, ends = dt.date(YEAR, 3, day), dt.date(YEAR, 3, 31)
    assert most(month, today, ends, international=False) == kept.most_national
    assert most(month, today, ends, international=True) == most((), today, ends, international=True)
    assert kept.jp == assess(month).total


# --- Suggestions

MEETINGS = ("coaching", "mentoring")


def meetings(suggestion: Suggestion, day: dt.date, left: dict[str, int]) -> list[Activity]:
    """Return every suggested meeting on the first day on which it counts; two on one day are allowed."""
    held: list[Activity] = []
    for kind in MEETINGS:
        scopes = [way.scope for way in suggestion.ways if way.kind == kind for _ in range(way.times)]
        on, room = day, left[kind]
        for scope in sorted(scopes):
            while room == 0:
                on, room = dt.date(YEAR, on.month + 1, 1), a_month(day)[kind]
            held.append(Activity(kind=kind, date=on, scope=scope))
            room -= 1
    return held


@settings(deadline=None, max_examples=examples(100))
@given(
    st.dates(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 30)),
    st.integers(1, 100).map(lambda steps: steps * Decimal("0.2")),
    st.fixed_dictionaries({kind: st.integers(0, 2) for kind in KINDS}),
)
def test_what_is_suggested_gives_what_it_says(day: dt.date, need: Decimal, left: dict[str, int]) -> None:
    suggestion = suggest(need, day, left)
    promised = sum((way.jp for way in suggestion.ways), Decimal(0))
    assert promised + suggestion.rest >= need
    assert assess(meetings(suggestion, day, left)).total == sum(
        way.jp for way in suggestion.ways if way.kind in MEETINGS
    )
    assert promised <= outlook([], day).most


@settings(deadline=None, max_examples=50)
@given(st.dates(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)), st.integers(1, 20).map(Decimal))
def test_who_can_reach_the_target_is_shown_ways_that_do(day: dt.date, need: Decimal) -> None:
    suggestion = suggest(need, day, a_month(day))
    assert (suggestion.rest == 0) == (outlook([], day).most >= need)
