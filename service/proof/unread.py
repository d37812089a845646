"""Answers for files that were not read, or not to the end: too large, not to be opened, or too much for the reader."""

from __future__ import annotations

from service.limits import GaveUp
from service.proof.answer import Answer
from service.proof.reasons import Reason, Verdict, reason
from service.sources import Unopened
from signing.report import Report, Trouble


def report_unread(error: Unopened | GaveUp, digest: str) -> Report:
    """Facts: none but the digest (SHA-256 hex; empty where nothing could be read), and why."""
    trouble = Trouble(code=error.code, message=error.message, hint=error.hint)
    return Report(sha256=digest, readable=False, problem=trouble, signatures=())


def answer_unread(file: str, error: Unopened | GaveUp, digest: str) -> Answer:
    """The answer of the proof: refused what cannot be read, to a person what only our reader could not follow."""
    if isinstance(error, GaveUp):
        verdict, why = Verdict.REVIEW, reason(error.code, sebab=error.what)
    else:
        verdict = Verdict.FAILED
        why = Reason(code=error.code, title=error.title, message=error.message, hint=error.hint)
    return Answer(file=file, report=report_unread(error, digest), verdict=verdict, reasons=(why,))
