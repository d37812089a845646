"""The law: pure functions over values, standard library only."""

from __future__ import annotations

from service.law.assessment import RULES, AssessedActivity, Assessment, assess, jp_text
from service.law.regulations import target_of
from service.law.rule import KINDS, SCOPES, Activity, Finding, Outcome, PolicyError, Rule
from service.law.source import Citation

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
    "target_of",
]
