"""Compare a certificate's row with its sealed bytes and with the log: what the public is told is proven."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Any

from parsers.certificate import PrintedCertificate, UnreadableCertificate, read_certificate
from service.law import jp_text
from service.records import Certificate, CertificateState, Event
from service.store import Store
from service.store.certificates import Seal
from service.store.errors import DocumentMissing, StoredDocumentDamaged, StoreUnavailable

ISSUED, REVOKED, SUPERSEDED = "certificate.issued", "certificate.revoked", "certificate.superseded"
RENEWED = "certificate.renewed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """What sealed bytes say. `seal`: the certificate (SHA-256) of the key whose seal on them is intact, or None.

    `trusted`: that certificate leads to an anchor this installation sealed under, as far as the file itself says.
    `content` is None when unreadable.
    """

    seal: str | None
    trusted: bool
    content: Mapping[str, Any] | None
    printed: PrintedCertificate | None


class SealedReadings:
    """What sealed bytes said, by all that the answer depends on; the least recent are read again."""

    def __init__(self, most: int = 2000) -> None:
        self._most, self._lock = most, Lock()
        self._readings: OrderedDict[str, Sealed] = OrderedDict()
        self._added: OrderedDict[str, bool] = OrderedDict()

    def of(
        self, content: bytes, *, digest: str, seals: Sequence[Seal], timestamp_roots: Sequence[bytes], at: dt.datetime
    ) -> Sealed:
        """Return what these bytes, whose SHA-256 was just checked to be `digest`, say; `at` is when they were sealed.

        The seal is judged at that time: a key that was replaced, or ended since, was good when it sealed.
        """
        anchors = sorted({seal.anchor for seal in seals})
        parts = b"".join(hashlib.sha256(der).digest() for der in (*anchors, b"", *timestamp_roots))
        key = f"{digest} {at.isoformat()} {hashlib.sha256(parts).hexdigest()}"
        with self._lock:
            if key in self._readings:
                self._readings.move_to_end(key)
                return self._readings[key]
        sealed = read_sealed(content, anchors=anchors, timestamp_roots=timestamp_roots, at=at)
        with self._lock:
            self._readings[key] = sealed
            while len(self._readings) > self._most:
                self._readings.popitem(last=False)
        return sealed

    def added(self, both: str, look: Callable[[], bool]) -> bool:
        """Return whether nothing but proof was added; looked at once for `both`, the digests of before and after."""
        with self._lock:
            if both in self._added:
                return self._added[both]
        only_proof = look()
        with self._lock:
            self._added[both] = only_proof
            while len(self._added) > self._most:
                self._added.popitem(last=False)
        return only_proof


def read_sealed(
    content: bytes, *, anchors: Sequence[bytes], timestamp_roots: Sequence[bytes], at: dt.datetime
) -> Sealed:
    """Inspect the seal as a stranger would, and read the content back."""
    from signing.policy import faults
    from signing.trust import Trust
    from signing.validation.inspect import inspect

    report = inspect(content, trust=Trust(roots=tuple(anchors), timestamp_roots=tuple(timestamp_roots), moment=at))
    seal = next((signature for signature in report.signatures if signature.kind == "signature"), None)
    sound = all(found.intact and found.valid and found.permitted for found in report.signatures)
    try:
        reading = read_certificate(content)
    except UnreadableCertificate:
        reading = None
    return Sealed(
        seal=seal.signer.fingerprint if seal and seal.signer and sound else None,
        trusted=seal is not None and set(faults(seal)) <= _NOT_ABOUT_US,
        content=reading.content_json if reading else None,
        printed=reading.printed if reading else None,
    )


# Whether the authority had revoked our own key is no question of whether we sealed: the log says that we did. It is
# open wherever the data about it could not be had when the certificate was issued.
_NOT_ABOUT_US = {"revocation_unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """The names of everything in which row, log and sealed bytes disagree: empty when all of it is proven.

    `level` is the PAdES level of the copy in question, as the log has it since schema 0015.
    """

    differs: tuple[str, ...]
    level: str | None = None


def prove_certificate(
    certificate: Certificate, *, store: Store, readings: SealedReadings, digest: str | None = None
) -> Proven:
    """Compare row, log and sealed bytes: of the issued copy, and of the renewed one that is asked for by its digest.

    A renewed copy is one of ours only if the log names it and it is the issued bytes with nothing but validation data
    and time stamps added. Without a `digest` the newest copy gives the level; one that is not proven gives none.
    """
    found = disagreements(certificate, store=store, readings=readings)
    if found:
        return Proven(differs=found)
    with store.reading() as tx:
        logged = tx.events.of_actions(certificate.number, (ISSUED, RENEWED))
    levels = {event.detail.get("digest"): event.detail.get("level") for event in logged}
    asked = digest or str(logged[-1].detail.get("digest"))
    if asked != certificate.digest:
        differs = _other_copy(certificate, asked, named=asked in levels, store=store, readings=readings)
        if not differs:
            return Proven(differs=(), level=levels[asked])
        if digest is not None:
            return Proven(differs=differs)
    return Proven(differs=(), level=levels.get(certificate.digest))


def _other_copy(
    certificate: Certificate, digest: str, *, named: bool, store: Store, readings: SealedReadings
) -> tuple[str, ...]:
    """Return how a renewed copy differs from the issued one in anything but what may be added."""
    from signing.changes.policy import only_signatures_added

    if not named:
        return ("copy",)
    try:
        content, issued = store.document(digest), store.document(certificate.digest or "")
    except (DocumentMissing, StoredDocumentDamaged):
        return ("copy_damaged",)
    except StoreUnavailable:
        return ("storage",)
    added = readings.added(f"{certificate.digest} {digest}", lambda: only_signatures_added(content, issued))
    first = _read_again(certificate, store=store, readings=readings)
    later = _read_again(certificate, store=store, readings=readings, copy=(digest, content))
    same = (later.seal, later.trusted, later.content, later.printed) == (
        first.seal,
        first.trusted,
        first.content,
        first.printed,
    )
    return () if added and same and later.seal is not None else ("copy",)


def _read_again(
    certificate: Certificate, *, store: Store, readings: SealedReadings, copy: tuple[str, bytes] | None = None
) -> Sealed:
    """Return what a copy says, the issued one without another, judged when the certificate was issued."""
    digest, content = copy or (certificate.digest or "", store.document(certificate.digest or ""))
    with store.reading() as tx:
        seals = tx.certificates.seals()
        timestamp_roots = tuple(root.der for root in tx.trust.all() if root.use == "timestamping")
    at = certificate.issued_at
    if at is None:
        raise ValueError("an intention has no sealed bytes")
    return readings.of(content, digest=digest, seals=seals, timestamp_roots=timestamp_roots, at=at)


def disagreements(certificate: Certificate, *, store: Store, readings: SealedReadings) -> tuple[str, ...]:
    """Return the names of everything in which row, log and issued bytes disagree; empty when all of it is proven.

    The bytes are read and hashed each time. What the log does not name is not opened: it may be anybody's file.
    """
    with store.reading() as tx:
        logged = tx.events.of_actions(certificate.number, (ISSUED, REVOKED, SUPERSEDED))
        successor = tx.certificates.find(certificate.superseded_by) if certificate.superseded_by else None
        seals = tx.certificates.seals()
        timestamp_roots = tuple(root.der for root in tx.trust.all() if root.use == "timestamping")
    issued = [event for event in logged if event.action == ISSUED]
    found = [*_unlogged(certificate, issued), *_wrong_end(certificate, logged, successor)]
    if found or certificate.digest is None or certificate.issued_at is None:
        return tuple(found) or ("digest",)
    try:
        content = store.document(certificate.digest)
    except DocumentMissing:
        return ("document_missing",)
    except StoredDocumentDamaged:
        return ("document_damaged",)
    except StoreUnavailable:
        return ("storage",)
    at = certificate.issued_at
    sealed = readings.of(content, digest=certificate.digest, seals=seals, timestamp_roots=timestamp_roots, at=at)
    if not _is_our_seal(sealed, seals, at):
        found.append("seal")
    return (*found, *_other_content(certificate, sealed))


def _unlogged(certificate: Certificate, issued: Sequence[Event]) -> Iterator[str]:
    if not issued or issued[-1].detail.get("digest") != certificate.digest:
        yield "digest"
    if certificate.issued_at not in {event.at for event in issued}:
        yield "issued_at"


def _wrong_end(certificate: Certificate, logged: Sequence[Event], successor: Certificate | None) -> Iterator[str]:
    revoked = [event for event in logged if event.action == REVOKED]
    superseded = [event for event in logged if event.action == SUPERSEDED]
    end = (certificate.ended_at, certificate.end_reason, certificate.superseded_by)
    if certificate.state is CertificateState.ISSUED:
        agrees = not revoked and not superseded and end == (None, None, None)
    elif certificate.state is CertificateState.REVOKED:
        agrees = any(end == (event.at, event.detail.get("reason"), None) for event in revoked)
    else:
        # Before the log named it, the successor's issue was the end of what it superseded.
        ends: set[dt.datetime | None] = {event.at for event in superseded}
        ends = ends or {successor.issued_at if successor else None}
        named = {event.detail.get("superseded_by") for event in superseded} or {certificate.superseded_by}
        agrees = (
            not revoked
            and successor is not None
            and successor.number in named
            and certificate.ended_at in ends
            and successor.number in (certificate.end_reason or "")
        )
    if not agrees:
        yield "state"


def _is_our_seal(sealed: Sealed, seals: Sequence[Seal], at: dt.datetime) -> bool:
    """Tell whether a key of this installation sealed.

    Certificates of keys are kept since schema 0010. Of what was issued before, the log names the digest, and the seal
    must be intact; whose key it was is known no more.
    """
    if sealed.seal in {seal.fingerprint for seal in seals}:
        return sealed.trusted
    return sealed.seal is not None and all(at < seal.first_used_at for seal in seals)


def _other_content(certificate: Certificate, sealed: Sealed) -> Iterator[str]:
    content, printed = sealed.content, sealed.printed
    if content is None:
        yield "content"
        return
    row = {
        "number": certificate.number,
        "nip": certificate.nip,
        "year": certificate.year,
        "total_jp": jp_text(certificate.jp),
    }
    page = (
        row
        if printed is None
        else {
            "number": printed.number,
            "nip": printed.nip,
            "year": printed.year,
            "total_jp": jp_text(printed.total_jp),
            "name": printed.name,
        }
    )
    kept = dict(certificate.content)
    names = dict.fromkeys((*content, *kept, *row))
    for name in names:
        said = content.get(name)
        if said != kept.get(name) or said != row.get(name, said) or not _same(said, page.get(name, said)):
            yield name


def _same(one: object, other: object) -> bool:
    """Tell whether sealed data and printed text say the same: the page may break a text into lines."""
    return "".join(str(one).split()) == "".join(str(other).split())
