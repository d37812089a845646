"""What is said of one signature: put together from its parts, and where nobody can follow it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache

from asn1crypto import x509

from signing.certificates import read_certificate
from signing.chain import EARLY
from signing.coverage import Coverage
from signing.errors import BadCertificate
from signing.found import FoundSignature
from signing.history import raw
from signing.report import Changes, Indication, SignatureReport, Signer, TimeSource
from signing.rules import OwnRules
from signing.value import Check

TIMESTAMP = "/ETSI.RFC3161"
STAMP_PROFILE = "RFC3161"
_KEPT, _LONGEST = 500, 8192
NO_CERTIFICATE = "NO_SIGNING_CERTIFICATE_FOUND"
WEAK = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"


def illegible(signature: FoundSignature) -> SignatureReport:
    """A signature we cannot follow: it proves nothing, and what came after it cannot be told."""
    timestamp = raw(signature.dictionary, "/SubFilter") == TIMESTAMP
    return SignatureReport(
        field=signature.name,
        kind="timestamp" if timestamp else "signature",
        indication=Indication.TOTAL_FAILED,
        sub_indication="FORMAT_FAILURE",
        intact=False,
        valid=False,
        trusted=False,
        covers_whole_file=False,
        changes_after=Changes.OTHER,
        permitted=False,
        signer=None,
        signed_at=None,
        time_source=TimeSource.NONE,
        profile=STAMP_PROFILE if timestamp else "PKCS7",
        covered=0,
        registered=signature.registered,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """What came after one signature; `written` as `SignatureReport.written_later`."""

    changes: Changes
    permitted: bool
    written: frozenset[int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a signature stands in its file, and what came after it."""

    signature: FoundSignature
    coverage: Coverage
    rules: OwnRules
    after: After
    whole: bool


def report_on(
    place: Place,
    check: Check,
    *,
    certificate: x509.Certificate | None,
    failure: str | None,
    trusted: bool,
    time: tuple[dt.datetime | None, TimeSource],
    profile: str,
) -> SignatureReport:
    """One report. `failure` is the sub-indication of what can only be doubted, or EARLY; None when nothing can."""
    early = failure in {EARLY, "NOT_YET_VALID"}
    failure = "OUT_OF_BOUNDS_NO_POE" if failure == EARLY else failure
    indication, sub_indication = _verdict(check, place.after, failure)
    return SignatureReport(
        field=place.signature.name,
        kind="timestamp" if profile == STAMP_PROFILE else "signature",
        indication=indication,
        sub_indication=sub_indication,
        intact=check.intact,
        valid=check.valid,
        trusted=trusted,
        covers_whole_file=place.whole,
        changes_after=place.after.changes,
        permitted=place.after.permitted,
        signer=None if certificate is None else _signer_of(certificate.dump()),
        signed_at=time[0],
        time_source=time[1],
        profile=profile,
        covered=place.coverage.end,
        locks=place.rules.locks,
        registered=place.signature.registered,
        written_later=place.after.written,
        early=early,
    )


def _verdict(check: Check, after: After, failure: str | None) -> tuple[Indication, str | None]:
    """EN 319 102-1 5.3: cryptography first, then format, then what can only be doubted."""
    if not check.intact:
        return Indication.TOTAL_FAILED, "HASH_FAILURE"
    if not check.valid and failure != NO_CERTIFICATE:
        return Indication.TOTAL_FAILED, "SIG_CRYPTO_FAILURE"
    if not after.permitted:
        # The signed bytes are whole, but the document around them is no longer what they say. EN 319 102-1 has no word
        # of its own for it; like the EU's validator we put it under format checking (5.2.2), which fails the signature.
        return Indication.TOTAL_FAILED, "FORMAT_FAILURE"
    if failure == "NOT_YET_VALID":
        return Indication.TOTAL_FAILED, failure
    return (Indication.TOTAL_PASSED, None) if failure is None else (Indication.INDETERMINATE, failure)


def _signer_of(der: bytes) -> Signer | None:
    """The same few people sign all the files of an agency."""
    return (_known_signer if len(der) <= _LONGEST else _read_signer)(der)


def _read_signer(der: bytes) -> Signer | None:
    try:
        read = read_certificate(der)
    except BadCertificate:
        return None
    return Signer(
        name=read.name, subject=read.subject, fingerprint=read.fingerprint, serial=read.serial, certificate=read.der
    )


_known_signer = lru_cache(maxsize=_KEPT)(_read_signer)
