"""What a year can still come to, by examples; `tests/property/test_law_outlook.py` draws years at random."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from service.law import KINDS, Activity
from service.law.outlook import outlook

YEAR = 2025
FIRST, LAST = dt.date(YEAR, 1, 1), dt.date(YEAR, 12, 31)


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
