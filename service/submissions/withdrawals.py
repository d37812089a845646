"""Withdrawing an approval: a reason, a second person of Biro SDM, and everything that rested on it follows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace

from service.access import Act, Viewer, may
from service.access_lookup import of_submission
from service.errors import BadInput, NotGranted
from service.identifiers import as_typed, short_id
from service.language import Message, Reader, words
from service.names import cleaned_paragraphs
from service.notifications.messages import (
    notify_recap_changed,
    notify_revoked,
    notify_withdrawal_asked,
    notify_withdrawn,
)
from service.records import CertificateState, Decision, Event, Submission
from service.store import Store, Transaction, WriteTransaction
from service.store.confirmations import Confirmation, Confirming
from service.year import accumulate

ASKED, WITHDRAWN, DECLINED = "approval.withdrawal_asked", "approval.withdrawn", "approval.withdrawal_declined"
_TWO = 2
_MONTHS_A_QUARTER = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Withdrawing:
    """What a withdrawal needs of the house. `second_person`: a second one confirms; None: when there are two.

    `by` is who acts; None: the operator of the installation, who is nobody of Biro SDM.
    """

    store: Store
    now: dt.datetime
    today: dt.date
    actor: str
    by: Viewer | None
    second_person: bool | None
    randomness: Callable[[int], bytes]


def withdraw_approval(submission_id: str, reason: str, context: Withdrawing) -> Confirmation | None:
    """Withdraw an approval, or ask a second person to: returns what waits for them, None when it is done.

    BadInput for an unknown submission or no reason; NotGranted for what is not approved or is the person's own.
    """
    reason = cleaned_paragraphs(reason)
    if not reason:
        raise BadInput("withdrawal_reason_missing")
    with context.store.transaction() as tx:
        submission = _approved(as_typed(submission_id), tx)
        _require_authority(submission, context, tx)
        others = _who_may_confirm(submission, context, tx)
        needed = context.second_person
        if needed is None:
            needed = len(others) + (context.by is not None) >= _TWO
        if not needed:
            _carry_out(submission, reason, context, tx, asked_by=None)
            return None
        if tx.confirmations.waiting(Confirming.WITHDRAWAL, submission.id):
            raise NotGranted("withdrawal_waits_already", submission=submission.id)
        asked = Confirmation(
            id=short_id("W", context.randomness),
            kind=Confirming.WITHDRAWAL,
            subject=submission.id,
            reason=reason,
            asked_at=context.now,
            asked_by=context.actor,
        )
        tx.confirmations.add(asked)
        _log(tx, context, ASKED, submission, {"reason": reason})
        for nip in others:
            notify_withdrawal_asked(tx, nip=nip, submission=submission.id, asked=asked.id, now=context.now)
    return asked


def confirm_withdrawal(submission_id: str, context: Withdrawing) -> None:
    """Withdraw what somebody else asked to; NotGranted for who asked, for one's own paper, and for the operator."""
    with context.store.transaction() as tx:
        submission = _approved(as_typed(submission_id), tx)
        asked = _waiting(submission.id, tx)
        _require_authority(submission, context, tx)
        if context.by is None or context.actor == asked.asked_by:
            raise NotGranted("withdrawal_needs_another")
        tx.confirmations.end(asked.id, "confirmed", context.now, context.actor)
        _carry_out(submission, asked.reason, context, tx, asked_by=asked.asked_by)


def decline_withdrawal(submission_id: str, context: Withdrawing) -> None:
    """Leave the approval as it is; who asked may take it back too."""
    with context.store.transaction() as tx:
        submission = _approved(as_typed(submission_id), tx)
        asked = _waiting(submission.id, tx)
        _require_authority(submission, context, tx)
        tx.confirmations.end(asked.id, "declined", context.now, context.actor)
        _log(tx, context, DECLINED, submission, {"reason": asked.reason, "asked_by": asked.asked_by})


def _approved(submission_id: str, tx: WriteTransaction) -> Submission:
    """Return the submission, approved, and let nobody else decide for its employee until the commit."""
    found = tx.submissions.get(submission_id)
    if found is None:
        raise BadInput("withdrawal_unknown", submission=submission_id)
    if found.facts is not None:
        tx.submissions.alone_with(found.facts.employee_nip)
        found = tx.submissions.kept(submission_id)
    if found.decision is not Decision.APPROVED or found.facts is None:
        raise NotGranted("withdrawal_not_approved", submission=submission_id)
    return found


def _waiting(submission_id: str, tx: Transaction) -> Confirmation:
    found = tx.confirmations.waiting(Confirming.WITHDRAWAL, submission_id)
    if not found:
        raise NotGranted("withdrawal_not_asked", submission=submission_id)
    return found[0]


def _require_authority(submission: Submission, context: Withdrawing, tx: Transaction) -> None:
    if context.by is not None and not may(context.by, Act.DECIDE, of_submission(tx, submission)):
        raise NotGranted("withdrawal_not_yours", submission=submission.id)


def _who_may_confirm(submission: Submission, context: Withdrawing, tx: Transaction) -> list[str]:
    """Return the NIPs of Biro SDM with an open account but the actor and who the paper is of."""
    own = {context.actor, submission.facts.employee_nip if submission.facts else ""}
    here = {person.nip for person in tx.employees.present_on(context.today)}
    return [person.nip for person in tx.people.who_can("biro_sdm") if person.nip in here - own]


def _carry_out(
    submission: Submission, reason: str, context: Withdrawing, tx: WriteTransaction, *, asked_by: str | None
) -> None:
    """Withdraw within the transaction: month and year, the year's certificate, the log, and everybody concerned."""
    facts = submission.facts
    if facts is None:
        raise NotGranted("withdrawal_not_approved", submission=submission.id)
    nip, year = facts.employee_nip, facts.date.year
    before = accumulate(nip, year, tx).assessment.total
    tx.submissions.withdraw(submission.id, context.now, context.actor, reason)
    after = accumulate(nip, year, tx).assessment.total
    detail = {
        "reason": reason,
        "approved_by": submission.decided_by,
        "approved_at": submission.decided_at.isoformat() if submission.decided_at else None,
        "jp_before": str(before),
        "jp_after": str(after),
    }
    if asked_by is not None:
        detail["asked_by"] = asked_by
    living = tx.certificates.living(nip, year)
    if living is not None and after < living.jp:
        # It says more than what is approved now. The next one needs a person's decision, as after every revocation.
        why = words(Message("certificate_rests_on_withdrawn", submission=submission.id), Reader())
        tx.certificates.end(living.number, CertificateState.REVOKED, context.now, why, None)
        tx.events.append(
            Event(
                at=context.now,
                actor=context.actor,
                action="certificate.revoked",
                subject=living.number,
                detail={"reason": why, "submission": submission.id},
            )
        )
        notify_revoked(tx, living, context.now)
        detail["certificate"] = living.number
    _log(tx, context, WITHDRAWN, submission, detail)
    rejected = replace(submission, decision=Decision.REJECTED)
    concerned = {submission.decided_by or "", asked_by or "", *of_submission(tx, submission).parties}
    known = {nip for nip in concerned - {nip, context.actor} if nip and tx.employees.get(nip) is not None}
    notify_withdrawn(tx, rejected, others=sorted(known), now=context.now)
    _tell_of_recap(submission, context, tx)


def _tell_of_recap(submission: Submission, context: Withdrawing, tx: WriteTransaction) -> None:
    """Tell the unit's HR officers, or Biro SDM, that a recap they sent has another content now."""
    facts = submission.facts
    stood = tx.employees.in_year(facts.employee_nip, facts.date.year) if facts else None
    if facts is None or stood is None:
        return
    first = (facts.date.month - 1) // _MONTHS_A_QUARTER + 1
    sent = tx.recaps.sent(facts.date.year)
    changed = [quarter for quarter in range(first, 5) if (stood.unit, quarter) in sent]
    officers = [entry.nip for entry in tx.employees.now_in(stood.unit) if "pengelola" in entry.roles]
    for quarter in changed:
        for nip in officers or [person.nip for person in tx.people.who_can("biro_sdm")]:
            notify_recap_changed(
                tx,
                nip=nip,
                unit=stood.unit,
                quarter=f"{facts.date.year}-Q{quarter}",
                submission=submission.id,
                now=context.now,
            )


def _log(
    tx: WriteTransaction, context: Withdrawing, action: str, submission: Submission, detail: dict[str, str | None]
) -> None:
    tx.events.append(Event(at=context.now, actor=context.actor, action=action, subject=submission.id, detail=detail))
