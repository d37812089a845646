"""One signature judged, in the words tests compare."""

from __future__ import annotations

from signing.policy import faults
from signing.report import SignatureReport
from signing.trust import Trust
from signing.validation.inspect import inspect
from support.pki import only


def judged(pdf: bytes, trust: Trust) -> SignatureReport:
    return only(inspect(pdf, trust=trust))


def verdict(report: SignatureReport) -> tuple[str, str | None, tuple[str, ...]]:
    return report.indication.value, report.sub_indication, faults(report)
