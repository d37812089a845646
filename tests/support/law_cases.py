"""The worked cases of the law, read from tests/service/law/cases/*.toml."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path

from service.law import Activity, Assessment, Outcome, assess


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A sentence of the law, activities, and the assessment they must get."""

    says: str
    activities: tuple[Activity, ...]
    jp: tuple[str, ...]
    total: str
    keeps: tuple[str, ...]
    breaks: tuple[str, ...]

    def assessed(self) -> Assessment:
        return assess(self.activities)


def read_cases() -> list[Case]:
    """Return the cases of all files, ordered by file name."""
    files = sorted((Path(__file__).parents[1] / "service" / "law" / "cases").glob("*.toml"))
    entries = [case for file in files for case in tomllib.loads(file.read_text(encoding="utf-8"))["case"]]
    return [
        Case(
            says=case["says"],
            activities=tuple(Activity(**activity) for activity in case["activities"]),
            jp=tuple(case["jp"]),
            total=case["total"],
            keeps=tuple(case.get("keeps", ())),
            breaks=tuple(case.get("breaks", ())),
        )
        for case in entries
    ]


def granted(rule: str, assessment: Assessment) -> bool:
    """Tell whether the rule granted something."""
    return Outcome.GRANTED in _outcomes(rule, assessment)


def objected(rule: str, assessment: Assessment) -> bool:
    """Tell whether the rule excluded or lowered something, or asked for a review."""
    return bool(_outcomes(rule, assessment) - {Outcome.GRANTED})


def _outcomes(rule: str, assessment: Assessment) -> set[Outcome]:
    return {finding.outcome for item in assessment.items for finding in item.findings if finding.rule == rule}
