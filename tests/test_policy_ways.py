"""Suggestions hold what they say: done, they bring exactly the JP promised, within the limits."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from service.policy import KINDS, Activity, assess
from service.policy.outlook import A_MONTH, outlook
from service.policy.ways import Suggestion, suggest

YEAR = 2025


def done(suggestion: Suggestion, day: dt.date, left: dict[str, int]) -> list[Activity]:
    """Everything suggested, on the first days on which it counts."""
    made: list[Activity] = []
    for kind in KINDS:
        scopes = [way.scope for way in suggestion.ways if way.kind == kind for _ in range(way.times)]
        month, room, turn = day.month, left[kind], 0
        for scope in sorted(scopes):
            while room == turn:
                month, room, turn = month + 1, A_MONTH[kind], 0
            first = day if month == day.month else dt.date(YEAR, month, 1)
            on = first + dt.timedelta(days=turn)
            if on.month != month:  # the last day of a month has room for one self-study
                month, room, turn, on = month + 1, A_MONTH[kind], 0, dt.date(YEAR, month + 1, 1)
            made.append(Activity(kind=kind, date=on, scope=scope, minutes=90))
            turn += 1
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
    meetings = [each for each in done(suggestion, day, left) if each.kind != "belajar_mandiri"]
    assert assess(meetings).total == sum(way.jp for way in suggestion.ways if way.kind != "belajar_mandiri")
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
