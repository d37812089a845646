"""Read certificate revocation lists, once per list however many signatures need it (RFC 5280 5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509.oid import ExtensionOID

from signing.asn1 import core

_EXPIRED_CERTIFICATES = x509.ObjectIdentifier("2.5.29.60")
# A national list of 20,000 entries takes about 4 MB once read.
_CACHED = 16
_UNDERSTOOD = {
    ExtensionOID.ISSUING_DISTRIBUTION_POINT,
    ExtensionOID.DELTA_CRL_INDICATOR,
    ExtensionOID.CRL_NUMBER,
    ExtensionOID.AUTHORITY_KEY_IDENTIFIER,
}


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class RevocationList:
    """A parsed list. `made` and `until` (nextUpdate, else `made`) are UTC.

    `complete`: not a delta, and without a critical extension we do not know; only then does a certificate's absence
    mean anything. `expired_since`: certificates that expired after it stay listed (ExpiredCertsOnCRL); None when the
    list does not promise that.
    """

    read: x509.CertificateRevocationList = field(repr=False)
    entries: Mapping[int, Entry] = field(repr=False)
    made: dt.datetime
    until: dt.datetime
    complete: bool
    scope: x509.IssuingDistributionPoint | None
    expired_since: dt.datetime | None

    @property
    def direct(self) -> bool:
        """Tell whether the list is about its issuer's own certificates."""
        return self.scope is None or not (self.scope.indirect_crl or self.scope.only_contains_attribute_certs)

    def covers(self, certificate: x509.Certificate) -> bool:
        """Tell whether the absence of this certificate from the list means that it is not revoked.

        A certificate may be dropped from lists made after it expired (RFC 5280 3.3).
        """
        if not self.complete or not self.direct:
            return False
        ended = certificate.not_valid_after_utc
        if self.made > ended and (self.expired_since is None or self.expired_since > ended):
            return False
        return self.scope is None or in_scope(self.scope, certificate)


@lru_cache(maxsize=_CACHED)
def read_list(content: bytes) -> RevocationList | None:
    """Return the list in DER or PEM bytes, None when there is none. The cache is keyed by the bytes alone."""
    try:
        read = x509.load_pem_x509_crl(content) if content.startswith(b"-----") else x509.load_der_x509_crl(content)
        extensions = read.extensions
        unknown = [extension for extension in extensions if extension.critical and extension.oid not in _UNDERSTOOD]
        delta = any(extension.oid == ExtensionOID.DELTA_CRL_INDICATOR for extension in extensions)
        made = read.last_update_utc
        return RevocationList(
            read=read,
            entries=revoked_entries(read),
            made=made,
            until=read.next_update_utc or made,
            complete=not unknown and not delta,
            scope=_scope(extensions),
            expired_since=_expired_since(extensions),
        )
    except (ValueError, TypeError, x509.DuplicateExtension):
        return None


@lru_cache(maxsize=4 * _CACHED)
def signed_by(revocation_list: RevocationList, issuer: x509.Certificate) -> bool:
    """Tell whether `issuer` may sign lists and signed this one, with an algorithm that is still strong."""
    read = revocation_list.read
    if read.issuer != issuer.subject or not _may_list(issuer):
        return False
    weak = isinstance(read.signature_hash_algorithm, hashes.SHA1 | hashes.MD5)
    key = issuer.public_key()
    try:
        return not weak and read.is_signature_valid(key)  # type: ignore[arg-type] # other keys raise, see below
    except (TypeError, ValueError):
        return False


def _scope(extensions: x509.Extensions) -> x509.IssuingDistributionPoint | None:
    try:
        return extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    except x509.ExtensionNotFound:
        return None


def _expired_since(extensions: x509.Extensions) -> dt.datetime | None:
    for extension in extensions:
        if extension.oid == _EXPIRED_CERTIFICATES and isinstance(extension.value, x509.UnrecognizedExtension):
            since = core.GeneralizedTime.load(extension.value.value).native
            return since if isinstance(since, dt.datetime) and since.tzinfo is not None else None
    return None


def _may_list(issuer: x509.Certificate) -> bool:
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True


# --- Entries (RFC 5280 5.3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One revoked certificate: since when, and whether only suspended (certificateHold)."""

    since: dt.datetime
    on_hold: bool


def revoked_entries(read: x509.CertificateRevocationList) -> Mapping[int, Entry]:
    """Return the entries by serial number, without those a delta list only removes (removeFromCRL)."""
    entries = {}
    for revoked in read:
        reason = _reason(revoked)
        if reason is not x509.ReasonFlags.remove_from_crl:
            on_hold = reason is x509.ReasonFlags.certificate_hold
            entries[revoked.serial_number] = Entry(since=revoked.revocation_date_utc, on_hold=on_hold)
    return entries


def _reason(revoked: x509.RevokedCertificate) -> x509.ReasonFlags | None:
    for extension in revoked.extensions:
        if isinstance(extension.value, x509.CRLReason):
            return extension.value.reason
    return None


# --- Scope (RFC 5280 5.2.5)


def in_scope(scope: x509.IssuingDistributionPoint, certificate: x509.Certificate) -> bool:
    """Tell whether a list of this scope covers every reason to revoke this certificate."""
    authority = _is_authority(certificate)
    of_kind = not (scope.only_contains_user_certs and authority) and not (
        scope.only_contains_ca_certs and not authority
    )
    return of_kind and not scope.only_some_reasons and _at_its_distribution_point(scope, certificate)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _at_its_distribution_point(scope: x509.IssuingDistributionPoint, certificate: x509.Certificate) -> bool:
    """Tell whether the list's distribution point is one the certificate names (RFC 5280 6.3.3 b 2 i)."""
    if scope.relative_name is not None:
        return False
    if scope.full_name is None:
        return True
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return False
    return any(name in scope.full_name for point in points for name in point.full_name or ())
