"""Cryptography and chain of one signature: pyHanko's CMS checks and path validation, with our trust alone."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from asn1crypto import crl, ocsp, x509
from pyhanko.sign.ades.report import AdESFailure, AdESSubIndic
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import cms_basic_validation, collect_timing_info, validate_tst_signed_data
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import TimestampSignatureStatus
from pyhanko_certvalidator import ValidationContext

from signing.report import TimeSource
from signing.trust import Trust

# EN 319 102-1 5.1.4: who signs documents may do so under either bit (BSrE sets both).
_SIGNING = KeyUsageConstraints(key_usage={"non_repudiation", "digital_signature"}, match_all_key_usages=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Embedded:
    """Validation data found in the document security store (ISO 32000-2 12.8.4.3)."""

    certificates: tuple[x509.Certificate, ...] = ()
    crls: tuple[crl.CertificateList, ...] = ()
    ocsps: tuple[ocsp.OCSPResponse, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What cryptography says. `sub_indication` is None when nothing is wrong; `failed` when it is beyond doubt."""

    intact: bool
    valid: bool
    trusted: bool
    failed: bool
    sub_indication: str | None
    certificate: x509.Certificate | None
    signed_at: dt.datetime | None
    time_source: TimeSource
    timestamped: bool


async def judge_signature(embedded: EmbeddedPdfSignature, trust: Trust, held: Embedded) -> Standing:
    """Digest, CMS signature and signed attributes; then time; then the chain, at the time that is proven.

    A trusted time-stamp token proves existence at its time, and the chain is judged there (EN 319 102-1 5.5); without
    one the chain is judged at the moment of judgement, and the claimed time is only told.
    """
    timing = await collect_timing_info(
        embedded.signer_info, _context(trust.timestamp_roots, trust, held), raw_digest=embedded.compute_digest
    )
    stamp: TimestampSignatureStatus | None = timing.get("timestamp_validity")
    proven = stamp.timestamp if stamp is not None and stamp.intact and stamp.valid and stamp.trusted else None
    claimed = timing.get("signer_reported_dt") or embedded.self_reported_timestamp
    facts = await cms_basic_validation(
        embedded.signed_data,
        raw_digest=embedded.compute_digest(),
        validation_context=_context(trust.roots, trust, held, at=proven),
        key_usage_settings=_SIGNING,
    )
    source = TimeSource.TIMESTAMP if proven else TimeSource.CLAIMED if claimed else TimeSource.NONE
    standing = _standing(facts, proven or claimed, source, timestamped=stamp is not None)
    return standing if proven else _out_of_bounds(standing, trust.moment)


async def judge_timestamp(embedded: EmbeddedPdfSignature, trust: Trust, held: Embedded) -> Standing:
    """A document time stamp (ETSI.RFC3161): its token's imprint, signature and chain."""
    context = _context(trust.timestamp_roots, trust, held)
    facts = await validate_tst_signed_data(embedded.signed_data, context, embedded.compute_digest)
    return _standing(facts, facts.get("timestamp"), TimeSource.TIMESTAMP, timestamped=True)


def unreadable(error: Exception) -> Standing:
    """A signature that cannot be taken apart: its format is wrong (EN 319 102-1 5.1.4.2, FORMAT_FAILURE)."""
    told = error.ades_subindication if isinstance(error, SignatureValidationError) else None
    return Standing(
        intact=False,
        valid=False,
        trusted=False,
        failed=True,
        sub_indication=told.standard_name if told else AdESFailure.FORMAT_FAILURE.standard_name,
        certificate=None,
        signed_at=None,
        time_source=TimeSource.NONE,
        timestamped=False,
    )


def _standing(
    facts: dict[str, Any], signed_at: dt.datetime | None, source: TimeSource, *, timestamped: bool
) -> Standing:
    intact, valid = bool(facts["intact"]), bool(facts["intact"] and facts["valid"])
    trouble: AdESSubIndic | None = facts["trust_problem_indic"]
    if not intact:
        trouble = AdESFailure.HASH_FAILURE
    elif not valid:
        trouble = AdESFailure.SIG_CRYPTO_FAILURE
    return Standing(
        intact=intact,
        valid=valid,
        trusted=valid and trouble is None and facts["validation_path"] is not None,
        failed=isinstance(trouble, AdESFailure),
        sub_indication=trouble.standard_name if trouble else None,
        certificate=facts["signing_cert"],
        signed_at=signed_at,
        time_source=source,
        timestamped=timestamped,
    )


def _out_of_bounds(standing: Standing, moment: dt.datetime) -> Standing:
    """Without proof of existence an ended certificate is the first thing wrong, whatever else could not be looked up.

    EN 319 102-1 5.2.6: OUT_OF_BOUNDS_NO_POE. A missing chain or a revocation that is known stays the stronger finding.
    """
    certificate, told = standing.certificate, standing.sub_indication
    ended = certificate is not None and certificate.not_valid_after < moment
    if ended and not standing.failed and told in {None, "CERTIFICATE_CHAIN_GENERAL_FAILURE", "TRY_LATER"}:
        return replace(standing, trusted=False, sub_indication="OUT_OF_BOUNDS_NO_POE")
    return standing


def _context(
    roots: tuple[bytes, ...], trust: Trust, held: Embedded, *, at: dt.datetime | None = None
) -> ValidationContext:
    """Our roots alone; revocation where a certificate declares it (RFC 5280 4.2.1.13, 4.2.2.1), else nothing to ask."""
    return ValidationContext(
        trust_roots=[x509.Certificate.load(each) for each in roots],
        other_certs=list(held.certificates),
        moment=at or trust.moment,
        crls=[*held.crls, *(crl.CertificateList.load(each) for each in trust.crls)],
        ocsps=list(held.ocsps),
        allow_fetching=trust.allow_network,
        revocation_mode="hard-fail",
    )
