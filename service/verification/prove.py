"""Prove a received form in numbered steps, (1) to (7): verdict, reasons and record; nothing is kept.

Steps (0), keeping the bytes, and (8), the transaction, are in `service.submissions.intake`.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from parsers.build import build
from parsers.parse import examine
from parsers.records import ActivityRecord
from service.law import Activity, AssessedActivity, assess
from service.records import Verification
from service.sandbox.limits import GaveUp
from service.store import Transaction
from service.verification.attribution import Calendar, attribute, stamp_reasons
from service.verification.policy import CURRENT
from service.verification.reasons import Reason, Verdict, reader_reason, reason, signature_reasons, weigh
from service.verification.register_checks import (
    against_blank,
    against_calendar,
    against_circulation,
    against_earlier,
    against_register,
    facts_of,
)
from service.verification.result import Answer, ProofPayload, answer_unread
from service.verification.revisions import UnreadableFile, compare_revisions, reader_errors_as_findings
from signing.report import Report
from signing.trust import Trust
from signing.validation.inspect import inspect


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """The time a file is judged at, the agency's time zone, and the trust anchors of that time."""

    now: dt.datetime
    zone: ZoneInfo
    trust: Trust


def verification_of(submission_id: str, proof: ProofPayload, now: dt.datetime) -> Verification:
    """Return the judgement as it is kept: by which policy, when, and the whole answer."""
    return Verification(
        submission_id=submission_id, at=now, policy=CURRENT.id, verdict=proof.verdict.value, answer=proof.answer
    )


def prove(content: bytes, file: str, *, tx: Transaction, moment: Moment, excluding: str | None = None) -> Answer:
    """Return the answer of steps (1) to (7). Never raises for a bad file: its reasons say what is wrong.

    Errors of our own steps go on: those of the store and the system, and defects.
    """
    report = inspect(content, trust=moment.trust)
    if excluding is None:
        # A file that was handed in already is not its own duplicate.
        kept = tx.submissions.find_by_digest(report.sha256)
        excluding = kept.id if kept else None
    try:
        return _prove(content, file, report=report, tx=tx, moment=moment, excluding=excluding)
    except UnreadableFile:
        broken = reason("broken_pdf.given_up", count=len(content))
        return Answer(file=file, report=report, verdict=Verdict.FAILED, reasons=(broken,))
    except GaveUp as error:
        return answer_unread(file, error, report.sha256)


def _prove(
    content: bytes, file: str, *, report: Report, tx: Transaction, moment: Moment, excluding: str | None
) -> Answer:
    if report.problem is not None:
        trouble = report.problem
        reasons: tuple[Reason, ...] = (reader_reason(trouble),)
        return Answer(file=file, report=report, verdict=Verdict.FAILED, reasons=reasons)
    # (1) The form by its serial.
    examined = reader_errors_as_findings(lambda: examine(content))
    reading = examined.reading
    reasons = tuple(reader_reason(problem) for problem in reading.problems)
    form = reading.form
    if form is None:
        return Answer(file=file, report=report, verdict=Verdict.FAILED, reasons=reasons or (reason("unknown_serial"),))
    if not examined.genuine and not any(reason.code == "altered_template" for reason in reasons):
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
        between=lambda official, deputy: tx.delegations.between(official, deputy),  # noqa: PLW0108 - read when needed
        calendar=Calendar(seen_at=_seen_at(excluding, tx, moment), zone=moment.zone),
    )
    reasons += attribution.reasons
    # (4) What each of them covers is what was received.
    reasons += reader_errors_as_findings(
        lambda: compare_revisions(
            content, report.signatures, form=form, answers=reading.answers, sources=examined.sources
        )
    )
    # (5) Values equal what the page shows.
    reasons += tuple(reader_reason(problem) for problem in examined.hidden)
    reasons += stamp_reasons(examined.over_slots, attribution, form)
    # (6) The record, all problems at once.
    built = build(reading.answers, form)
    reasons += tuple(reader_reason(problem) for problem in built.problems)
    record = built.record
    assessed = None
    if record is not None and reading.serial is not None:
        blank = tx.blanks.find(reading.serial)
        reasons += against_blank(record, blank)
        reasons += against_register(record, tx, blank=blank)
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
    return frozenset(signature.signer.fingerprint for signature in report.signatures if signature.signer is not None)


def _seen_at(submission_id: str | None, tx: Transaction, moment: Moment) -> dt.datetime:
    """Return when these bytes existed for certain: when they were received, or now."""
    kept = tx.submissions.get(submission_id) if submission_id else None
    return min(kept.received_at, moment.now) if kept else moment.now


def _assess(record: ActivityRecord) -> AssessedActivity:
    activity = Activity(
        kind=record.kind, scope=record.scope, date=record.date, minutes=record.minutes, begins=record.begins
    )
    return assess([activity]).items[0]
