"""Job 2, ingest: a received PDF becomes a kept, judged submission; a numbered proof, whose refusals are kept too."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any
from zoneinfo import ZoneInfo

from parsers.build import build
from parsers.examine import examine
from parsers.records import ActivityRecord
from service.gateway.settle import settle_by_file
from service.limits import Defect, GaveUp
from service.policy import Activity, AssessedActivity, assess
from service.proof.answer import Answer, answer_json
from service.proof.circumstances import (
    against_blank,
    against_calendar,
    against_circulation,
    against_earlier,
    against_register,
    facts_of,
)
from service.proof.delegates import Calendar
from service.proof.faults import signature_reasons
from service.proof.fence import Stumbled, fenced
from service.proof.policies import CURRENT
from service.proof.reasons import Reason, Verdict, reason, told, weigh
from service.proof.revisions import compare_revisions
from service.proof.roles import attribute, stamp_reasons
from service.proof.unread import answer_unread
from service.proposals import propose_unknown
from service.records import Event, Status, Submission, Verification
from service.store import Store, Transaction, Writing
from service.telling import tell_judged
from signing.report import Report
from signing.trust import Trust
from signing.verify import inspect

_STATUS = {Verdict.PASSED: Status.VERIFIED, Verdict.REVIEW: Status.REVIEW, Verdict.FAILED: Status.REFUSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When a file is judged, where the agency's clocks hang, and whose signatures chain to whom at that time."""

    now: dt.datetime
    zone: ZoneInfo
    trust: Trust


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


def _end_circulation(tx: Writing, kept: Submission, now: dt.datetime, actor: str) -> None:
    """A form that went round in the service has arrived, whichever way it was handed in."""
    if kept.facts is None or kept.status is Status.REFUSED:
        return
    serial, detail = kept.facts.serial, {"submission": kept.id, "status": kept.status.value}
    if tx.circulations.close(serial, kept.id, now):
        tx.events.append(Event(at=now, actor=actor, action="circulation.submitted", subject=serial, detail=detail))


def verification_of(submission_id: str, answer: Answer, told: Mapping[str, Any], moment: Moment) -> Verification:
    """The judgement as it is kept: by which policy, when, and the whole answer."""
    return Verification(
        submission_id=submission_id, at=moment.now, policy=CURRENT.id, verdict=answer.verdict.value, answer=told
    )


def prove(content: bytes, file: str, *, tx: Transaction, moment: Moment, excluding: str | None = None) -> Answer:
    """The proof without keeping anything: steps (1) to (7). Never raises for a bad file; says what is wrong instead.

    What our own steps raise goes on: the store's and the system's errors, and defects.
    """
    report = inspect(content, trust=moment.trust)
    if excluding is None:
        # A file that was handed in already is not its own duplicate.
        kept = tx.submissions.find_by_digest(report.sha256)
        excluding = kept.id if kept else None
    try:
        return _prove(content, file, report=report, tx=tx, moment=moment, excluding=excluding)
    except Stumbled:
        broken = reason("broken_pdf", banyak=str(len(content)))
        return Answer(file=file, report=report, verdict=Verdict.FAILED, reasons=(broken,))
    except GaveUp as error:
        return answer_unread(file, error, report.sha256)


def _only_gave_up(answer: Mapping[str, Any]) -> bool:
    """Whether nothing was said of the file: a reader gave up, or we did."""
    return [each["code"] for each in answer.get("reasons", ())] in ([GaveUp.code], [Defect.code])


def _prove(
    content: bytes, file: str, *, report: Report, tx: Transaction, moment: Moment, excluding: str | None
) -> Answer:
    if report.problem is not None:
        trouble = report.problem
        reasons: tuple[Reason, ...] = (told(trouble.code, trouble.message, trouble.hint),)
        return Answer(file=file, report=report, verdict=Verdict.FAILED, reasons=reasons)
    # (1) The form by its serial.
    examined = fenced(lambda: examine(content))
    reading = examined.reading
    reasons = tuple(told(each.code, each.message, each.hint) for each in reading.problems)
    form = reading.form
    if form is None:
        return Answer(file=file, report=report, verdict=Verdict.FAILED, reasons=reasons or (reason("unknown_serial"),))
    if not examined.genuine and not any(each.code == "altered_template" for each in reasons):
        reasons += (reason("altered_template"),)
    if report.hidden:
        reasons += (reason("hidden_from_some_readers"),)
    # (2) Every signature.
    reasons += signature_reasons(report)
    # (3) Whose each signature is.
    attribution = attribute(
        report.signatures,
        answers=reading.answers,
        form=form,
        enrolment_of=tx.signers.find_these(_signers_of(report)).get,
        between=tx.delegations.between,
        calendar=Calendar(seen_at=_seen_at(excluding, tx, moment), zone=moment.zone),
    )
    reasons += attribution.reasons
    # (4) What each of them covers is what was received.
    reasons += fenced(
        lambda: compare_revisions(
            content, report.signatures, form=form, answers=reading.answers, footing=examined.footing
        )
    )
    # (5) Values equal what the page shows.
    reasons += tuple(told(each.code, each.message, each.hint, grave=each.grave) for each in examined.hidden)
    reasons += stamp_reasons(examined.over_slots, attribution, form)
    # (6) The record, all problems at once.
    built = build(reading.answers, form)
    reasons += tuple(told(each.code, each.message, each.hint) for each in built.problems)
    record = built.record
    assessed = None
    if record is not None and reading.serial is not None:
        blank = tx.blanks.find(reading.serial)
        reasons += against_blank(record, blank, form)
        reasons += against_register(record, tx, form, blank=blank)
        reasons += against_calendar(record, attribution.by_role, now=moment.now, zone=moment.zone)
        reasons += against_earlier(facts_of(record, reading.serial), tx, excluding=excluding)
        reasons += against_circulation(reading.serial, tx, zone=moment.zone)
        # (7) The law in force on the activity's date.
        assessed = _assess(record)
    reasons = tuple(dict.fromkeys(reasons))
    return Answer(
        file=file,
        report=report,
        verdict=weigh(reasons),
        reasons=reasons,
        form=form,
        serial=reading.serial,
        genuine=examined.genuine,
        record=record,
        attribution=attribution,
        assessed=assessed,
    )


def _signers_of(report: Report) -> frozenset[str]:
    return frozenset(each.signer.fingerprint for each in report.signatures if each.signer is not None)


def _seen_at(submission_id: str | None, tx: Transaction, moment: Moment) -> dt.datetime:
    """When these bytes were there at the latest: received earlier, or now."""
    kept = tx.submissions.get(submission_id) if submission_id else None
    return min(kept.received_at, moment.now) if kept else moment.now


def _assess(record: ActivityRecord) -> AssessedActivity:
    activity = Activity(
        kind=record.kind, scope=record.scope, date=record.date, minutes=record.minutes, begins=record.begins
    )
    return assess([activity]).items[0]


def _with_reasons(answer: Answer, more: tuple[Reason, ...]) -> Answer:
    reasons = answer.reasons + more
    return replace(answer, reasons=reasons, verdict=weigh(reasons))
