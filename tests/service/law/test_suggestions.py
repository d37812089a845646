"""Suggestions hold what they say: done, they bring exactly the JP promised, within the limits."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from service.law import KINDS, Activity, assess
from service.law.outlook import A_MONTH, Suggestion, outlook, suggest

YEAR = 2025


MEETINGS = ("coaching", "mentoring")


def met(suggestion: Suggestion, day: dt.date, left: dict[str, int]) -> list[Activity]:
    """Every meeting suggested, on the first days on which it counts; nothing forbids two on one day."""
    made: list[Activity] = []
    for kind in MEETINGS:
        scopes = [way.scope for way in suggestion.ways if way.kind == kind for _ in range(way.times)]
        on, room = day, left[kind]
        for scope in sorted(scopes):
            while room == 0:
                on, room = dt.date(YEAR, on.month + 1, 1), A_MONTH[kind]
            made.append(Activity(kind=kind, date=on, scope=scope))
            room -= 1
    return made


@settings(deadline=None, max_examples=100)
@given(
    st.dates(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 30)),
    st.integers(1, 100).map(lambda steps: steps * Decimal("0.2")),
    st.fixed_dictionaries({kind: st.integers(0, 2) for kind in KINDS}),
)
def test_what_is_suggested_gives_what_it_says(day: dt.date, need: Decimal, left: dict[str, int]) -> None:
    suggestion = suggest(need, day, left)
    promised = sum((way.jp for way in suggestion.ways), Decimal(0))
    assert promised + suggestion.rest >= need
    assert assess(met(suggestion, day, left)).total == sum(way.jp for way in suggestion.ways if way.kind in MEETINGS)
    assert promised <= outlook([], day).most


@settings(deadline=None, max_examples=50)
@given(st.dates(dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)), st.integers(1, 20).map(Decimal))
def test_who_can_reach_the_target_is_shown_ways_that_do(day: dt.date, need: Decimal) -> None:
    suggestion = suggest(need, day, A_MONTH)
    assert (suggestion.rest == 0) == (outlook([], day).most >= need)


def test_national_activities_are_suggested_before_international_ones() -> None:
    told = suggest(Decimal(8), dt.date(YEAR, 5, 1), A_MONTH)
    assert [(way.kind, way.scope, way.times, way.until) for way in told.ways] == [
        ("coaching", "nasional", 2, 5),
        ("mentoring", "nasional", 1, 5),
        ("belajar_mandiri", "nasional", 1, 5),
    ]


def test_what_nothing_gives_any_more_is_left_to_other_learning() -> None:
    told = suggest(Decimal(20), dt.date(YEAR, 12, 1), A_MONTH)
    assert told.rest == Decimal("3.2")
    assert {way.scope for way in told.ways if way.kind == "mentoring"} == {"internasional"}
