"""A certificate that no longer holds: ended with a reason anybody who checks it can read; never deleted."""

from __future__ import annotations

import datetime as dt

from service.errors import BadInput, NotGranted
from service.records import CertificateState, Event
from service.store import Store
from service.telling import tell_revoked


def revoke(number: str, reason: str, *, store: Store, now: dt.datetime, actor: str) -> None:
    """Revoke an issued certificate; BadInput for an unknown number, NotGranted for one that already ended."""
    number = number.strip().upper()
    if not reason.strip():
        raise BadInput("Alasan pencabutan kosong.", "Tuliskan alasannya; alasan itu tampil pada halaman pemeriksaan.")
    with store.transaction() as tx:
        certificate = tx.certificates.find(number)
        if certificate is None:
            raise BadInput(f"Sertifikat {number} tidak ada.", "Periksa nomornya.")
        if certificate.state is not CertificateState.ISSUED:
            raise NotGranted(f"Sertifikat {number} sudah tidak berlaku.", "Tidak ada yang perlu dilakukan.")
        tx.certificates.end(number, CertificateState.REVOKED, now, reason.strip(), None)
        detail = {"reason": reason.strip()}
        tx.events.append(Event(at=now, actor=actor, action="certificate.revoked", subject=number, detail=detail))
        tell_revoked(tx, certificate, now)
