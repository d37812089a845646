"""One employee's year: what counts, what waits, what was refused, what is still possible; and its assessment."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from service.law import Activity, AssessedActivity, Assessment, assess, jp_text
from service.law.outlook import Outlook, outlook
from service.records import ActivityFacts, Decision, Status, Submission
from service.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One submission and, once approved, its assessment within the year."""

    submission: Submission
    assessed: AssessedActivity | None

    @property
    def standing(self) -> str:
        """Return one word for its state: approved, rejected, refused, review, waiting (for Biro SDM), received."""
        if self.submission.decision is not Decision.PENDING:
            return self.submission.decision.value
        return "waiting" if self.submission.status is Status.VERIFIED else self.submission.status.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What one kind still allows in the current month."""

    kind: str
    used: int
    allowed: int
    jp: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class EmployeeYear:
    """The year as the employee sees it: `reported` newest activity first; `outlook` only for the current year."""

    nip: str
    year: int
    assessment: Assessment
    reported: tuple[Reported, ...]
    outlook: Outlook | None

    @property
    def target(self) -> Decimal:
        return self.assessment.target

    @property
    def total(self) -> Decimal:
        return self.assessment.total

    @property
    def missing(self) -> Decimal:
        return max(self.target - self.total, Decimal(0))

    @property
    def kinds(self) -> tuple[Kind, ...]:
        rooms = self.outlook.rooms if self.outlook else ()
        return tuple(
            Kind(kind=room.kind, used=room.allowed - room.left, allowed=room.allowed, jp=room.jp) for room in rooms
        )


def employee_year(nip: str, year: int, *, today: dt.date, tx: Transaction) -> EmployeeYear:
    """Return everything whose record names this employee in that year, assessed where Biro SDM approved it."""
    counted = accumulate(nip, year, tx)
    assessed = dict(zip((submission.id for submission in counted.submissions), counted.assessment.items, strict=True))
    newest_first = reversed(tx.submissions.of_employee(nip, year))
    reported = tuple(
        Reported(submission=submission, assessed=assessed.get(submission.id)) for submission in newest_first
    )
    approved = [activity_of(submission.facts) for submission in counted.submissions if submission.facts is not None]
    return EmployeeYear(
        nip=nip,
        year=year,
        assessment=counted.assessment,
        reported=reported,
        outlook=outlook(approved, today) if today.year == year else None,
    )


# --- Assessment of a year (circular 5.b.8)


@dataclass(frozen=True, slots=True, kw_only=True)
class Accumulation:
    """One employee's year. `submissions` and `assessment.items` are in the same order: by date, start, id."""

    nip: str
    year: int
    submissions: tuple[Submission, ...]
    assessment: Assessment

    @property
    def basis(self) -> str:
        """Return SHA-256 (hex) over what counts and how much: the same basis means the same certificate."""
        rows = [
            f"{submission.digest} {jp_text(item.jp)} {item.counted}"
            for submission, item in zip(self.submissions, self.assessment.items, strict=True)
        ]
        return hashlib.sha256("\n".join([self.nip, str(self.year), *rows]).encode()).hexdigest()

    def basis_with(self, face: Sequence[str]) -> str:
        """Return the basis of a certificate that differs from an earlier one only in what it says about the person."""
        return hashlib.sha256("\n".join([self.basis, *face]).encode()).hexdigest()


def accumulate(nip: str, year: int, tx: Transaction) -> Accumulation:
    """Assess the year's approved submissions; nothing counts before Biro SDM approved it (5.b.6)."""
    submissions = tuple(tx.submissions.approved(nip, year))
    return Accumulation(
        nip=nip, year=year, submissions=submissions, assessment=assess(activities(submissions), year=year)
    )


def accumulations(nips: Sequence[str], year: int, tx: Transaction) -> Iterator[Accumulation]:
    """As `accumulate`, for many, in the order of their NIPs, also those with nothing; a portion in memory at a time.

    Their submissions come without answers.
    """
    rows = tx.submissions.approved_of(sorted(nips), year)
    gathered = groupby(rows, key=lambda submission: submission.facts.employee_nip if submission.facts else "")
    waiting = next(gathered, None)
    for nip in sorted(nips):
        submissions: tuple[Submission, ...] = ()
        if waiting is not None and waiting[0] == nip:
            submissions = tuple(waiting[1])
            waiting = next(gathered, None)
        assessment = assess(activities(submissions), year=year)
        yield Accumulation(nip=nip, year=year, submissions=submissions, assessment=assessment)


def activities(submissions: Sequence[Submission]) -> list[Activity]:
    """Return submissions as the law sees them; each approved one has facts, since only records are approved."""
    return [activity_of(submission.facts) for submission in submissions if submission.facts is not None]


# --- Activities


def activity_of(facts: ActivityFacts) -> Activity:
    return Activity(kind=facts.kind, scope=facts.scope, date=facts.date, minutes=facts.minutes, begins=facts.begins)
