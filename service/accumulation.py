"""A person's year: the approved submissions, assessed together by the law (circular 5.b.8)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from service.policy import Activity, Assessment, assess, jp_text
from service.records import ActivityFacts, Submission
from service.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Accumulation:
    """One employee's year. `submissions` and `assessment.items` are in the same order: by date, start, id."""

    nip: str
    year: int
    submissions: tuple[Submission, ...]
    assessment: Assessment

    @property
    def basis(self) -> str:
        """SHA-256 (hex) over what counts and how much: the same basis means the same certificate."""
        rows = [
            f"{submission.digest} {jp_text(item.jp)} {item.counted}"
            for submission, item in zip(self.submissions, self.assessment.items, strict=True)
        ]
        return hashlib.sha256("\n".join([self.nip, str(self.year), *rows]).encode()).hexdigest()

    def basis_with(self, face: Sequence[str]) -> str:
        """The basis of a certificate that differs from an earlier one only in what it says of the person."""
        return hashlib.sha256("\n".join([self.basis, *face]).encode()).hexdigest()


def accumulate(nip: str, year: int, tx: Transaction) -> Accumulation:
    """The year's assessment over approved submissions only; nothing counts before Biro SDM approved it (5.b.6)."""
    submissions = tuple(tx.submissions.approved(nip, year))
    return Accumulation(nip=nip, year=year, submissions=submissions, assessment=assess(activities(submissions)))


def activities(submissions: Sequence[Submission]) -> list[Activity]:
    """The law's view of submissions; each approved one has facts, since only built records can be approved."""
    return [_activity(submission.facts) for submission in submissions if submission.facts is not None]


def _activity(facts: ActivityFacts) -> Activity:
    return Activity(kind=facts.kind, scope=facts.scope, date=facts.date, minutes=facts.minutes, begins=facts.begins)
