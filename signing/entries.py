"""The certificates a revocation list names (RFC 5280 5.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography import x509


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One revoked certificate: since when, and whether it is only suspended (certificateHold)."""

    since: dt.datetime
    on_hold: bool


def entries_of(read: x509.CertificateRevocationList) -> Mapping[int, Entry]:
    """By serial number. Those a delta list only takes off again are left out."""
    entries = {}
    for each in read:
        reason = _reason(each)
        if reason is not x509.ReasonFlags.remove_from_crl:
            on_hold = reason is x509.ReasonFlags.certificate_hold
            entries[each.serial_number] = Entry(since=each.revocation_date_utc, on_hold=on_hold)
    return entries


def _reason(revoked: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    for each in revoked.extensions:
        if isinstance(each.value, x509.CRLReason):
            return each.value.reason
    return None
