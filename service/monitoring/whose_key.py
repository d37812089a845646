"""Whose key or signature it is, by enrolment: for papers the house makes and its officials sign."""

from __future__ import annotations

from service.errors import NotGranted
from service.proof.roles import bound_by
from service.store import Store
from signing.report import SignatureReport


def whose_key(fingerprint: str, store: Store) -> str:
    """Whose key it is now, to sign with."""
    with store.reading() as tx:
        enrolment = tx.signers.find(fingerprint)
    if enrolment is None or enrolment.ended_at is not None:
        raise _unknown()
    return enrolment.nip


def signed_by(signature: SignatureReport, store: Store) -> str:
    """Whose signature it is; after the end of an enrolment only a trusted time stamp tells that it is older."""
    with store.reading() as tx:
        enrolment = bound_by(signature, tx.signers.find)
    if enrolment is None:
        raise _unknown()
    return enrolment.nip


def _unknown() -> NotGranted:
    return NotGranted(
        "Sertifikat elektronik ini tidak terdaftar untuk NIP mana pun, atau pendaftarannya sudah diakhiri.",
        "Daftarkan dengan `cmb signers enroll`, lalu ulangi.",
    )
