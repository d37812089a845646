"""Enrolment proposals: a certificate nobody is enrolled for, and the person it may be; somebody responsible decides."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.enrolment import enrol_in
from service.errors import BadInput, NotGranted
from service.names import resemblance
from service.records import EmployeeEntry, Enrolment, Event
from service.store import Store, Transaction, Writing
from service.store.proposals import Proposal
from signing.certificates import SignerCertificate, read_certificate


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """The bond, and the submissions that waited for it: to be judged again (`service.rejudge`)."""

    enrolment: Enrolment
    submissions: tuple[str, ...]


def propose_unknown(tx: Writing, told: Mapping[str, Any], *, seen_in: str, now: dt.datetime) -> None:
    """Propose what an answer of `verify` says of signers nobody is enrolled for; part of its transaction."""
    for each in told.get("unknown_signers", ()):
        certificate = read_certificate(base64.b64decode(each["certificate"]))
        _propose(tx, certificate, each["nip"], likeness=Decimal(each["likeness"]), seen_in=seen_in, now=now)


def propose_certificate(content: bytes, nip: str, *, seen_in: str, store: Store, now: dt.datetime) -> None:
    """Propose a certificate (PEM or DER) somebody was shown to hold, as by the gateway's chain call."""
    certificate = read_certificate(content)
    with store.transaction() as tx:
        entry = tx.employees.get(nip)
        alike = resemblance(certificate.name, entry.name) if entry else Decimal(0)
        _propose(tx, certificate, nip, likeness=alike, seen_in=seen_in, now=now)


def confirm(proposal_id: str, *, store: Store, now: dt.datetime, actor: str, by: EmployeeEntry | None) -> Confirmed:
    """Enrol the certificate for the person it was proposed for. `by` is who says so; None is the operator.

    NotGranted for anybody but Biro SDM and the HR officer of the person's unit, and for one's own certificate.
    """
    with store.transaction() as tx:
        proposal = _decided(tx, proposal_id, "confirmed", by, now=now, actor=actor)
        enrolment = enrol_in(tx, proposal.nip, proposal.der, now=now, actor=actor)
        tx.proposals.decline_others(proposal.fingerprint, at=now, by=actor)
        tx.events.append(_event("confirmed", proposal, now=now, actor=actor))
        waiting = tuple(each.id for each in tx.submissions.in_review() if _shows(each.answer, proposal.fingerprint))
    return Confirmed(enrolment=enrolment, submissions=waiting)


def decline(proposal_id: str, *, store: Store, now: dt.datetime, actor: str, by: EmployeeEntry | None) -> Proposal:
    """It is not that person's; the same is not proposed again. The same people may who may confirm."""
    with store.transaction() as tx:
        proposal = _decided(tx, proposal_id, "declined", by, now=now, actor=actor)
        tx.events.append(_event("declined", proposal, now=now, actor=actor))
        return tx.proposals.get(proposal.id) or proposal


def _propose(
    tx: Writing, certificate: SignerCertificate, nip: str, *, likeness: Decimal, seen_in: str, now: dt.datetime
) -> None:
    # One that is enrolled needs nobody's word, and one whose enrolment ended is not begun again.
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


def _decided(
    tx: Writing, proposal_id: str, state: str, by: EmployeeEntry | None, *, now: dt.datetime, actor: str
) -> Proposal:
    """The proposal as it was, decided now. Of two who decide at once the database lets one through."""
    proposal = _decidable(tx, proposal_id, by)
    if not tx.proposals.decide(proposal.id, state, at=now, by=actor):
        raise _too_late(proposal)
    return proposal


def _decidable(tx: Transaction, proposal_id: str, by: EmployeeEntry | None) -> Proposal:
    proposal = tx.proposals.get(proposal_id.strip().upper())
    if proposal is None:
        raise BadInput(f"Usulan {proposal_id} tidak ada.", "Lihat `cmb signers proposals`.")
    entry = tx.employees.get(proposal.nip)
    central = by is None or "biro_sdm" in by.roles
    own_unit = by is not None and entry is not None and "pengelola" in by.roles and by.unit == entry.unit
    if not (central or own_unit):
        raise NotGranted(
            "Usulan ini hanya diputuskan oleh Biro SDM atau pengelola kepegawaian unit pegawainya.",
            "Minta salah seorang dari mereka.",
        )
    if by is not None and by.nip == proposal.nip:
        raise NotGranted("Sertifikat Anda sendiri dicocokkan oleh orang lain.", "Minta Biro SDM memutuskannya.")
    if proposal.state != "open":
        raise _too_late(proposal)
    return proposal


def _too_late(proposal: Proposal) -> NotGranted:
    return NotGranted(f"Usulan {proposal.id} sudah diputuskan.", "Lihat `cmb signers list`.")


def _shows(answer: Mapping[str, Any], fingerprint: str) -> bool:
    return any(each["fingerprint"] == fingerprint for each in answer.get("unknown_signers", ()))


def _event(what: str, proposal: Proposal, *, now: dt.datetime, actor: str) -> Event:
    detail = {"proposal": proposal.id, "fingerprint": proposal.fingerprint, "seen_in": proposal.seen_in}
    return Event(at=now, actor=actor, action=f"signer.{what}", subject=proposal.nip, detail=detail)
