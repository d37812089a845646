"""Faults of single signatures, said to people: the judgement is signing's, the words are ours."""

from __future__ import annotations

from service.proof.reasons import Reason, reason
from signing.report import Report
from signing.require import faults


def signature_reasons(report: Report) -> tuple[Reason, ...]:
    """One reason per fault and signature, in the order the signatures were made; none twice."""
    found: dict[tuple[str, str], Reason] = {}
    for signature in report.signatures:
        name = signature.signer.name if signature.signer else signature.field
        for code in faults(signature):
            words = {"bagian": "berkas", "nama": name} if code == "changed_after_signature" else {"nama": name}
            found.setdefault((code, name), reason(code, **words))
    return tuple(found.values())
