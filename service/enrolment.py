"""Enrolment: a person's NIP bound to a signer certificate, which itself carries none (BSrE)."""

from __future__ import annotations

import datetime as dt

from service.errors import BadInput, NotGranted
from service.records import Enrolment, Event
from service.store import Store
from signing.certificates import read_certificate


def enrol(nip: str, certificate: bytes, *, store: Store, now: dt.datetime, actor: str) -> Enrolment:
    """Bind the certificate (PEM or DER) to the NIP. The same bond again is the same; another person's is refused."""
    read = read_certificate(certificate)
    if read.is_ca:
        raise BadInput("Berkas itu sertifikat penerbit, bukan sertifikat seseorang.", "Pilih sertifikat pegawainya.")
    enrolment = Enrolment(
        fingerprint=read.fingerprint, nip=nip.replace(" ", ""), subject=read.subject, der=read.der, enrolled_at=now
    )
    with store.transaction() as tx:
        if tx.employees.get(enrolment.nip) is None:
            raise BadInput(f"NIP {nip} tidak ada pada data kepegawaian.", "Impor pegawainya lebih dahulu.")
        known = tx.signers.find(enrolment.fingerprint)
        if known is not None:
            if known.nip == enrolment.nip and known.ended_at is None:
                return known
            raise NotGranted(
                f"Sertifikat itu sudah terdaftar untuk NIP {known.nip}.",
                "Satu sertifikat hanya untuk satu orang; periksa berkasnya.",
            )
        tx.signers.enrol(enrolment)
        detail = {"fingerprint": enrolment.fingerprint}
        tx.events.append(Event(at=now, actor=actor, action="signer.enrolled", subject=enrolment.nip, detail=detail))
    return enrolment
