"""The circular's calendar: every quarter, every four months, every year; each duty with its norm."""

from __future__ import annotations

import datetime as dt

import pytest

from service.law.duties import DutyKind, due_on, duties


def parts(day: str) -> list[str]:
    return [f"{duty.work} {duty.part}" for duty in due_on(dt.date.fromisoformat(day))]


def test_a_year_has_four_recaps_three_evaluations_its_end_and_one_issue() -> None:
    told = [(duty.work, duty.part, duty.begins.isoformat(), duty.ends.isoformat()) for duty in duties(2026)]
    assert told == [
        (DutyKind.RECAP, "2026-Q1", "2026-04-01", "2026-04-14"),
        (DutyKind.EVALUATION, "2026-1", "2026-05-01", "2026-05-14"),
        (DutyKind.RECAP, "2026-Q2", "2026-07-01", "2026-07-14"),
        (DutyKind.EVALUATION, "2026-2", "2026-09-01", "2026-09-14"),
        (DutyKind.RECAP, "2026-Q3", "2026-10-01", "2026-10-14"),
        (DutyKind.YEAR_END, "2026", "2026-12-01", "2026-12-31"),
        (DutyKind.RECAP, "2026-Q4", "2027-01-01", "2027-01-14"),
        (DutyKind.EVALUATION, "2026-3", "2027-01-01", "2027-01-14"),
        (DutyKind.ISSUE, "2026", "2027-01-01", "2027-01-31"),
    ]


@pytest.mark.parametrize(
    ("day", "due"),
    [
        ("2026-03-31", []),
        ("2026-04-01", ["recap 2026-Q1"]),
        ("2026-04-14", ["recap 2026-Q1"]),
        ("2026-04-15", []),
        ("2026-12-31", ["year_end 2026"]),
        ("2027-01-01", ["recap 2026-Q4", "evaluation 2026-3", "issue 2026"]),
        ("2027-01-31", ["issue 2026"]),
        ("2027-02-01", []),
    ],
)
def test_a_duty_is_due_on_its_first_and_last_day_and_no_other(day: str, due: list[str]) -> None:
    assert parts(day) == due


def test_every_duty_says_who_and_by_which_norm() -> None:
    for duty in duties(2028):
        assert duty.roles
        assert duty.sentence.endswith(".")
        assert any(cite.article.startswith("angka 5.") and cite.norm for cite in duty.cites)
