"""Judgement over facts: which faults a signature has, and whether a file may be relied on."""

from __future__ import annotations

from signing.errors import NotSound
from signing.report import Indication, Report, SignatureReport

# EN 319 102-1 sub-indications -> reason codes of the outside contract (and two of our own for what it has no word for).
_FAULTS = {
    "NO_CERTIFICATE_CHAIN_FOUND": "untrusted_chain",
    "NO_CERTIFICATE_CHAIN_FOUND_NO_POE": "untrusted_chain",
    "CERTIFICATE_CHAIN_GENERAL_FAILURE": "cannot_tell",  # mostly: revocation data that could not be had
    "OUT_OF_BOUNDS_NO_POE": "expired",
    "OUT_OF_BOUNDS_NOT_REVOKED": "expired",
    "EXPIRED": "expired",
    "NOT_YET_VALID": "expired",
    "REVOKED": "revoked",
    "REVOKED_NO_POE": "revoked",
    "REVOKED_CA_NO_POE": "revoked",
    "CHAIN_CONSTRAINTS_FAILURE": "wrong_key_usage",
    "CRYPTO_CONSTRAINTS_FAILURE": "weak_algorithm",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": "weak_algorithm",
}


def faults(signature: SignatureReport) -> tuple[str, ...]:
    """Reason codes of everything wrong with one signature; none exactly when it is TOTAL_PASSED."""
    found: list[str] = []
    if not signature.intact or not signature.valid:
        found.append("signature_broken")
    elif signature.sub_indication is not None and signature.indication is not Indication.TOTAL_FAILED:
        found.append(_FAULTS.get(signature.sub_indication, "cannot_tell"))
    if signature.intact and not signature.permitted:
        found.append("changed_after_signature")
    if not found and signature.indication is not Indication.TOTAL_PASSED:
        found.append("cannot_tell")
    return tuple(found)


def require(report: Report) -> None:
    """Raise NotSound unless the file is readable, signed, and every signature and time stamp passed."""
    wrong = [code for each in report.signatures for code in faults(each)]
    if not report.readable and report.problem is not None:
        wrong.append(report.problem.code)
    elif not report.signatures:
        wrong.append("missing_signature")
    if wrong:
        raise NotSound(report, tuple(dict.fromkeys(wrong)))
