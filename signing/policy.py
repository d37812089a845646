"""Judge a report: the reasons why a signature, and so a document, is not accepted."""

from __future__ import annotations

from signing.errors import NotSound
from signing.report import Indication, Report, SignatureReport


def faults(signature: SignatureReport) -> tuple[str, ...]:
    """Return the reason codes of one signature, gravest first; empty exactly when its indication is TOTAL_PASSED.

    Codes: signature_broken, changed_after_signature, weak_algorithm, untrusted_chain, expired, not_yet_valid,
    revoked, key_usage, revocation_unknown, unknown_signer_certificate.
    """
    codes: list[str] = []
    unknown_signer = signature.intact and signature.signer is None and signature.indication is Indication.INDETERMINATE
    if not unknown_signer and not (signature.intact and signature.valid):
        codes.append("signature_broken")
    if not signature.permitted:
        codes.append("changed_after_signature")
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
        "FORMAT_FAILURE": None if codes else "signature_broken",
    }.get(signature.sub_indication or "")
    if code is not None:
        codes.append(code)
    if not codes and signature.indication is not Indication.TOTAL_PASSED:
        codes.append("signature_broken")
    return tuple(codes)


def require(report: Report) -> None:
    """Raise NotSound unless the file is readable, signed, and every signature is without fault."""
    if report.problem is not None:
        raise NotSound(report, (report.problem.code,))
    if not any(signature.kind == "signature" for signature in report.signatures):
        raise NotSound(report, ("missing_signature",))
    codes = dict.fromkeys(code for signature in report.signatures for code in faults(signature))
    if codes:
        raise NotSound(report, tuple(codes))
