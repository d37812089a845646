"""Enrolment: a person's NIP bound to a signer certificate, which itself carries none (BSrE)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from service.errors import BadInput, NotGranted
from service.names import Likeness, likeness
from service.proof.unknown import FORBIDDING
from service.records import EmployeeEntry, Enrolment, Event
from service.store import Store, Writing
from signing.certificates import SignerCertificate, read_certificate
from signing.report import Report, SignatureReport
from signing.require import faults


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


def enrol_in(tx: Writing, nip: str, certificate: bytes, *, now: dt.datetime, actor: str) -> Enrolment:
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
