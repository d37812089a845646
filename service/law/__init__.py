"""The law: pure functions over values, standard library only."""

from __future__ import annotations

from service.law.assessment import RULES, AssessedActivity, Assessment, assess, jp_text
from service.law.rule import KINDS, SCOPES, Activity, Citation, Finding, Outcome, PolicyError, Rule

__all__ = [
    "KINDS",
    "RULES",
    "SCOPES",
    "Activity",
    "AssessedActivity",
    "Assessment",
    "Citation",
    "Finding",
    "Outcome",
    "PolicyError",
    "Rule",
    "assess",
    "jp_text",
]
