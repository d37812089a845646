"""Enrolment: binding a NIP to a signer certificate, which itself carries none (BSrE); proposals to enrol."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.errors import BadInput, NotGranted
from service.identifiers import as_typed, nip_as_typed
from service.language import Message
from service.names import Likeness, cleaned, cleaned_paragraphs, likeness, resemblance
from service.records import EmployeeEntry, Enrolment, Event
from service.store import Store, Transaction, WriteTransaction
from service.store.signers import Proposal
from service.verification.attribution import NOT_WORTH_ASKING
from signing.certificates import SignerCertificate, read_certificate
from signing.policy import faults
from signing.report import Report, SignatureReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A signature of a file and the employee it may belong to, for a person to confirm.

    `likeness` compares the certificate's name with the register's; it proves nothing. `doubts` are reason codes of the
    signature that do not forbid enrolment (a certificate that ended, revocation that cannot be told).
    """

    employee: EmployeeEntry
    certificate: SignerCertificate
    signature: SignatureReport
    likeness: Likeness
    doubts: tuple[str, ...]


def enrol(nip: str, certificate: bytes, *, store: Store, now: dt.datetime, actor: str) -> Enrolment:
    """Enrol the certificate (PEM or DER) for the NIP; repeating it changes nothing; another person's is refused."""
    with store.transaction() as tx:
        return enrol_in(tx, nip, certificate, now=now, actor=actor)


def enrol_in(tx: WriteTransaction, nip: str, certificate: bytes, *, now: dt.datetime, actor: str) -> Enrolment:
    """Do the same as part of a transaction."""
    read = read_certificate(certificate)
    if read.is_ca:
        raise BadInput("enrolment_of_issuer")
    enrolment = Enrolment(
        fingerprint=read.fingerprint, nip=nip_as_typed(nip), subject=read.subject, der=read.der, enrolled_at=now
    )
    if tx.employees.get(enrolment.nip) is None:
        raise _unknown_nip(nip)
    known = tx.signers.find(enrolment.fingerprint)
    if known is not None and known.ended_at is not None:
        raise NotGranted("enrolment_ended", nip=known.nip)
    if known is not None:
        if known.nip == enrolment.nip:
            return known
        raise NotGranted("enrolment_of_another", nip=known.nip)
    tx.signers.enrol(enrolment)
    detail = {"fingerprint": enrolment.fingerprint}
    tx.events.append(Event(at=now, actor=actor, action="signer.enrolled", subject=enrolment.nip, detail=detail))
    return enrolment


def suggest(nip: str, report: Report, *, field: str | None, store: Store) -> Suggestion:
    """Return the certificate of a signed file beside the employee it is said to belong to; nothing is kept.

    `field` picks one signature when the file holds those of several people. NotGranted for a signature that is broken
    or whose certificate no trusted issuer issued.
    """
    with store.reading() as tx:
        employee = tx.employees.get(nip_as_typed(nip))
    if employee is None:
        raise _unknown_nip(nip)
    signature = _chosen(report, field)
    problems = set(faults(signature))
    if signature.signer is None or problems & NOT_WORTH_ASKING:
        raise NotGranted(
            "enrolment_signature_unfit",
            field=signature.field,
            problems=sorted(problems) or Message("without_certificate"),
        )
    certificate = read_certificate(signature.signer.certificate)
    return Suggestion(
        employee=employee,
        certificate=certificate,
        signature=signature,
        likeness=likeness(certificate.name, employee.name),
        doubts=tuple(sorted(problems)),
    )


def end(
    nip: str, fingerprint: str, *, since: dt.datetime, reason: str, store: Store, now: dt.datetime, actor: str
) -> Enrolment:
    """End an enrolment from `since` on. Only signatures a trusted time stamp proves to be older still count.

    Ending it again can only move the end to an earlier moment. BadInput for an unknown enrolment, a future time or an
    empty reason.
    """
    wanted, reason = cleaned(fingerprint).replace(":", "").replace(" ", "").lower(), cleaned_paragraphs(reason)
    if since > now:
        raise BadInput("enrolment_end_in_future")
    if not reason:
        raise BadInput("enrolment_end_without_reason")
    with store.transaction() as tx:
        known = tx.signers.find(wanted)
        if known is None or known.nip != nip_as_typed(nip):
            raise BadInput("enrolment_unknown", fingerprint=fingerprint, nip=nip)
        tx.signers.end(wanted, since)
        ended = tx.signers.find(wanted) or known
        detail = {"fingerprint": wanted, "from": since.isoformat(), "reason": reason}
        tx.events.append(Event(at=now, actor=actor, action="signer.ended", subject=known.nip, detail=detail))
    return ended


def _chosen(report: Report, field: str | None) -> SignatureReport:
    if report.problem is not None:
        raise BadInput("file_not_read", why=Message.of(report.problem))
    signatures = [signature for signature in report.signatures if signature.kind == "signature"]
    wanted = [signature for signature in signatures if field is None or signature.field == field]
    listed = "; ".join(
        f"{signature.field} ({signature.signer.name if signature.signer else '?'})" for signature in signatures
    )
    if not signatures:
        raise BadInput("file_without_signature")
    if not wanted:
        raise BadInput("file_field_unsigned", field=str(field), listed=listed)
    if len({signature.signer.fingerprint if signature.signer else signature.field for signature in wanted}) > 1:
        raise BadInput("file_of_several_signers", listed=listed)
    return wanted[-1]


def _unknown_nip(nip: str) -> BadInput:
    return BadInput("nip_unknown.to_import", nip=nip)


# --- Proposals


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfirmedProposal:
    """The enrolment, and the submissions that waited for it, to be evaluated again (`service.submissions.intake`)."""

    enrolment: Enrolment
    submissions: tuple[str, ...]


def propose_unknown(tx: WriteTransaction, answer: Mapping[str, Any], *, seen_in: str, now: dt.datetime) -> None:
    """Propose the signers an answer of `verify` names as not enrolled, as part of its transaction."""
    for signer in answer.get("unknown_signers", ()):
        certificate = read_certificate(base64.b64decode(signer["certificate"]))
        _propose(tx, certificate, signer["nip"], likeness=Decimal(signer["likeness"]), seen_in=seen_in, now=now)


def propose_certificate(content: bytes, nip: str, *, seen_in: str, store: Store, now: dt.datetime) -> None:
    """Propose a certificate (PEM or DER) that a person holds, as the gateway's chain call shows."""
    certificate = read_certificate(content)
    with store.transaction() as tx:
        entry = tx.employees.get(nip)
        alike = resemblance(certificate.name, entry.name) if entry else Decimal(0)
        _propose(tx, certificate, nip, likeness=alike, seen_in=seen_in, now=now)


def confirm(
    proposal_id: str, *, store: Store, now: dt.datetime, actor: str, by: EmployeeEntry | None
) -> ConfirmedProposal:
    """Enrol the certificate for the person it was proposed for. `by` is who decides; None is the operator.

    NotGranted for anybody but Biro SDM and the HR officer of the person's unit, and for one's own certificate.
    """
    with store.transaction() as tx:
        proposal = _decide(tx, proposal_id, "confirmed", by, now=now, actor=actor)
        enrolment = enrol_in(tx, proposal.nip, proposal.der, now=now, actor=actor)
        tx.proposals.decline_others(proposal.fingerprint, at=now, by=actor)
        tx.events.append(_event("confirmed", proposal, now=now, actor=actor))
        waiting = tuple(
            submission.id
            for submission in tx.submissions.in_review()
            if _shows(submission.answer, proposal.fingerprint)
        )
    return ConfirmedProposal(enrolment=enrolment, submissions=waiting)


def decline(proposal_id: str, *, store: Store, now: dt.datetime, actor: str, by: EmployeeEntry | None) -> Proposal:
    """Decline a proposal, so that it is not made again. Those who may confirm may decline."""
    with store.transaction() as tx:
        proposal = _decide(tx, proposal_id, "declined", by, now=now, actor=actor)
        tx.events.append(_event("declined", proposal, now=now, actor=actor))
        return tx.proposals.get(proposal.id) or proposal


def _propose(
    tx: WriteTransaction, certificate: SignerCertificate, nip: str, *, likeness: Decimal, seen_in: str, now: dt.datetime
) -> None:
    # An enrolled certificate needs no proposal, and an ended enrolment is not begun again.
    if certificate.is_ca or tx.employees.get(nip) is None or tx.signers.find(certificate.fingerprint) is not None:
        return
    proposal = Proposal(
        id=f"E-{hashlib.sha256(f'{certificate.fingerprint} {nip}'.encode()).hexdigest()[:10].upper()}",
        fingerprint=certificate.fingerprint,
        nip=nip,
        subject=certificate.subject,
        der=certificate.der,
        likeness=likeness,
        seen_in=seen_in,
        proposed_at=now,
    )
    if tx.proposals.add(proposal):
        tx.events.append(_event("proposed", proposal, now=now, actor="cmb"))


def _decide(
    tx: WriteTransaction, proposal_id: str, state: str, by: EmployeeEntry | None, *, now: dt.datetime, actor: str
) -> Proposal:
    """Decide the proposal and return it as it was. Of two decisions at once the database accepts one."""
    proposal = _decidable(tx, proposal_id, by)
    if not tx.proposals.decide(proposal.id, state, at=now, by=actor):
        raise _decided_already(proposal)
    return proposal


def _decidable(tx: Transaction, proposal_id: str, by: EmployeeEntry | None) -> Proposal:
    proposal = tx.proposals.get(as_typed(proposal_id))
    if proposal is None:
        raise BadInput("proposal_unknown", proposal=proposal_id)
    entry = tx.employees.get(proposal.nip)
    central = by is None or "biro_sdm" in by.roles
    own_unit = by is not None and entry is not None and "pengelola" in by.roles and by.unit == entry.unit
    if not (central or own_unit):
        raise NotGranted("proposal_not_yours")
    if by is not None and by.nip == proposal.nip:
        raise NotGranted("proposal_of_oneself")
    if proposal.state != "open":
        raise _decided_already(proposal)
    return proposal


def _decided_already(proposal: Proposal) -> NotGranted:
    return NotGranted("proposal_decided", proposal=proposal.id)


def _shows(answer: Mapping[str, Any], fingerprint: str) -> bool:
    return any(signer["fingerprint"] == fingerprint for signer in answer.get("unknown_signers", ()))


def _event(what: str, proposal: Proposal, *, now: dt.datetime, actor: str) -> Event:
    detail = {"proposal": proposal.id, "fingerprint": proposal.fingerprint, "seen_in": proposal.seen_in}
    return Event(at=now, actor=actor, action=f"signer.{what}", subject=proposal.nip, detail=detail)
