"""The holder decides whether a certificate's document is shown beside its public check; nobody else does."""

from __future__ import annotations

import datetime as dt

from service.errors import NotGranted
from service.records import CertificateState, Event
from service.store import Store, Writing


def share(number: str, *, holder_nip: str, store: Store, now: dt.datetime) -> None:
    """Whoever knows the number may have the document from now on. NotGranted unless it is the holder's, and valid."""
    with store.transaction() as tx:
        _require_holder(tx, number, holder_nip)
        tx.shares.share(number, now)
        tx.events.append(Event(at=now, actor=holder_nip, action="certificate.shared", subject=number))


def unshare(number: str, *, holder_nip: str, store: Store, now: dt.datetime) -> None:
    """Nobody may any more; the check itself still answers. NotGranted unless it is the holder's."""
    with store.transaction() as tx:
        _require_holder(tx, number, holder_nip, ended_too=True)
        if tx.shares.unshare(number):
            tx.events.append(Event(at=now, actor=holder_nip, action="certificate.unshared", subject=number))


def _require_holder(tx: Writing, number: str, nip: str, *, ended_too: bool = False) -> None:
    certificate = tx.certificates.find(number)
    if certificate is None or certificate.nip != nip:
        raise NotGranted(f"Sertifikat {number} bukan milik Anda.", "Buka daftar sertifikat Anda.")
    if certificate.state is not CertificateState.ISSUED and not ended_too:
        raise NotGranted(f"Sertifikat {number} tidak berlaku lagi.", "Bagikan sertifikat yang berlaku.")
