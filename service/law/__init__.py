"""The law: pure functions over values, standard library only."""

from __future__ import annotations

from service.policy.activity import KINDS, SCOPES, Activity
from service.policy.assessment import RULES, AssessedActivity, Assessment, assess, jp_text
from service.policy.errors import PolicyError
from service.policy.rule import Citation, Finding, Outcome, Rule

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
