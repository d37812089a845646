"""Suggestions of activities. That they deliver the JP they promise is in `tests/property`."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from service.law.outlook import a_month, suggest

YEAR = 2025


def test_national_activities_are_suggested_before_international_ones() -> None:
    told = suggest(Decimal(8), dt.date(YEAR, 5, 1), a_month(dt.date(YEAR, 5, 1)))
    assert [(way.kind, way.scope, way.times, way.until) for way in told.ways] == [
        ("coaching", "nasional", 2, 5),
        ("mentoring", "nasional", 1, 5),
        ("belajar_mandiri", "nasional", 1, 5),
    ]


def test_what_nothing_gives_any_more_is_left_to_other_learning() -> None:
    told = suggest(Decimal(20), dt.date(YEAR, 12, 1), a_month(dt.date(YEAR, 12, 1)))
    assert told.rest == Decimal("3.2")
    assert {way.scope for way in told.ways if way.kind == "mentoring"} == {"internasional"}
