"""Job 2, ingest: a received PDF becomes a kept, judged submission; a numbered proof, whose refusals are kept too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from service.errors import BadInput
from service.gateway.calls import settle_by_file
from service.notifications.messages import tell_judged
from service.people.enrolment import propose_unknown
from service.records import Event, Status, Submission, Verification
from service.sandbox.limits import Defect, GaveUp
from service.store import Store, WriteTransaction
from service.verification.prove import Moment, _with_reasons, prove, verification_of
from service.verification.reasons import Verdict
from service.verification.register_checks import against_circulation, against_earlier, facts_of
from service.verification.result import Answer, answer_json

_STATUS = {Verdict.PASSED: Status.VERIFIED, Verdict.REVIEW: Status.REVIEW, Verdict.FAILED: Status.REFUSED}


def ingest(
    content: bytes,
    file: str,
    *,
    store: Store,
    moment: Moment,
    actor: str,
    new_id: Callable[[], str],
    judge: Callable[..., Answer] | None = None,
) -> Submission:
    """Keep the file, judge it, keep the answer. The same bytes give the same submission, whoever sends them when.

    `judge` stands in for `prove` (its arguments, its answer): within limits, or when a reader has given up before.
    What it raises goes on; the file is received then and waits for the next time. A file on which only the reader
    gave up is read again when it is sent again.
    """
    # (0) The original before anything else; whatever happens next, nothing is lost.
    digest = store.keep_document(content)
    with store.transaction() as tx:
        submission, new = tx.submissions.receive(digest, file, moment.now, new_id())
        if new:
            tx.events.append(Event(at=moment.now, actor=actor, action="submission.received", subject=submission.id))
        if _only_gave_up(submission.answer) and tx.submissions.reopen(submission.id):
            submission = replace(submission, status=Status.RECEIVED)
    if submission.status is not Status.RECEIVED:
        return submission
    return complete(content, submission, store=store, moment=moment, actor=actor, judge=judge) or submission


def complete(
    content: bytes,
    submission: Submission,
    *,
    store: Store,
    moment: Moment,
    actor: str,
    judge: Callable[..., Answer] | None,
    anew: bool = False,
) -> Submission | None:
    """Steps (1) to (8) for a file that is kept. `anew`: its answer sent it to a person, who has not decided yet.

    None when a decision came first.
    """
    # (1) to (7) without holding a write lock.
    with store.reading() as tx:
        answer = (judge or prove)(content, submission.file_name, tx=tx, moment=moment, excluding=submission.id)
    facts = facts_of(answer.record, answer.serial) if answer.record and answer.serial else None
    # (8) One transaction. Two files of one activity may have been judged side by side, or the form withdrawn
    # meanwhile: look once more under the lock.
    with store.transaction() as tx:
        if anew and not tx.submissions.reopen(submission.id):
            return None
        if facts is not None and answer.verdict is not Verdict.FAILED:
            late = against_earlier(facts, tx, excluding=submission.id)
            late += against_circulation(facts.serial, tx, zone=moment.zone)
            known = {each.code for each in answer.reasons}
            answer = _with_reasons(answer, tuple(each for each in late if each.code not in known))
        status = _STATUS[answer.verdict]
        told = answer_json(answer)
        kept = tx.submissions.complete(submission.id, status, facts, told)
        earlier = tx.verifications.of(submission.id)
        if anew or not earlier or _only_gave_up(earlier[-1].answer):
            tx.verifications.append(verification_of(submission.id, answer, told, moment))
        if kept.answer.get("verdict") == answer.verdict.value:
            codes = [each.code for each in answer.reasons]
            event = Event(
                at=moment.now,
                actor=actor,
                action=f"submission.{status.value}",
                subject=submission.id,
                detail={"reasons": codes},
            )
            tx.events.append(event)
            tell_judged(tx, kept, moment.now)
            propose_unknown(tx, told, seen_in=submission.id, now=moment.now)
            if facts is not None and status is not Status.REFUSED:
                settle_by_file(tx, facts.serial, told["roles"], digest=submission.digest, now=moment.now)
        _end_circulation(tx, kept, moment.now, actor)
    return kept


def _end_circulation(tx: WriteTransaction, kept: Submission, now: dt.datetime, actor: str) -> None:
    """A form that went round in the service has arrived, whichever way it was handed in."""
    if kept.facts is None or kept.status is Status.REFUSED:
        return
    serial, detail = kept.facts.serial, {"submission": kept.id, "status": kept.status.value}
    if tx.circulations.close(serial, kept.id, now):
        tx.events.append(Event(at=now, actor=actor, action="circulation.submitted", subject=serial, detail=detail))


def _only_gave_up(answer: Mapping[str, Any]) -> bool:
    """Whether nothing was said of the file: a reader gave up, or we did."""
    return [each["code"] for each in answer.get("reasons", ())] in ([GaveUp.code], [Defect.code])


# --- Judge a kept file again, by today's policy, trust and register; the new judgement stands beside the earlier ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Reverified:
    """The new judgement, its place among all of its submission (from 1), and the one before."""

    number: int
    verification: Verification
    before: Verification


def reverify(submission_id: str, *, store: Store, moment: Moment, actor: str) -> Reverified:
    """Read the kept bytes and keep one more judgement. What was answered and decided before stays as it is.

    BadInput for an unknown submission or one that was never answered; DocumentMissing and its like from the store.
    """
    with store.reading() as tx:
        submission = tx.submissions.get(submission_id)
        if submission is None:
            raise BadInput(f"Kiriman {submission_id} tidak ada.", "Periksa nomornya pada jawaban `cmb submit`.")
        if submission.status is Status.RECEIVED:
            raise BadInput(f"Kiriman {submission_id} belum selesai diperiksa.", "Kirim lagi berkasnya: `cmb submit`.")
        content = store.document(submission.digest)
        answer = prove(content, submission.file_name, tx=tx, moment=moment, excluding=submission.id)
    new = verification_of(submission.id, answer, answer_json(answer), moment)
    with store.transaction() as tx:
        earlier = tx.verifications.of(submission.id)
        tx.verifications.append(new)
        tx.events.append(
            Event(
                at=moment.now,
                actor=actor,
                action="submission.reverified",
                subject=submission.id,
                detail={"verdict": new.verdict, "before": earlier[-1].verdict, "policy": new.policy},
            )
        )
    return Reverified(number=len(earlier) + 1, verification=new, before=earlier[-1])


# --- A submission that waited for a person is judged again when what it waited for is known; its answer is given anew


def rejudge(
    submission_id: str,
    *,
    store: Store,
    moment: Moment,
    actor: str,
    judge: Callable[..., Answer] | None = None,
) -> Submission | None:
    """Judge one in review again, keep the judgement beside the earlier ones, and let its answer be today's.

    None for what is not in review any more, or was decided: a decision stands. `judge` as for `ingest`.
    """
    with store.reading() as tx:
        submission = tx.submissions.get(submission_id)
    if submission is None or submission.status is not Status.REVIEW:
        return None
    content = store.document(submission.digest)
    return complete(content, submission, store=store, moment=moment, actor=actor, judge=judge, anew=True)
