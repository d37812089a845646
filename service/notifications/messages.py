"""Whom to tell what: messages to people and events for programs, written in the transaction that made them true.

Messages name things by their numbers; who reads one finds the rest behind the sign-in. Each is told once: `once` says
what sameness means.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from service.records import Certificate, Decision, Status, Submission
from service.store import WriteTransaction
from service.store.learning import OtherLearning

# Events that programs may ask for (webhooks); the words are part of our promise to them.
EVENTS = (
    *("submission.verified", "submission.review", "submission.refused", "submission.approved", "submission.rejected"),
    *("certificate.issued", "certificate.revoked"),
)


class Message(StrEnum):
    """Kinds of messages to people; each has its words in `service.notifications.email_text`."""

    WAITING = "waiting"
    REMINDER = "reminder"
    RETURNED = "returned"
    VERIFIED = "verified"
    REFUSED = "refused"
    APPROVED = "approved"
    REJECTED = "rejected"
    CERTIFICATE = "certificate"
    REVOKED = "revoked"
    BEHIND = "behind"
    RECAP_DUE = "recap_due"
    EVALUATION_DUE = "evaluation_due"
    ISSUE_DUE = "issue_due"
    DECISIONS_WAIT = "decisions_wait"
    ASSIGNED = "assigned"
    LEARNING_APPROVED = "learning_approved"
    LEARNING_REJECTED = "learning_rejected"
    SIGNATURE_FOUND = "signature_found"
    SIGNATURE_UNKNOWN = "signature_unknown"
    DELEGATED = "delegated"


def tell_waiting(
    tx: WriteTransaction, *, nip: str, serial: str, role: str, employee_nip: str, revision: int, now: dt.datetime
) -> None:
    """It is `nip`'s turn to sign the form, as `role`; each `revision` of the form's way is told once."""
    about = {"serial": serial, "role": role, "employee_nip": employee_nip}
    _tell(tx, nip, Message.WAITING, about, once=f"{serial}:{revision}", now=now)


def tell_again(
    tx: WriteTransaction, *, nip: str, serial: str, role: str, employee_nip: str, day: dt.date, now: dt.datetime
) -> bool:
    """The form still waits for `nip`; a reminder at most once a day. Whether it is news."""
    about = {"serial": serial, "role": role, "employee_nip": employee_nip}
    return _tell(tx, nip, Message.REMINDER, about, once=f"{serial}:{day}", now=now)


def tell_returned(
    tx: WriteTransaction, *, employee_nip: str, serial: str, by_nip: str, revision: int, now: dt.datetime
) -> None:
    """A signer sent the form back; the reason stands with the form."""
    _tell(
        tx, employee_nip, Message.RETURNED, {"serial": serial, "by_nip": by_nip}, once=f"{serial}:{revision}", now=now
    )


def tell_signature_found(tx: WriteTransaction, *, nip: str, serial: str, call: str, now: dt.datetime) -> None:
    """The answer of a call to the signing gateway was lost, and its file found later: the form went on."""
    _tell(tx, nip, Message.SIGNATURE_FOUND, {"serial": serial}, once=call, now=now)


def tell_signature_unknown(tx: WriteTransaction, *, nip: str, serial: str, call: str, now: dt.datetime) -> None:
    """Such a file was not found: only the person can find out whether they signed."""
    _tell(tx, nip, Message.SIGNATURE_UNKNOWN, {"serial": serial}, once=call, now=now)


def tell_judged(tx: WriteTransaction, submission: Submission, now: dt.datetime) -> None:
    """A file was judged: the employee hears of a yes or a no; what goes to a person is told when decided."""
    _announce_submission(tx, submission, submission.status.value, now)
    kinds = {Status.VERIFIED: Message.VERIFIED, Status.REFUSED: Message.REFUSED}
    if submission.facts is not None and submission.status in kinds:
        about = {"submission": submission.id}
        _tell(tx, submission.facts.employee_nip, kinds[submission.status], about, once=submission.id, now=now)


def tell_decided(tx: WriteTransaction, submission: Submission, decision: Decision, now: dt.datetime) -> None:
    """Biro SDM approved or rejected a submission."""
    _announce_submission(tx, submission, decision.value, now)
    if submission.facts is not None:
        kind = Message.APPROVED if decision is Decision.APPROVED else Message.REJECTED
        _tell(tx, submission.facts.employee_nip, kind, {"submission": submission.id}, once=submission.id, now=now)


def tell_issued(tx: WriteTransaction, certificate: Certificate, now: dt.datetime) -> None:
    """A yearly certificate is ready."""
    about = {"number": certificate.number, "year": certificate.year}
    tx.webhooks.announce("certificate.issued", _body("certificate.issued", about, now), now)
    _tell(tx, certificate.nip, Message.CERTIFICATE, about, once=certificate.number, now=now)


def tell_revoked(tx: WriteTransaction, certificate: Certificate, now: dt.datetime) -> None:
    """A certificate no longer holds."""
    about = {"number": certificate.number, "year": certificate.year}
    tx.webhooks.announce("certificate.revoked", _body("certificate.revoked", about, now), now)
    _tell(tx, certificate.nip, Message.REVOKED, about, once=certificate.number, now=now)


def tell_behind(tx: WriteTransaction, *, nip: str, year: int, period: str, now: dt.datetime) -> bool:
    """The person is behind the year's target; once for each `period` (a name such as `2026-2`). Whether it is news."""
    return _tell(tx, nip, Message.BEHIND, {"year": year, "period": period}, once=f"{nip}:{period}", now=now)


def tell_recap_due(tx: WriteTransaction, *, nip: str, unit: str, quarter: str, now: dt.datetime) -> bool:
    """The unit's recapitulation of a quarter (`2026-Q3`) is to be sent by `nip`. Whether it is news."""
    about = {"unit": unit, "quarter": quarter}
    return _tell(tx, nip, Message.RECAP_DUE, about, once=f"{nip}:{unit}:{quarter}", now=now)


def tell_evaluation_due(tx: WriteTransaction, *, nip: str, year: int, period: int, now: dt.datetime) -> bool:
    """A four-month evaluation is to be looked at by `nip`. Whether it is news."""
    return _tell(tx, nip, Message.EVALUATION_DUE, {"year": year, "period": period}, once=f"{year}-{period}", now=now)


def tell_issue_due(tx: WriteTransaction, *, nip: str, year: int, now: dt.datetime) -> bool:
    """The certificates of a year that is over are to be issued. Whether it is news."""
    return _tell(tx, nip, Message.ISSUE_DUE, {"year": year}, once=str(year), now=now)


def tell_decisions_wait(tx: WriteTransaction, *, nip: str, count: int, days: int, week: str, now: dt.datetime) -> bool:
    """So many submissions have waited for Biro SDM longer than so many days; once a `week`. Whether it is news."""
    return _tell(tx, nip, Message.DECISIONS_WAIT, {"count": count, "days": days}, once=week, now=now)


def tell_delegated(
    tx: WriteTransaction,
    *,
    to_nip: str,
    from_nip: str,
    delegation: str,
    starts: dt.date,
    ends: dt.date,
    now: dt.datetime,
) -> None:
    """`to_nip` signs for `from_nip` between two days (Plt. or Plh.)."""
    about = {"from_nip": from_nip, "starts": starts.isoformat(), "ends": ends.isoformat()}
    _tell(tx, to_nip, Message.DELEGATED, about, once=delegation, now=now)


def tell_assigned(tx: WriteTransaction, *, nip: str, assignment: str, due: dt.date, now: dt.datetime) -> None:
    """The head of unit assigned something to the person, to be done by a day."""
    _tell(tx, nip, Message.ASSIGNED, {"assignment": assignment, "ends": due.isoformat()}, once=assignment, now=now)


def tell_learning(tx: WriteTransaction, learning: OtherLearning, decision: Decision, now: dt.datetime) -> None:
    """Biro SDM approved or rejected what the person learned besides CMB; the reason stands with it."""
    kind = Message.LEARNING_APPROVED if decision is Decision.APPROVED else Message.LEARNING_REJECTED
    about = {"learning": learning.id, "year": learning.ends.year}
    _tell(tx, learning.nip, kind, about, once=learning.id, now=now)


def _tell(
    tx: WriteTransaction, nip: str, kind: Message, about: Mapping[str, Any], *, once: str, now: dt.datetime
) -> bool:
    return tx.notifications.add(nip, kind.value, about, once=f"{kind.value}:{once}:{nip}", at=now)


def _announce_submission(tx: WriteTransaction, submission: Submission, state: str, now: dt.datetime) -> None:
    event = f"submission.{state}"
    tx.webhooks.announce(event, _body(event, {"submission": submission.id}, now), now)


def _body(event: str, about: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    return {"event": event, "at": now.isoformat(), **about}
