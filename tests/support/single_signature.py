"""Inspect a file with one signature, and name the verdict in the terms tests compare."""

from __future__ import annotations

from signing.policy import faults
from signing.report import SignatureReport
from signing.trust import Trust
from signing.validation.inspect import inspect
from support.pki import only_signature


def inspect_single(pdf: bytes, trust: Trust) -> SignatureReport:
    return only_signature(inspect(pdf, trust=trust))


def verdict(report: SignatureReport) -> tuple[str, str | None, tuple[str, ...]]:
    return report.indication.value, report.sub_indication, faults(report)
