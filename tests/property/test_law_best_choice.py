"""The JP of a month is the highest possible one, and among equals the earliest counts; checked by trying everything."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from decimal import Decimal
from itertools import combinations, product

from hypothesis import example, given, settings
from hypothesis import strategies as st

from service.law import Activity, assess
from support.examples import examples

DAYS = st.sampled_from([dt.date(2024, 2, 27), dt.date(2024, 2, 28), dt.date(2024, 2, 29), dt.date(2024, 3, 1)])
STARTS = st.sampled_from([None, *(dt.time(hour) for hour in range(7, 19))])
SCOPES = st.sampled_from(["nasional", "internasional"])


def lists_of(kind: st.SearchStrategy[str]) -> st.SearchStrategy[list[Activity]]:
    minutes = st.sampled_from([0, 44, 45, 60, 90, 134, 135, 180, 600])
    one = st.builds(Activity, kind=kind, date=DAYS, scope=SCOPES, minutes=minutes, begins=STARTS)
    return st.lists(one, max_size=7)


SELF_STUDIES = lists_of(st.just("belajar_mandiri"))
MEETINGS = lists_of(st.sampled_from(["coaching", "mentoring"]))
CHEAP_BEFORE_DEAR = [
    Activity(kind="belajar_mandiri", date=dt.date(2024, 2, 27), minutes=90, begins=dt.time(8)),
    Activity(kind="belajar_mandiri", date=dt.date(2024, 2, 27), minutes=45, scope="internasional", begins=dt.time(9)),
    Activity(kind="belajar_mandiri", date=dt.date(2024, 2, 28), minutes=45, begins=dt.time(8)),
]


def without_duplicates(activities: list[Activity]) -> list[Activity]:
    seen = set()
    result = []
    for activity in activities:
        key = (activity.kind, activity.date, activity.begins)
        if activity.begins is None or key not in seen:
            result.append(activity)
        seen.add(key)
    return result


def every_way(activities: list[Activity]) -> Iterator[dict[int, Decimal]]:
    """Yield every way to count at most two self-studies a month and 2 whole JP a day: JP by index, addition included.

    Each chosen activity has at least 1 JP.
    """
    for size in range(len(activities) + 1):
        for chosen in combinations(range(len(activities)), size):
            months = [activities[place].date.month for place in chosen]
            if any(months.count(month) > 2 for month in months):
                continue
            whole = [range(1, min((activities[place].minutes or 0) // 45, 2) + 1) for place in chosen]
            for shares in product(*whole):
                days = {activities[place].date: 0 for place in chosen}
                for place, share in zip(chosen, shares, strict=True):
                    days[activities[place].date] += share
                if all(sum_of_day <= 2 for sum_of_day in days.values()):
                    yield {
                        place: share * Decimal("1.2" if activities[place].scope == "internasional" else 1)
                        for place, share in zip(chosen, shares, strict=True)
                    }


def by_month(activities: list[Activity], places: list[int]) -> list[list[tuple[dt.date, dt.time, int]]]:
    """Return what counts of each month, earliest first."""
    counted = sorted((activities[place].date, activities[place].begins or dt.time.min, place) for place in places)
    return [[activity for activity in counted if activity[0].month == month] for month in (2, 3)]


@settings(deadline=None, max_examples=examples(300))
@given(SELF_STUDIES)
@example(CHEAP_BEFORE_DEAR)
def test_no_other_way_to_count_self_study_gives_more(activities: list[Activity]) -> None:
    activities = without_duplicates(activities)
    most = max(sum(way.values(), Decimal(0)) for way in every_way(activities))
    assert assess(activities).total == most


@settings(deadline=None, max_examples=examples(300))
@given(SELF_STUDIES)
@example(CHEAP_BEFORE_DEAR)
def test_among_ways_that_give_as_much_the_earliest_self_studies_count(activities: list[Activity]) -> None:
    activities = without_duplicates(activities)
    assessment = assess(activities)
    ways = [way for way in every_way(activities) if sum(way.values(), Decimal(0)) == assessment.total]
    counted = [place for place, item in enumerate(assessment.items) if item.counted]
    assert by_month(activities, counted) == min(by_month(activities, list(way)) for way in ways)


@settings(deadline=None, max_examples=examples(300))
@given(SELF_STUDIES)
def test_what_counts_of_self_study_is_one_of_the_lawful_ways(activities: list[Activity]) -> None:
    activities = without_duplicates(activities)
    items = assess(activities).items
    assert {place: item.jp for place, item in enumerate(items) if item.counted} in list(every_way(activities))


@settings(deadline=None, max_examples=examples(200))
@given(MEETINGS)
def test_no_other_two_meetings_of_a_kind_in_a_month_give_more(activities: list[Activity]) -> None:
    activities = without_duplicates(activities)
    worth = {("mentoring", "internasional"): 4}
    best = 0
    for kind, month in product(["coaching", "mentoring"], [2, 3]):
        values = [
            worth.get((kind, activity.scope), 2)
            for activity in activities
            if (activity.kind, activity.date.month) == (kind, month)
        ]
        best += sum(sorted(values, reverse=True)[:2])
    assert assess(activities).total == best


@settings(deadline=None, max_examples=examples(200))
@given(lists_of(st.sampled_from(["coaching", "mentoring", "belajar_mandiri"])), st.randoms(use_true_random=False))
def test_the_order_of_the_list_changes_no_total(activities: list[Activity], chance: random.Random) -> None:
    activities = without_duplicates(activities)
    shuffled = sorted(activities, key=lambda _: chance.random())
    assert assess(shuffled).total == assess(activities).total


@settings(deadline=None, max_examples=examples(200))
@given(lists_of(st.sampled_from(["coaching", "mentoring", "belajar_mandiri"])), lists_of(st.just("belajar_mandiri")))
def test_one_activity_more_never_takes_jp_away(activities: list[Activity], more: list[Activity]) -> None:
    together = without_duplicates([*activities, *more])
    alone = without_duplicates(activities)
    assert assess(together).total >= assess(alone).total


def test_a_month_of_a_thousand_activities_on_one_day_is_still_exact() -> None:
    day = dt.date(2024, 3, 4)
    crowd = [Activity(kind="belajar_mandiri", date=day, minutes=45 * (1 + place % 4)) for place in range(1000)]
    last = Activity(kind="belajar_mandiri", date=dt.date(2024, 3, 31), minutes=90, scope="internasional")
    assessment = assess([*crowd, last])
    assert assessment.total == Decimal("4.4")
    assert [place for place, item in enumerate(assessment.items) if item.counted] == [1, 1000]
