"""The circular's cases as sentences, and the promises every rule keeps."""

from __future__ import annotations

import datetime as dt
import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from service.policy import RULES, Activity, Assessment, Outcome, Rule, assess, jp_text

CASES: list[dict[str, Any]] = [
    case
    for path in sorted((Path(__file__).parent / "cases").glob("*.toml"))
    for case in tomllib.loads(path.read_text(encoding="utf-8"))["case"]
]


def read(told: dict[str, Any]) -> Activity:
    begins = told.get("begins")
    return Activity(
        kind=told["kind"],
        scope=told.get("scope", "nasional"),
        date=dt.date.fromisoformat(told["date"]),
        minutes=told.get("minutes"),
        begins=dt.time.fromisoformat(begins) if begins else None,
    )


def held_back_by(assessment: Assessment) -> set[str]:
    """The rules that found anything but a grant."""
    found = (finding for item in assessment.items for finding in item.findings)
    return {finding.rule for finding in found if finding.outcome is not Outcome.GRANTED}


@pytest.mark.parametrize("case", CASES, ids=[case["says"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    assessment = assess([read(each) for each in case["activities"]])
    assert [jp_text(item.jp) for item in assessment.items] == case["jp"]
    assert assessment.total == sum(Decimal(each) for each in case["jp"])
    held = held_back_by(assessment)
    assert set(case.get("fails", [])) <= held
    assert not set(case.get("passes", [])) & held


def never_fails(rule: Rule) -> bool:
    """A rule that only sets what an activity is worth holds nothing back; its failing case is another kind's."""
    return rule.id in {"coaching_meeting", "mentoring_meeting", "mentoring_international", "self_study_international"}


@pytest.mark.parametrize("rule", RULES, ids=[rule.id for rule in RULES])
def test_every_rule_cites_its_norm_and_has_cases_both_ways(rule: Rule) -> None:
    assert rule.sentence.endswith(".")
    assert rule.citation.instrument
    assert rule.citation.article
    assert rule.citation.norm
    assert any(rule.id in case.get("passes", []) for case in CASES), "no passing case"
    if never_fails(rule):
        others = assess([Activity(kind="belajar_mandiri", date=dt.date(2024, 3, 4), minutes=45)])
        assert rule.id not in {finding.rule for item in others.items for finding in item.findings}
    else:
        assert any(rule.id in case.get("fails", []) for case in CASES), "no failing case"


def test_rule_names_are_unique() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES)


def test_a_rule_with_an_end_date_no_longer_holds_afterwards() -> None:
    from dataclasses import replace

    last = dt.date(2024, 12, 31)
    ended = tuple(replace(rule, holds_until=last) if rule.id == "coaching_month_limit" else rule for rule in RULES)
    three = [Activity(kind="coaching", date=dt.date(2025, 1, day)) for day in (6, 13, 20)]
    assert assess(three, rules=ended).total == Decimal(6)
    assert assess(three).total == Decimal(4)
    earlier = [Activity(kind="coaching", date=dt.date(2024, 12, day)) for day in (2, 9, 16)]
    assert assess(earlier, rules=ended).total == Decimal(4)


def test_every_activity_left_out_says_which_rule_left_it_out_and_quotes_the_norm() -> None:
    three = [Activity(kind="coaching", date=dt.date(2024, 3, day)) for day in (4, 11, 18)]
    finding = assess(three).items[2].findings[-1]
    assert finding.rule == "coaching_month_limit"
    assert finding.because == "Coaching dihitung paling tinggi 2 kali sebulan; bulan Maret 2024 sudah 2."
    assert finding.cites[0].text == (
        "SE Kepala BKN Nomor 3 Tahun 2022 angka 5.c.1)c): "
        "“Coaching paling tinggi dihitung 2 (dua) kali dalam 1 (satu) bulan”"
    )


@pytest.mark.parametrize(("jp", "text"), [("0", "0"), ("2", "2"), ("2.40", "2.4"), ("20", "20"), ("10.0", "10")])
def test_jp_are_written_without_exponent_or_trailing_zeros(jp: str, text: str) -> None:
    assert jp_text(Decimal(jp)) == text


@pytest.mark.parametrize(
    ("wrong", "word"), [({"kind": "seminar"}, "seminar"), ({"scope": "lokal"}, "lokal"), ({"minutes": -1}, "negatif")]
)
def test_an_activity_the_law_has_no_words_for_is_refused(wrong: dict[str, Any], word: str) -> None:
    from service.policy import PolicyError

    told: dict[str, Any] = {"kind": "coaching", "date": dt.date(2024, 3, 4), **wrong}
    with pytest.raises(PolicyError, match=word):
        Activity(**told)
