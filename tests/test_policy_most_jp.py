"""The choice under the limits is the best there is: compared with trying everything."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from service.policy import Activity, assess

days = st.dates(dt.date(2024, 6, 1), dt.date(2024, 6, 4))
self_study = st.builds(
    Activity,
    kind=st.just("belajar_mandiri"),
    date=days,
    scope=st.sampled_from(["nasional", "internasional"]),
    minutes=st.integers(0, 200),
)


def best_by_trying_everything(activities: list[Activity]) -> Decimal:
    best = Decimal(0)
    for size in range(3):
        for chosen in combinations(activities, size):
            left: dict[dt.date, int] = {}
            total = Decimal(0)
            for each in sorted(chosen, key=lambda one: one.scope == "nasional"):
                counted = min((each.minutes or 0) // 45, left.get(each.date, 2))
                left[each.date] = left.get(each.date, 2) - counted
                total += counted * (Decimal("1.2") if each.scope == "internasional" else Decimal(1))
            best = max(best, total)
    return best


@settings(max_examples=150, deadline=None)
@given(st.lists(self_study, max_size=7))
def test_no_choice_of_self_studies_gives_more_jp(activities: list[Activity]) -> None:
    assert assess(activities).total == best_by_trying_everything(activities)


@settings(max_examples=60, deadline=None)
@given(st.lists(self_study, max_size=6), st.randoms(use_true_random=False))
def test_the_order_in_which_activities_are_given_does_not_change_the_total(activities: list[Activity], random) -> None:  # noqa: ANN001 - hypothesis hands in its own Random
    shuffled = list(activities)
    random.shuffle(shuffled)
    assert assess(shuffled).total == assess(activities).total


def test_a_thousand_self_studies_in_a_month_are_still_judged() -> None:
    many = [
        Activity(kind="belajar_mandiri", date=dt.date(2024, 6, 1 + place % 30), minutes=45 + place % 100)
        for place in range(1000)
    ]
    assert assess(many).total == Decimal(4)
