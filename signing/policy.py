"""Judgement over facts: what keeps a signature, and so a document, from being accepted."""

from __future__ import annotations

from signing.errors import NotSound
from signing.report import Indication, Report, SignatureReport


def faults(signature: SignatureReport) -> tuple[str, ...]:
    """The reason codes of one signature, gravest first; empty exactly when its indication is TOTAL_PASSED.

    Codes: signature_broken, changed_after_signature, weak_algorithm, untrusted_chain, expired, not_yet_valid,
    revoked, key_usage, revocation_unknown, unknown_signer_certificate.
    """
    found: list[str] = []
    nobody = signature.intact and signature.signer is None and signature.indication is Indication.INDETERMINATE
    if not nobody and not (signature.intact and signature.valid):
        found.append("signature_broken")
    if not signature.permitted:
        found.append("changed_after_signature")
    code = {
        "NO_CERTIFICATE_CHAIN_FOUND": "untrusted_chain",
        "CERTIFICATE_CHAIN_GENERAL_FAILURE": "untrusted_chain",
        "CHAIN_CONSTRAINTS_FAILURE": "key_usage",
        "OUT_OF_BOUNDS_NO_POE": "not_yet_valid" if signature.early else "expired",
        "NOT_YET_VALID": "not_yet_valid",
        "REVOKED_NO_POE": "revoked",
        "REVOKED_CA_NO_POE": "revoked",
        "TRY_LATER": "revocation_unknown",
        "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": "weak_algorithm",
        "NO_SIGNING_CERTIFICATE_FOUND": "unknown_signer_certificate",
        "SIG_CONSTRAINTS_FAILURE": "unknown_signer_certificate",
        "FORMAT_FAILURE": None if found else "signature_broken",
    }.get(signature.sub_indication or "")
    if code is not None:
        found.append(code)
    if not found and signature.indication is not Indication.TOTAL_PASSED:
        found.append("signature_broken")
    return tuple(found)


def require(report: Report) -> None:
    """Return when the file is readable, signed, and every signature is without fault; raise NotSound otherwise."""
    if report.problem is not None:
        raise NotSound(report, (report.problem.code,))
    if not any(signature.kind == "signature" for signature in report.signatures):
        raise NotSound(report, ("missing_signature",))
    found = dict.fromkeys(code for signature in report.signatures for code in faults(signature))
    if found:
        raise NotSound(report, tuple(found))
