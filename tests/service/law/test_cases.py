"""The law over its worked cases; every rule has a citation, a case it is content with and a case it is not."""

from __future__ import annotations

import pytest

from service.law import RULES, Rule, jp_text
from support.law_cases import Case, granted, objected, read_cases

CASES = read_cases()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_a_case_counts_what_it_says(case: Case) -> None:
    assessment = case.assessed()
    assert tuple(jp_text(item.jp) for item in assessment.items) == case.jp
    assert jp_text(assessment.total) == case.total
    assert tuple(item.activity for item in assessment.items) == case.activities
    assert [item.counted for item in assessment.items] == [jp != "0" for jp in case.jp]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_every_activity_is_told_what_the_rules_found(case: Case) -> None:
    for item in case.assessed().items:
        assert item.findings
        for finding in item.findings:
            assert finding.because.endswith(".")
            assert finding.cites_text
            assert all("“" in cite for cite in finding.cites_text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.says)
def test_whatever_counts_nothing_names_the_rule_that_left_it_out(case: Case) -> None:
    for item in case.assessed().items:
        if not item.counted:
            assert item.findings[-1].outcome.value in {"limited", "duplicate", "not_applicable", "incomplete"}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_a_sentence_and_a_citation_with_its_norm(rule: Rule) -> None:
    assert rule.sentence.endswith(".")
    assert rule.citation.instrument
    assert rule.citation.article
    assert rule.citation.norm


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_a_case_it_is_content_with(rule: Rule) -> None:
    """Content is: it objects to nothing; and where it ever grants, it grants here."""
    grants = any(granted(rule.id, case.assessed()) for case in CASES)
    named = [case for case in CASES if rule.id in case.keeps]
    assert named
    for case in named:
        assert not objected(rule.id, case.assessed()), case.says
        assert granted(rule.id, case.assessed()) or not grants, case.says


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_rule_has_a_case_it_is_not_content_with(rule: Rule) -> None:
    """Not content is: it objects; a rule that never objects, only grants, grants nothing here."""
    objects = any(objected(rule.id, case.assessed()) for case in CASES)
    named = [case for case in CASES if rule.id in case.breaks]
    assert named
    for case in named:
        if objects:
            assert objected(rule.id, case.assessed()), case.says
        else:
            assert not granted(rule.id, case.assessed()), case.says


def test_cases_name_rules_that_exist_and_rules_have_names_of_their_own() -> None:
    names = [rule.id for rule in RULES]
    assert len(set(names)) == len(names)
    assert {rule for case in CASES for rule in (*case.keeps, *case.breaks)} <= set(names)
    assert len({case.says for case in CASES}) == len(CASES)
