"""A person's year: the approved submissions, assessed together by the law (circular 5.b.8)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from service.activities import activity_of
from service.policy import Activity, Assessment, assess, jp_text
from service.records import Submission
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


def accumulations(nips: Sequence[str], year: int, tx: Transaction) -> Iterator[Accumulation]:
    """The same for many, in the order of their NIPs, also of those with nothing; a portion in memory at a time.

    Their submissions come without answers.
    """
    rows = tx.submissions.approved_of(sorted(nips), year)
    gathered = groupby(rows, key=lambda each: each.facts.employee_nip if each.facts else "")
    waiting = next(gathered, None)
    for nip in sorted(nips):
        submissions: tuple[Submission, ...] = ()
        if waiting is not None and waiting[0] == nip:
            submissions = tuple(waiting[1])
            waiting = next(gathered, None)
        assessment = assess(activities(submissions))
        yield Accumulation(nip=nip, year=year, submissions=submissions, assessment=assessment)


def activities(submissions: Sequence[Submission]) -> list[Activity]:
    """The law's view of submissions; each approved one has facts, since only built records can be approved."""
    return [activity_of(submission.facts) for submission in submissions if submission.facts is not None]
