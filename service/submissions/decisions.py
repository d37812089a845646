"""Decisions of Biro SDM on submissions (circular 5.b.6: "melakukan verifikasi/validasi"): one each, and kept."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from forms.indonesian import long_date
from service.access import Act, Viewer, may
from service.access_lookup import of_submission
from service.errors import BadInput, BadRows, NotGranted
from service.identifiers import as_typed
from service.language import Message
from service.names import cleaned, cleaned_paragraphs
from service.notifications.messages import notify_decision
from service.records import Decision, Event, Status, Submission
from service.spreadsheets.read import Reader, Row, rows_in
from service.spreadsheets.templates import APPROVALS
from service.store import Store, Transaction
from service.verification.overlaps import OverlapNeedsLook, overlaps, reasons_now
from service.verification.wording import INDONESIAN, shown_reasons


@dataclass(frozen=True, slots=True, kw_only=True)
class Approvals:
    """The result of approving many: the ids `approved`, and what was `left_out` for a person to see first.

    `noticed`: by the code of a notice, the approved ones whose answer has it.
    """

    approved: tuple[str, ...]
    left_out: tuple[OverlapNeedsLook, ...]
    noticed: Mapping[str, Sequence[str]]


def approve(submission_id: str, *, store: Store, now: dt.datetime, actor: str, seen: Collection[str] = ()) -> str:
    """Approve one submission, once; NotGranted when it was refused or decided otherwise.

    OverlapNeedsLook (a NotGranted) when it shares time with another standing activity of the person that is not among
    `seen`, the ids the approver has been shown beside it.
    """
    return _approve(_find(submission_id, store), store=store, now=now, actor=actor, seen=seen)


def approve_many(ids: Iterable[str], *, store: Store, now: dt.datetime, actor: str) -> Approvals:
    """Approve those without anything a person has to see; NotGranted at the first that cannot be approved at all."""
    approved: list[str] = []
    left_out: list[OverlapNeedsLook] = []
    noticed: dict[str, list[str]] = {}
    for submission_id in ids:
        submission = _find(submission_id, store)
        try:
            approved.append(_approve(submission, store=store, now=now, actor=actor, seen=()))
        except OverlapNeedsLook as held:
            left_out.append(held)
            continue
        notices = reasons_now(submission, ())
        for code in dict.fromkeys(str(notice["code"]) for notice in notices):
            noticed.setdefault(code, []).append(submission.id)
    return Approvals(approved=tuple(approved), left_out=tuple(left_out), noticed=noticed)


def approve_verified(*, store: Store, now: dt.datetime, actor: str) -> Approvals:
    """Approve everything that passed and waits; what is in review, and what a person has to see, is left out."""
    with store.reading() as tx:
        waiting = [submission.id for submission in tx.submissions.waiting()]
    return approve_many(waiting, store=store, now=now, actor=actor)


def overlaps_of(submission_id: str, *, store: Store) -> Sequence[Submission]:
    """Return what the approver has to see first: every other standing activity that shares the submission's time."""
    submission = _find(submission_id, store)
    with store.reading() as tx:
        return overlaps(submission, tx)


def reject(submission_id: str, reason: str, *, store: Store, now: dt.datetime, actor: str) -> str:
    """Reject one submission with a reason the employee reads; a decision already made stays."""
    if not cleaned(reason):
        raise BadInput("rejection_without_reason")
    submission = _find(submission_id, store)
    return _decide(submission, Decision.REJECTED, cleaned_paragraphs(reason), store=store, now=now, actor=actor)


def _find(submission_id: str, store: Store) -> Submission:
    with store.reading() as tx:
        submission = tx.submissions.get(as_typed(submission_id))
    if submission is None:
        raise BadInput("submission_unknown", submission=submission_id)
    return submission


def _approve(submission: Submission, *, store: Store, now: dt.datetime, actor: str, seen: Collection[str]) -> str:
    if submission.decision is Decision.APPROVED:
        return submission.id
    if submission.status not in {Status.VERIFIED, Status.REVIEW} or submission.facts is None:
        raise NotGranted("submission_not_passed", submission=submission.id)
    return _decide(submission, Decision.APPROVED, None, store=store, now=now, actor=actor, seen=seen)


def _decide(
    submission: Submission,
    decision: Decision,
    reason: str | None,
    *,
    store: Store,
    now: dt.datetime,
    actor: str,
    seen: Collection[str] = (),
) -> str:
    with store.transaction() as tx:
        if not tx.submissions.decide(submission.id, decision, now, actor, reason):
            raise NotGranted("submission_decided", submission=submission.id)
        # After the decision, which locks the person: no other file of theirs is answered until the commit. Raising here
        # rolls the decision back.
        others = overlaps(submission, tx) if decision is Decision.APPROVED else ()
        if any(other.id not in seen for other in others):
            raise OverlapNeedsLook(submission, others)
        detail = {"reason": reason} if reason else {}
        event = Event(at=now, actor=actor, action=f"submission.{decision.value}", subject=submission.id, detail=detail)
        tx.events.append(event)
        notify_decision(tx, submission, decision, now)
    return submission.id


# --- Decisions as a table

_WORDS = {
    **dict.fromkeys(("sah", "sahkan", "disahkan", "setuju", "approve", "approved"), Decision.APPROVED),
    **dict.fromkeys(("tolak", "ditolak", "reject", "rejected"), Decision.REJECTED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TableDecision:
    """The decision of one row; `reason` is empty for an approval.

    `overlaps`: the activities that share its time and still stand after the table. With any, an approval is left out: a
    person has to see them together first. `notes` are those of the row (`Row.notes`).
    """

    submission: str
    decision: Decision
    reason: str
    overlaps: tuple[Submission, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def left_out(self) -> bool:
        return self.decision is Decision.APPROVED and bool(self.overlaps)


def decide_table(
    content: bytes,
    file_name: str,
    *,
    store: Store,
    now: dt.datetime,
    actor: str,
    by: Viewer | None = None,
    preview: bool = False,
    read: Reader = rows_in,
) -> tuple[TableDecision, ...]:
    """Return the decisions of a table, and carry them out unless it is a preview. Rows without one are skipped.

    An approval of what shares time with another standing activity is left out (`TableDecision.left_out`).

    `by`: the person who decides, limited to what they may decide; None: the operator of the installation.
    Raises BadInput, or BadRows naming every wrong row; then nothing of the table is carried out.
    """
    rows = read(content, APPROVALS, file_name)
    with store.reading() as tx:
        decisions = _decisions(rows, tx, by)
    if preview:
        return decisions
    # Rejections first: a rejected activity overlaps with nothing any more.
    for decision in decisions:
        if decision.decision is not Decision.APPROVED:
            reject(decision.submission, decision.reason, store=store, now=now, actor=actor)
    return tuple(_carried_out(decision, store=store, now=now, actor=actor) for decision in decisions)


def _carried_out(decision: TableDecision, *, store: Store, now: dt.datetime, actor: str) -> TableDecision:
    """Carry out an approval; one whose overlap is newer than the table's preview is left out too."""
    if decision.decision is not Decision.APPROVED or decision.left_out:
        return decision
    try:
        approve(decision.submission, store=store, now=now, actor=actor)
    except OverlapNeedsLook as held:
        return replace(decision, overlaps=held.others)
    return decision


def waiting_rows(tx: Transaction) -> Iterator[Mapping[str, str]]:
    """Return everything that awaits a decision as rows of the table, without a decision."""
    for submission in tx.submissions.waiting():
        if submission.facts is not None:
            employee = submission.answer.get("record", {}).get("employee", {})
            yield {
                "kiriman": submission.id,
                "nip": submission.facts.employee_nip,
                "nama": str(employee.get("name", "")),
                "tanggal": long_date(submission.facts.date),
                "kegiatan": submission.facts.title,
                "catatan": " ".join(
                    str(notice["message"])
                    for notice in shown_reasons(reasons_now(submission, overlaps(submission, tx)), INDONESIAN)
                ),
            }


def _decisions(rows: list[Row], tx: Transaction, by: Viewer | None) -> tuple[TableDecision, ...]:
    decisions: dict[str, TableDecision] = {}
    lines: dict[str, int] = {}
    problems: list[Message] = []
    of_table: tuple[str, ...] = ()
    for row in rows:
        if not row.cells.get("keputusan"):
            # What was noted of the table stands with its first row.
            of_table += tuple(note for note in row.notes if note.partition(":")[0].split() != ["Baris", str(row.line)])
            continue
        decision, wrong = _decision(row, tx, by)
        decision, of_table = replace(decision, notes=(*of_table, *row.notes)), ()
        if decision.submission in decisions:
            first = lines[decision.submission]
            wrong.append(Message("approval_row_twice", submission=decision.submission, first=first))
        problems += [Message("approval_row_wrong", row=row.line, problem=problem) for problem in wrong]
        decisions.setdefault(decision.submission, decision)
        lines.setdefault(decision.submission, row.line)
    if problems:
        raise BadRows("approvals_wrong", problems, count=len(problems))
    if not decisions:
        raise BadInput("approvals_empty")
    rejected = {decision.submission for decision in decisions.values() if decision.decision is Decision.REJECTED}
    return tuple(_with_overlaps(decision, tx, rejected) for decision in decisions.values())


def _with_overlaps(decision: TableDecision, tx: Transaction, rejected: Collection[str]) -> TableDecision:
    """Return the decision with what shares its time, except what the same table rejects."""
    submission = tx.submissions.get(decision.submission)
    if submission is None or submission.decision is not Decision.PENDING:
        return decision
    return replace(decision, overlaps=tuple(other for other in overlaps(submission, tx) if other.id not in rejected))


def _decision(row: Row, tx: Transaction, by: Viewer | None) -> tuple[TableDecision, list[str | Message]]:
    wrong: list[str | Message] = list(row.wrong)
    number, reason = as_typed(row.cells.get("kiriman", "")), row.cells.get("alasan", "")
    decision = _WORDS.get(row.cells["keputusan"].lower())
    if decision is None:
        wrong.append(Message("approval_row_undecided", typed=row.cells["keputusan"]))
        decision = Decision.PENDING
    submission = tx.submissions.get(number)
    if submission is None:
        wrong.append(Message("approval_row_unknown", typed=row.cells.get("kiriman", "")))
    else:
        wrong += _hindrance(submission, decision)
        if by is not None and not may(by, Act.DECIDE, of_submission(tx, submission)):
            wrong.append(Message("approval_row_not_yours", submission=submission.id))
    if decision is Decision.REJECTED and not reason:
        wrong.append(Message("approval_row_without_reason"))
    return TableDecision(submission=number, decision=decision, reason=reason), wrong


def _hindrance(submission: Submission, decision: Decision) -> list[Message]:
    if submission.decision is not Decision.PENDING:
        # The same decision again is no mistake: a table may be handed in twice.
        same = submission.decision is decision is Decision.APPROVED
        return [] if same else [Message(f"approval_row_done.{submission.decision.value}", submission=submission.id)]
    passed = submission.status in {Status.VERIFIED, Status.REVIEW} and submission.facts is not None
    if decision is Decision.APPROVED and not passed:
        return [Message("approval_row_not_passed", submission=submission.id)]
    return []
