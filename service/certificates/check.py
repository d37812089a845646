"""Job 4, confirm: is this number, or this file, a certificate of ours, and does it still hold? Least personal data."""

from __future__ import annotations

import datetime as dt
import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from parsers.certificate import UnreadableCertificate, read_certificate
from service.accounts.secrets import derive_key
from service.bootstrap import store_of
from service.config import Settings
from service.identifiers import is_number
from service.law import jp_text
from service.records import Certificate, CertificateState
from service.sandbox.inputs import Source, Unopened
from service.sandbox.limits import GaveUp
from service.store import Store
from service.store.certificates import Check


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


# --- What anybody may ask: is this number, or this file, a certificate of ours. Questions are noted, nobody is named

# What has not the shape of a number is not noted: people type names and NIPs into such fields.
_NO_NUMBER = "-"


def check_number(number: str, *, store: Store, now: dt.datetime, caller: str) -> PublicAnswer:
    """What the register says of a number; noted with the keyed digest of who asked (`caller_digest`)."""
    answer = confirm_number(number, store=store)
    asked = number.strip().upper() if is_number(number) else _NO_NUMBER
    _note("number", asked, answer, store=store, now=now, caller=caller)
    return answer


def check_file(
    path: Path, *, store: Store, settings: Settings, apart: Callable[..., PublicAnswer], now: dt.datetime, caller: str
) -> PublicAnswer:
    """What the register says of a file, which a confined child (`apart`) reads and nobody keeps."""
    digest = Source(path=path).digest()
    try:
        answer = apart(confirm_at_path, path, settings)
    except (GaveUp, Unopened):
        # The very bytes we sealed are known by their digest before anybody reads them: these are others.
        answer = PublicAnswer(state=State.UNKNOWN)
    _note("file", digest, answer, store=store, now=now, caller=caller)
    return answer


def confirm_at_path(path: Path, settings: Settings) -> PublicAnswer:
    """`confirm_file` for a child: it opens the store itself."""
    with store_of(settings) as store:
        return confirm_file(Source(path=path).read(), store=store)


_NOT_OURS = {"state": "unknown", "number": None, "year": None, "jp": None, "holder": None, "issued_at": None}


def public_json(answer: PublicAnswer) -> dict[str, Any]:
    """The object of `check` (contract), with the masked NIP.

    Nothing that leads to another certificate: whoever has the number of one is not given its successor's.
    """
    certificate = answer.certificate
    if certificate is None:
        return {**_NOT_OURS, "state": answer.state.value}
    told: dict[str, Any] = {
        "state": answer.state.value,
        "number": certificate.number,
        "year": certificate.year,
        "jp": jp_text(certificate.jp),
        "holder": answer.holder,
        "nip": answer.masked_nip,
        "issued_at": certificate.issued_at.isoformat() if certificate.issued_at else None,
    }
    reason = certificate.end_reason if certificate.superseded_by is None else None
    return told | ({"reason": reason} if reason else {})


def caller_digest(address: str, settings: Settings) -> str:
    """A stand-in for an address: the same caller again is recognised, the address is not to be had from it."""
    key = derive_key(settings, "public checks")
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()[:32]


def shared_document(number: str, *, store: Store) -> tuple[Certificate, bytes] | None:
    """A valid certificate and its sealed bytes when its holder shows them; None for every other number alike."""
    certificate = confirm_number(number, store=store).certificate
    if certificate is None or certificate.digest is None or not is_shared(certificate, store=store):
        return None
    return certificate, store.document(certificate.digest)


def is_shared(certificate: Certificate, *, store: Store) -> bool:
    """Whether its holder shows the document. One that ended is not shown: its paper would not say so."""
    with store.reading() as tx:
        return certificate.ended_at is None and tx.shares.since(certificate.number) is not None


def _note(by: str, asked: str, answer: PublicAnswer, *, store: Store, now: dt.datetime, caller: str) -> None:
    with store.transaction() as tx:
        tx.checks.append(Check(at=now, by=by, asked=asked, state=answer.state.value, caller=caller))
