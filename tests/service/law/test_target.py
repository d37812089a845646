"""The target at the end of each four months, and for who came later."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from service.law.outlook import PERIODS, period_end, pro_rata


def test_the_target_grows_by_a_third_of_the_year() -> None:
    assert [pro_rata(2025, period) for period in PERIODS] == [Decimal("6.67"), Decimal("13.33"), Decimal(20)]


def test_a_period_ends_with_its_fourth_month() -> None:
    assert [period_end(2024, period).isoformat() for period in PERIODS] == ["2024-04-30", "2024-08-31", "2024-12-31"]


@pytest.mark.parametrize(
    ("came", "targets"),
    [
        ("2019-03-01", ["6.67", "13.33", "20.00"]),
        ("2025-01-31", ["6.67", "13.33", "20.00"]),
        ("2025-03-10", ["3.33", "10.00", "16.67"]),
        ("2025-09-01", ["0.00", "0.00", "6.67"]),
        ("2026-01-05", ["0.00", "0.00", "0.00"]),
    ],
)
def test_who_came_in_the_year_is_measured_from_the_month_of_coming(came: str, targets: list[str]) -> None:
    day = dt.date.fromisoformat(came)
    assert [f"{pro_rata(2025, period, day)}" for period in PERIODS] == targets


def test_steps_of_jp_are_too_wide_for_the_rounding_to_judge_anybody() -> None:
    exact = Decimal(20) / 3
    for steps in range(150):
        jp = steps * Decimal("0.2")
        assert (jp >= pro_rata(2025, 1)) == (jp >= exact)
        assert (jp >= pro_rata(2025, 2)) == (jp >= 2 * exact)
