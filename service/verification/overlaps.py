"""Activities of one person that share time: found in both directions at any moment, whichever came first.

The answer of a file is kept as it was given, so the one that came first says nothing of the one that came later. Who
decides is shown what stands now.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from service.errors import NotGranted
from service.language import Message
from service.records import Decision, Submission
from service.store import Transaction
from service.verification.reasons import Reason, reason
from service.verification.result import reason_json

CODE = "overlap_needs_look"
# What an answer says of it when the file came second; `CODE` says the same by what stands now.
_AT_ARRIVAL = "overlapping_activity"


class OverlapNeedsLook(NotGranted):
    """An approval must wait until a person has seen the activities that share time with this one."""

    def __init__(self, submission: Submission, others: Sequence[Submission]) -> None:
        super().__init__("not_approved_overlap", submission=submission.id, others=[other.id for other in others])
        self.submission = submission
        self.others = tuple(others)


def overlaps(submission: Submission, tx: Transaction) -> Sequence[Submission]:
    """Return every other standing submission of the person that shares time with this one, oldest first."""
    return tx.submissions.overlapping_all(submission.facts, submission.id) if submission.facts else ()


def reasons_now(submission: Submission, others: Sequence[Submission]) -> list[Mapping[str, Any]]:
    """Return the reasons of the answer as `verify` has them, but overlaps by what stands now."""
    kept = [found for found in submission.answer.get("reasons", ()) if found["code"] != _AT_ARRIVAL]
    return [*kept, *map(reason_json, overlap_reasons(others))]


def overlap_reasons(others: Sequence[Submission]) -> tuple[Reason, ...]:
    """Return a notice for every activity that shares the time."""
    return tuple(_reason(other) for other in others)


def overlap_reason(*, title: str, day: dt.date, hours: tuple[dt.time, dt.time], number: str, approved: bool) -> Reason:
    """Return the notice that names one other activity: what, when, its number, and whether it is approved."""
    begins, ends = hours
    span = Message("span.overnight" if ends <= begins else "span", begins=begins, ends=ends)
    decision = Message("decided.approved") if approved else Message("decided.not_yet")
    return reason("overlap_needs_look", title=title, day=day, hours=span, number=number, decision=decision)


def overlap_json(submission_id: str, others: Sequence[Submission]) -> dict[str, Any]:
    """Return `{"submission", "code", "others"}`; of the others their kind, title, date, begins, ends, decision."""
    return {"submission": submission_id, "code": CODE, "others": [_json(other) for other in others]}


def _reason(other: Submission) -> Reason:
    facts = other.facts
    if facts is None:
        raise ValueError(f"{other.id} has no activity")
    approved = other.decision is Decision.APPROVED
    hours = (facts.begins, facts.ends)
    return overlap_reason(title=facts.title, day=facts.date, hours=hours, number=other.id, approved=approved)


def _json(other: Submission) -> dict[str, Any]:
    facts = other.facts
    if facts is None:
        raise ValueError(f"{other.id} has no activity")
    return {
        "submission": other.id,
        "kind": facts.kind,
        "title": facts.title,
        "date": facts.date.isoformat(),
        "begins": f"{facts.begins:%H:%M}",
        "ends": f"{facts.ends:%H:%M}",
        "decision": other.decision.value,
    }
