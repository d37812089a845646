"""Enrolment: a person's NIP bound to a signer certificate, which itself carries none (BSrE)."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from service.errors import BadInput, NotGranted
from service.names import Likeness, likeness, resemblance
from service.records import EmployeeEntry, Enrolment, Event
from service.store import Store, Transaction, WriteTransaction
from service.store.signers import Proposal
from service.verification.attribution import FORBIDDING
from signing.certificates import SignerCertificate, read_certificate
from signing.policy import faults
from signing.report import Report, SignatureReport


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """A signature of some file, and the person it might be: shown to somebody who confirms or refuses it.

    `likeness` compares the certificate's name with the register's; it proves nothing. `doubts` are reason codes of the
    signature that do not forbid enrolment (a certificate that ended, revocation that cannot be told).
    """

    employee: EmployeeEntry
    certificate: SignerCertificate
    signature: SignatureReport
    likeness: Likeness
    doubts: tuple[str, ...]


def enrol(nip: str, certificate: bytes, *, store: Store, now: dt.datetime, actor: str) -> Enrolment:
    """Bind the certificate (PEM or DER) to the NIP. The same bond again is the same; another person's is refused."""
    with store.transaction() as tx:
        return enrol_in(tx, nip, certificate, now=now, actor=actor)


def enrol_in(tx: WriteTransaction, nip: str, certificate: bytes, *, now: dt.datetime, actor: str) -> Enrolment:
    """The same as part of a transaction."""
    read = read_certificate(certificate)
    if read.is_ca:
        raise BadInput("Berkas itu sertifikat penerbit, bukan sertifikat seseorang.", "Pilih sertifikat pegawainya.")
    enrolment = Enrolment(
        fingerprint=read.fingerprint, nip=nip.replace(" ", ""), subject=read.subject, der=read.der, enrolled_at=now
    )
    if tx.employees.get(enrolment.nip) is None:
        raise _unknown(nip)
    known = tx.signers.find(enrolment.fingerprint)
    if known is not None and known.ended_at is not None:
        raise NotGranted(
            f"Pendaftaran sertifikat itu untuk NIP {known.nip} sudah diakhiri.",
            "Daftarkan sertifikat baru milik pegawai itu.",
        )
    if known is not None:
        if known.nip == enrolment.nip:
            return known
        raise NotGranted(
            f"Sertifikat itu sudah terdaftar untuk NIP {known.nip}.",
            "Satu sertifikat hanya untuk satu orang; periksa berkasnya.",
        )
    tx.signers.enrol(enrolment)
    detail = {"fingerprint": enrolment.fingerprint}
    tx.events.append(Event(at=now, actor=actor, action="signer.enrolled", subject=enrolment.nip, detail=detail))
    return enrolment


def suggest(nip: str, report: Report, *, field: str | None, store: Store) -> Suggestion:
    """Whose certificate a signed file shows, beside the person it is said to belong to; nothing is kept.

    `field` picks one signature when the file holds those of several people. NotGranted for a signature that is broken
    or whose certificate no issuer we believe stands behind.
    """
    with store.reading() as tx:
        employee = tx.employees.get(nip.replace(" ", ""))
    if employee is None:
        raise _unknown(nip)
    signature = _chosen(report, field)
    found = set(faults(signature))
    if signature.signer is None or found & FORBIDDING:
        raise NotGranted(
            f"Tanda tangan {signature.field} tidak dapat dijadikan dasar pendaftaran "
            f"({', '.join(sorted(found)) or 'tanpa sertifikat'}).",
            "Minta berkas asli dari aplikasi tanda tangan, dan periksa daftar penerbit dengan `cmb trust list`.",
        )
    certificate = read_certificate(signature.signer.certificate)
    return Suggestion(
        employee=employee,
        certificate=certificate,
        signature=signature,
        likeness=likeness(certificate.name, employee.name),
        doubts=tuple(sorted(found)),
    )


def end(
    nip: str, fingerprint: str, *, since: dt.datetime, reason: str, store: Store, now: dt.datetime, actor: str
) -> Enrolment:
    """End a bond from `since` on. Only signatures a trusted time stamp proves to be older still count.

    Ending it once more can only move the end to an earlier moment. BadInput for a bond that is not there, for a time
    to come and for an empty reason.
    """
    wanted, reason = fingerprint.replace(":", "").lower(), reason.strip()
    if since > now:
        raise BadInput("Tanggal akhir pendaftaran belum tiba.", "Pakai tanggal hari ini atau sebelumnya.")
    if not reason:
        raise BadInput("Alasan pengakhiran belum disebut.", "Tulis alasannya, misalnya: kunci hilang.")
    with store.transaction() as tx:
        known = tx.signers.find(wanted)
        if known is None or known.nip != nip.replace(" ", ""):
            raise BadInput(f"Sertifikat {fingerprint} tidak terdaftar untuk NIP {nip}.", "Lihat `cmb signers list`.")
        tx.signers.end(wanted, since)
        ended = tx.signers.find(wanted) or known
        detail = {"fingerprint": wanted, "from": since.isoformat(), "reason": reason}
        tx.events.append(Event(at=now, actor=actor, action="signer.ended", subject=known.nip, detail=detail))
    return ended


def _chosen(report: Report, field: str | None) -> SignatureReport:
    if report.problem is not None:
        raise BadInput(report.problem.message, report.problem.hint)
    made = [each for each in report.signatures if each.kind == "signature"]
    wanted = [each for each in made if field is None or each.field == field]
    listed = "; ".join(f"{each.field} ({each.signer.name if each.signer else '?'})" for each in made)
    if not made:
        raise BadInput("Berkas itu tidak memuat tanda tangan elektronik.", "Pilih berkas yang sudah ditandatangani.")
    if not wanted:
        raise BadInput(f"Tidak ada tanda tangan pada kolom {field}.", f"Yang ada: {listed}.")
    if len({each.signer.fingerprint if each.signer else each.field for each in wanted}) > 1:
        raise BadInput("Berkas itu memuat tanda tangan beberapa orang.", f"Pilih dengan --field: {listed}.")
    return wanted[-1]


def _unknown(nip: str) -> BadInput:
    return BadInput(f"NIP {nip} tidak ada pada data kepegawaian.", "Impor pegawainya lebih dahulu.")


# --- Enrolment proposals: a certificate nobody is enrolled for, and the person it may be; somebody responsible
# decides


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirmed:
    """The bond, and the submissions that waited for it: to be judged again (`service.submissions.intake`)."""

    enrolment: Enrolment
    submissions: tuple[str, ...]


def propose_unknown(tx: WriteTransaction, told: Mapping[str, Any], *, seen_in: str, now: dt.datetime) -> None:
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
    tx: WriteTransaction, certificate: SignerCertificate, nip: str, *, likeness: Decimal, seen_in: str, now: dt.datetime
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
    tx: WriteTransaction, proposal_id: str, state: str, by: EmployeeEntry | None, *, now: dt.datetime, actor: str
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
