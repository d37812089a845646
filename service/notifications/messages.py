"""Messages to people and events for programs, written in the transaction of what they report.

Messages name things by their numbers; the rest is read after signing in. Each message is written once: `once` is the
key under which two messages are the same.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Any

from service.records import Certificate, Decision, Status, Submission
from service.store import WriteTransaction
from service.store.learning import OtherLearning

# Events that programs may subscribe to (webhooks); the words are part of the contract.
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
    WITHDRAWAL_ASKED = "withdrawal_asked"
    WITHDRAWN = "withdrawn"
    RECAP_CHANGED = "recap_changed"
    ROLES_ASKED = "roles_asked"
    ROLES_SET = "roles_set"
    PASSWORD_RESET = "password_reset"  # noqa: S105 - a kind of message
    REPRESENTED = "represented"
    DELEGATION_ASKED = "delegation_asked"
    DELEGATED = "delegated"


def notify_waiting(
    tx: WriteTransaction, *, nip: str, serial: str, role: str, employee_nip: str, revision: int, now: dt.datetime
) -> None:
    """Tell `nip` that it is their turn to sign the form, as `role`; once per `revision` of the circulation."""
    about = {"serial": serial, "role": role, "employee_nip": employee_nip}
    _notify(tx, nip, Message.WAITING, about, once=f"{serial}:{revision}", now=now)


def notify_reminder(
    tx: WriteTransaction, *, nip: str, serial: str, role: str, employee_nip: str, day: dt.date, now: dt.datetime
) -> bool:
    """Remind `nip` that the form still waits, at most once a day; return whether the message is new."""
    about = {"serial": serial, "role": role, "employee_nip": employee_nip}
    return _notify(tx, nip, Message.REMINDER, about, once=f"{serial}:{day}", now=now)


def notify_returned(
    tx: WriteTransaction, *, employee_nip: str, serial: str, by_nip: str, revision: int, now: dt.datetime
) -> None:
    """Tell the employee that a signer returned the form; the reason is kept with the form."""
    _notify(
        tx, employee_nip, Message.RETURNED, {"serial": serial, "by_nip": by_nip}, once=f"{serial}:{revision}", now=now
    )


def notify_signature_found(tx: WriteTransaction, *, nip: str, serial: str, call: str, now: dt.datetime) -> None:
    """Tell the signer that the file of a lost gateway call was found and the form went on."""
    _notify(tx, nip, Message.SIGNATURE_FOUND, {"serial": serial}, once=call, now=now)


def notify_signature_unknown(tx: WriteTransaction, *, nip: str, serial: str, call: str, now: dt.datetime) -> None:
    """Tell the signer that the file was not found: only they can find out whether they signed."""
    _notify(tx, nip, Message.SIGNATURE_UNKNOWN, {"serial": serial}, once=call, now=now)


def notify_verdict(tx: WriteTransaction, submission: Submission, now: dt.datetime) -> None:
    """Tell the employee that a file was verified or refused; one that needs a review is reported once decided."""
    _announce_submission(tx, submission, submission.status.value, now)
    kinds = {Status.VERIFIED: Message.VERIFIED, Status.REFUSED: Message.REFUSED}
    if submission.facts is not None and submission.status in kinds:
        about = {"submission": submission.id}
        _notify(tx, submission.facts.employee_nip, kinds[submission.status], about, once=submission.id, now=now)


def notify_decision(tx: WriteTransaction, submission: Submission, decision: Decision, now: dt.datetime) -> None:
    """Tell the employee that Biro SDM approved or rejected a submission."""
    _announce_submission(tx, submission, decision.value, now)
    if submission.facts is not None:
        kind = Message.APPROVED if decision is Decision.APPROVED else Message.REJECTED
        _notify(tx, submission.facts.employee_nip, kind, {"submission": submission.id}, once=submission.id, now=now)


def notify_withdrawal_asked(tx: WriteTransaction, *, nip: str, submission: str, asked: str, now: dt.datetime) -> None:
    """Ask `nip` of Biro SDM to look at an approval that somebody wants to withdraw."""
    _notify(tx, nip, Message.WITHDRAWAL_ASKED, {"submission": submission}, once=asked, now=now)


def notify_withdrawn(tx: WriteTransaction, submission: Submission, *, others: Sequence[str], now: dt.datetime) -> None:
    """Tell the employee, and `others` who signed, approved or asked, that an approval was withdrawn."""
    _announce_submission(tx, submission, submission.decision.value, now)
    owner = (submission.facts.employee_nip,) if submission.facts is not None else ()
    for nip in (*owner, *others):
        _notify(tx, nip, Message.WITHDRAWN, {"submission": submission.id}, once=submission.id, now=now)


def notify_recap_changed(
    tx: WriteTransaction, *, nip: str, unit: str, quarter: str, submission: str, now: dt.datetime
) -> None:
    """Ask `nip` to send the next version of a recap that an approval withdrawn since has changed."""
    about = {"unit": unit, "quarter": quarter}
    _notify(tx, nip, Message.RECAP_CHANGED, about, once=f"{unit}:{quarter}:{submission}", now=now)


def notify_issued(tx: WriteTransaction, certificate: Certificate, now: dt.datetime) -> None:
    """Tell the holder that a yearly certificate was issued."""
    about = {"number": certificate.number, "year": certificate.year}
    tx.webhooks.announce("certificate.issued", _body("certificate.issued", about, now), now)
    _notify(tx, certificate.nip, Message.CERTIFICATE, about, once=certificate.number, now=now)


def notify_revoked(tx: WriteTransaction, certificate: Certificate, now: dt.datetime) -> None:
    """Tell the holder that a certificate was revoked."""
    about = {"number": certificate.number, "year": certificate.year}
    tx.webhooks.announce("certificate.revoked", _body("certificate.revoked", about, now), now)
    _notify(tx, certificate.nip, Message.REVOKED, about, once=certificate.number, now=now)


def notify_behind(tx: WriteTransaction, *, nip: str, year: int, period: str, now: dt.datetime) -> bool:
    """Tell a person behind the year's target, once per `period` (such as `2026-2`); return whether it is new."""
    return _notify(tx, nip, Message.BEHIND, {"year": year, "period": period}, once=f"{nip}:{period}", now=now)


def notify_recap_due(tx: WriteTransaction, *, nip: str, unit: str, quarter: str, now: dt.datetime) -> bool:
    """Ask `nip` to send the unit's recap of a quarter (`2026-Q3`); return whether the message is new."""
    about = {"unit": unit, "quarter": quarter}
    return _notify(tx, nip, Message.RECAP_DUE, about, once=f"{nip}:{unit}:{quarter}", now=now)


def notify_evaluation_due(tx: WriteTransaction, *, nip: str, year: int, period: int, now: dt.datetime) -> bool:
    """Ask `nip` to look at a four-monthly evaluation; return whether the message is new."""
    return _notify(tx, nip, Message.EVALUATION_DUE, {"year": year, "period": period}, once=f"{year}-{period}", now=now)


def notify_issue_due(tx: WriteTransaction, *, nip: str, year: int, now: dt.datetime) -> bool:
    """Ask `nip` to issue the certificates of a year that is over; return whether the message is new."""
    return _notify(tx, nip, Message.ISSUE_DUE, {"year": year}, once=str(year), now=now)


def notify_decisions_wait(
    tx: WriteTransaction, *, nip: str, count: int, days: int, week: str, now: dt.datetime
) -> bool:
    """Tell Biro SDM how many submissions have waited longer than `days`, once a `week`; return whether it is new."""
    return _notify(tx, nip, Message.DECISIONS_WAIT, {"count": count, "days": days}, once=week, now=now)


def notify_delegated(
    tx: WriteTransaction,
    *,
    to_nip: str,
    from_nip: str,
    delegation: str,
    starts: dt.date,
    ends: dt.date,
    now: dt.datetime,
) -> None:
    """Tell `to_nip` that they sign for `from_nip` between two days (Plt. or Plh.)."""
    about = {"from_nip": from_nip, "starts": starts.isoformat(), "ends": ends.isoformat()}
    _notify(tx, to_nip, Message.DELEGATED, about, once=delegation, now=now)


def notify_represented(
    tx: WriteTransaction,
    *,
    nip: str,
    to_nip: str,
    delegation: str,
    starts: dt.date,
    ends: dt.date,
    waits: bool,
    now: dt.datetime,
) -> None:
    """Tell an official who signs on their behalf by somebody else's decision; `waits`: ask for their consent."""
    about = {"to_nip": to_nip, "starts": starts.isoformat(), "ends": ends.isoformat()}
    kind = Message.DELEGATION_ASKED if waits else Message.REPRESENTED
    _notify(tx, nip, kind, about, once=delegation, now=now)


def notify_roles(
    tx: WriteTransaction, *, nips: Sequence[str], person_nip: str, by: str, once: str, now: dt.datetime
) -> None:
    """Tell everybody concerned that somebody's roles were changed, and by whom."""
    for nip in dict.fromkeys(nips):
        _notify(tx, nip, Message.ROLES_SET, {"person_nip": person_nip, **_who(by)}, once=once, now=now)


def notify_roles_asked(
    tx: WriteTransaction, *, nips: Sequence[str], person_nip: str, asked: str, now: dt.datetime
) -> None:
    """Ask the other admins to look at a change of roles."""
    for nip in nips:
        _notify(tx, nip, Message.ROLES_ASKED, {"person_nip": person_nip}, once=asked, now=now)


def notify_password_reset(
    tx: WriteTransaction, *, nips: Sequence[str], person_nip: str, by: str, now: dt.datetime
) -> None:
    """Tell everybody concerned that somebody was given a new first password, and by whom."""
    for nip in dict.fromkeys(nips):
        about = {"person_nip": person_nip, **_who(by)}
        _notify(tx, nip, Message.PASSWORD_RESET, about, once=f"{person_nip}:{now.isoformat()}", now=now)


_NIP = re.compile(r"\d{18}")


def _who(actor: str) -> dict[str, str]:
    """Return who acted as the messages name them: a person by name, anything else as the log has it."""
    return {"by_nip": actor} if _NIP.fullmatch(actor) else {"by": actor}


def notify_assigned(tx: WriteTransaction, *, nip: str, assignment: str, due: dt.date, now: dt.datetime) -> None:
    """Tell a person what the head of unit assigned, and until when."""
    _notify(tx, nip, Message.ASSIGNED, {"assignment": assignment, "ends": due.isoformat()}, once=assignment, now=now)


def notify_learning_decision(
    tx: WriteTransaction, learning: OtherLearning, decision: Decision, now: dt.datetime
) -> None:
    """Tell the employee that Biro SDM approved or rejected other learning; the reason is kept with it."""
    kind = Message.LEARNING_APPROVED if decision is Decision.APPROVED else Message.LEARNING_REJECTED
    about = {"learning": learning.id, "year": learning.ends.year}
    _notify(tx, learning.nip, kind, about, once=learning.id, now=now)


def _notify(
    tx: WriteTransaction, nip: str, kind: Message, about: Mapping[str, Any], *, once: str, now: dt.datetime
) -> bool:
    return tx.notifications.add(nip, kind.value, about, once=f"{kind.value}:{once}:{nip}", at=now)


def _announce_submission(tx: WriteTransaction, submission: Submission, state: str, now: dt.datetime) -> None:
    event = f"submission.{state}"
    tx.webhooks.announce(event, _body(event, {"submission": submission.id}, now), now)


def _body(event: str, about: Mapping[str, Any], now: dt.datetime) -> dict[str, Any]:
    return {"event": event, "at": now.isoformat(), **about}
