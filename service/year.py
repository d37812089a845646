"""One employee's year as the employee sees it: what counts, what waits, what was refused, what is still possible."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal

from service.accumulation import accumulate
from service.activities import activity_of
from service.policy import AssessedActivity, Assessment
from service.policy.outlook import A_MONTH, Outlook, outlook
from service.records import Decision, Status, Submission
from service.store import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Reported:
    """One submission and, once approved, what the law makes of it within the year."""

    submission: Submission
    assessed: AssessedActivity | None

    @property
    def standing(self) -> str:
        """One word for where it is: approved, rejected, refused, review, waiting (for Biro SDM), received."""
        if self.submission.decision is not Decision.PENDING:
            return self.submission.decision.value
        return "waiting" if self.submission.status is Status.VERIFIED else self.submission.status.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What one kind still allows in the month of today."""

    kind: str
    used: int
    allowed: int
    jp: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnYear:
    """`reported` newest activity first; `outlook` only for the year that is running."""

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
            Kind(kind=room.kind, used=A_MONTH[room.kind] - room.left, allowed=A_MONTH[room.kind], jp=room.jp)
            for room in rooms
        )


def own_year(nip: str, year: int, *, today: dt.date, tx: Transaction) -> OwnYear:
    """Everything whose record names this employee in that year, judged by the law where Biro SDM approved it."""
    counted = accumulate(nip, year, tx)
    assessed = dict(zip((each.id for each in counted.submissions), counted.assessment.items, strict=True))
    newest_first = reversed(tx.submissions.of_employee(nip, year))
    reported = tuple(Reported(submission=each, assessed=assessed.get(each.id)) for each in newest_first)
    approved = [activity_of(each.facts) for each in counted.submissions if each.facts is not None]
    return OwnYear(
        nip=nip,
        year=year,
        assessment=counted.assessment,
        reported=reported,
        outlook=outlook(approved, today) if today.year == year else None,
    )
