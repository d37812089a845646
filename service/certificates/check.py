"""Job 4, confirm: is this number or file a certificate of ours, and is it valid? With the least personal data."""

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
from service.certificates.lasting import newest_document
from service.certificates.proof import ISSUED, SealedReadings, prove_certificate
from service.config import Settings, local_day
from service.identifiers import as_typed, is_number
from service.law import jp_text
from service.records import Certificate, CertificateState, Event
from service.sandbox.inputs import Source, UnopenedFile
from service.sandbox.limits import GaveUp
from service.store import Store
from service.store.certificates import Check
from service.store.events import EventFilter


class State(StrEnum):
    """The state of a certificate as anybody may ask it. UNCONFIRMED: row, log and sealed bytes do not agree."""

    VALID = "valid"
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    ALTERED = "altered"
    UNKNOWN = "unknown"
    UNCONFIRMED = "unconfirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicAnswer:
    """The state and, for a proven certificate, what lets a reader compare it with the paper in hand.

    An unconfirmed one has only its number; `differs` names what disagrees, for operations. `level` is the PAdES level
    of the file that was checked, of a number's newest one.
    """

    state: State
    certificate: Certificate | None = None
    number: str | None = None
    differs: tuple[str, ...] = ()
    level: str | None = None

    @property
    def masked_nip(self) -> str | None:
        """Return the NIP, birth date and sequence hidden: enough to compare, too little to misuse (UU PDP 27/2022)."""
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


def confirm_number(
    number: str, *, store: Store, readings: SealedReadings | None = None, digest: str | None = None
) -> PublicAnswer:
    """Return what is proven of a number; an intended, unfinished certificate is unknown to the public.

    `digest` is that of one of its files, when a file is checked. `readings` are those of earlier checks, for speed.
    """
    # (1) Text that has not the form of a number, put right as people type and paste it, was never one of ours.
    number = as_typed(number)
    if not is_number(number):
        return PublicAnswer(state=State.UNKNOWN)
    # (2) The row leads to the sealed bytes; what the log knows and the rows do not was changed by hand.
    with store.reading() as tx:
        certificate = tx.certificates.find(number)
        logged = tx.events.of_actions(number, (ISSUED,))
    if certificate is None or certificate.state is CertificateState.INTENDED:
        if logged:
            return PublicAnswer(state=State.UNCONFIRMED, number=number, differs=("row",))
        return PublicAnswer(state=State.UNKNOWN)
    return _proven(certificate, store=store, readings=readings, digest=digest)


def confirm_file(content: bytes, *, store: Store, readings: SealedReadings | None = None) -> PublicAnswer:
    """Return what is proven of these bytes; a file that only claims a proven number of ours was altered."""
    # (1) The bytes we sealed are known by their digest.
    digest = hashlib.sha256(content).hexdigest()
    with store.reading() as tx:
        certificate, copy = tx.certificates.find_by_digest(digest), tx.certificates.copy_of_digest(digest)
    number = certificate.number if certificate is not None else copy.number if copy is not None else None
    if number is not None:
        return confirm_number(number, store=store, readings=readings, digest=digest)
    # (2) Other bytes may still claim a number of ours: then they were changed.
    try:
        claimed = read_certificate(content).claimed_number or ""
    except UnreadableCertificate:
        return PublicAnswer(state=State.UNKNOWN)
    known = confirm_number(claimed, store=store, readings=readings)
    if known.certificate is None:
        return known
    return PublicAnswer(state=State.ALTERED, certificate=known.certificate)


def _proven(
    certificate: Certificate, *, store: Store, readings: SealedReadings | None, digest: str | None
) -> PublicAnswer:
    proven = prove_certificate(certificate, store=store, readings=readings or SealedReadings(), digest=digest)
    if proven.differs:
        return PublicAnswer(state=State.UNCONFIRMED, number=certificate.number, differs=proven.differs)
    return PublicAnswer(state=_STATES[certificate.state], certificate=certificate, level=proven.level)


_UNCONFIRMED = "certificate.unconfirmed"


def log_unconfirmed(answer: PublicAnswer, *, store: Store, settings: Settings, now: dt.datetime, actor: str) -> None:
    """Log for operations what disagrees, once a day and number at most."""
    if answer.state is not State.UNCONFIRMED or answer.number is None:
        return
    with store.transaction() as tx:
        tx.events.one_at_a_time(answer.number)
        before = tx.events.of_actions(answer.number, (_UNCONFIRMED,))
        if before and local_day(before[-1].at, settings) == local_day(now, settings):
            return
        detail = {"differs": list(answer.differs)}
        tx.events.append(Event(at=now, actor=actor, action=_UNCONFIRMED, subject=answer.number, detail=detail))


def unconfirmed_numbers(*, store: Store, since: dt.datetime, newest: int) -> list[str]:
    """Return which are unconfirmed now: of the numbers logged so since then, and of the newest certificates."""
    with store.reading() as tx:
        logged = tx.events.search(EventFilter(action=_UNCONFIRMED, since=since), limit=newest)
        numbers = [entry.event.subject for entry in logged]
        numbers += [certificate.number for certificate in tx.certificates.list(newest)]
    readings = SealedReadings()
    return [
        number
        for number in dict.fromkeys(numbers)
        if confirm_number(number, store=store, readings=readings).state is State.UNCONFIRMED
    ]


# --- Public checks, logged without naming anybody

# Text that has not the form of a number is not logged: people type names and NIPs into such fields.
_NO_NUMBER = "-"


_PUBLIC = "cmb:check"


def check_number(
    number: str, *, store: Store, settings: Settings, readings: SealedReadings, now: dt.datetime, caller: str
) -> PublicAnswer:
    """Check a number and log it with the keyed digest of the caller (`caller_digest`)."""
    answer = confirm_number(number, store=store, readings=readings)
    log_unconfirmed(answer, store=store, settings=settings, now=now, actor=_PUBLIC)
    logged = as_typed(number) if is_number(as_typed(number)) else _NO_NUMBER
    _log("number", logged, answer, store=store, now=now, caller=caller)
    return answer


def check_file(
    path: Path, *, store: Store, settings: Settings, apart: Callable[..., PublicAnswer], now: dt.datetime, caller: str
) -> PublicAnswer:
    """Check a file and log it. `apart` reads the file in the sandbox; the file is not kept."""
    digest = Source(path=path).digest()
    try:
        answer = apart(confirm_at_path, path, settings)
    except (GaveUp, UnopenedFile):
        # Our sealed bytes are recognised by their digest before they are read, so these are others.
        answer = PublicAnswer(state=State.UNKNOWN)
    log_unconfirmed(answer, store=store, settings=settings, now=now, actor=_PUBLIC)
    _log("file", digest, answer, store=store, now=now, caller=caller)
    return answer


def confirm_at_path(path: Path, settings: Settings) -> PublicAnswer:
    """Run `confirm_file` in the sandbox, with a store opened there."""
    with store_of(settings) as store:
        return confirm_file(Source(path=path).read(), store=store)


_UNKNOWN_JSON = {"state": "unknown", "number": None, "year": None, "jp": None, "holder": None, "issued_at": None}


def public_json(answer: PublicAnswer) -> dict[str, Any]:
    """Return the JSON object of `check` (contract), with the masked NIP.

    The number of a successor is left out: knowing one certificate must not lead to another.
    """
    certificate = answer.certificate
    if certificate is None:
        return {**_UNKNOWN_JSON, "state": answer.state.value, "number": answer.number}
    payload: dict[str, Any] = {
        "state": answer.state.value,
        "number": certificate.number,
        "year": certificate.year,
        "jp": jp_text(certificate.jp),
        "holder": answer.holder,
        "nip": answer.masked_nip,
        "issued_at": certificate.issued_at.isoformat() if certificate.issued_at else None,
    } | ({"level": answer.level} if answer.level else {})
    reason = certificate.end_reason if certificate.superseded_by is None else None
    return payload | ({"reason": reason} if reason else {})


def caller_digest(address: str, settings: Settings) -> str:
    """Return a keyed digest of an address: it recognises the same caller without revealing the address."""
    key = derive_key(settings, "public checks")
    return hmac.new(key, address.encode(), hashlib.sha256).hexdigest()[:32]


def shared_document(number: str, *, store: Store, readings: SealedReadings) -> tuple[Certificate, bytes] | None:
    """Return a valid certificate and its newest copy when its holder shares it; None for every other number."""
    certificate = confirm_number(number, store=store, readings=readings).certificate
    if certificate is None or certificate.digest is None or not is_shared(certificate, store=store):
        return None
    return certificate, newest_document(certificate, store)


def is_shared(certificate: Certificate, *, store: Store) -> bool:
    """Tell whether its holder shares the document. An ended one is never shown: the paper would not say it ended."""
    with store.reading() as tx:
        return certificate.ended_at is None and tx.shares.since(certificate.number) is not None


def _log(by: str, asked: str, answer: PublicAnswer, *, store: Store, now: dt.datetime, caller: str) -> None:
    with store.transaction() as tx:
        tx.checks.append(Check(at=now, by=by, asked=asked, state=answer.state.value, caller=caller))
