"""Job 4, confirm: is this number, or this file, a certificate of ours, and does it still hold? Least personal data."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from parsers.certificate import UnreadableCertificate, read_certificate
from service.numbers import is_number
from service.records import Certificate, CertificateState
from service.store import Store


class State(StrEnum):
    """What a reader of a certificate needs to know."""

    VALID = "valid"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    ALTERED = "altered"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAnswer:
    """State and, when we know the certificate, what lets a reader compare it with the paper in hand."""

    state: State
    certificate: Certificate | None = None

    @property
    def masked_nip(self) -> str | None:
        """Birth date and sequence hidden: enough to compare, too little to misuse (UU PDP 27/2022)."""
        nip = self.certificate.nip if self.certificate else None
        return nip and f"{nip[:4]}{'•' * 11}{nip[-3:]}"

    @property
    def holder(self) -> str | None:
        return str(self.certificate.content["name"]) if self.certificate else None


_STATES = {
    CertificateState.ISSUED: State.VALID,
    CertificateState.REVOKED: State.REVOKED,
    CertificateState.SUPERSEDED: State.SUPERSEDED,
}


def confirm_number(number: str, *, store: Store) -> PublicAnswer:
    """What the register says of a number; an intended, never finished certificate is unknown to the public."""
    # (1) What has not the shape of a number was never one of ours.
    if not is_number(number):
        return PublicAnswer(state=State.UNKNOWN)
    # (2) The register decides.
    with store.reading() as tx:
        certificate = tx.certificates.find(number.strip().upper())
    return _known(certificate)


def confirm_file(content: bytes, *, store: Store) -> PublicAnswer:
    """What the register says of these very bytes; a file that only claims a number of ours was altered."""
    # (1) The very bytes we sealed are known by their digest.
    digest = hashlib.sha256(content).hexdigest()
    with store.reading() as tx:
        certificate = tx.certificates.find_by_digest(digest)
    if certificate is not None:
        return _known(certificate)
    # (2) Other bytes may still claim a number of ours: then somebody touched them.
    try:
        claimed = read_certificate(content).claimed_number or ""
    except UnreadableCertificate:
        return PublicAnswer(state=State.UNKNOWN)
    known = confirm_number(claimed, store=store)
    if known.certificate is None:
        return known
    return PublicAnswer(state=State.ALTERED, certificate=known.certificate)


def _known(certificate: Certificate | None) -> PublicAnswer:
    state = _STATES.get(certificate.state) if certificate else None
    if certificate is None or state is None:
        return PublicAnswer(state=State.UNKNOWN)
    return PublicAnswer(state=state, certificate=certificate)
