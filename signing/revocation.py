"""Whether certificates of a chain were revoked at a moment, from lists and answers already at hand (RFC 5280 6.3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.x509 import ocsp
from cryptography.x509.oid import AuthorityInformationAccessOID

from signing.ocspcheck import answered_by


class Status(Enum):
    """GOOD also for a certificate that announces no way to ask; UNKNOWN when a way exists but gave nothing usable."""

    GOOD = auto()
    REVOKED = auto()
    CA_REVOKED = auto()
    UNKNOWN = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Revocation material at hand: CRLs and OCSP responses, DER, unchecked."""

    crls: tuple[bytes, ...] = ()
    ocsps: tuple[bytes, ...] = ()


def revocation_status(path: Sequence[bytes], evidence: Evidence, at: dt.datetime) -> Status:
    """The worst status along a path (leaf first, root last, DER) at `at`; the root answers to nobody.

    A revocation dated after `at` does not count, so a time-stamped signature outlives its certificate.
    """
    certificates = [x509.load_der_x509_certificate(each) for each in path]
    lists = list(_lists(evidence.crls))
    worst = Status.GOOD
    for depth, (subject, issuer) in enumerate(pairwise(certificates)):
        status = _by_lists(subject, issuer, lists, at)
        if status is Status.UNKNOWN:
            status = _by_answers(subject, issuer, evidence.ocsps, at)
        if status is Status.REVOKED:
            return Status.REVOKED if depth == 0 else Status.CA_REVOKED
        if status is Status.UNKNOWN and _announces(subject):
            worst = Status.UNKNOWN
    return worst


def crl_addresses(path: Sequence[bytes]) -> tuple[str, ...]:
    """The HTTP addresses at which the certificates of a path say their CRLs are found."""
    found: dict[str, None] = {}
    for der in path:
        try:
            points = x509.load_der_x509_certificate(der).extensions.get_extension_for_class(x509.CRLDistributionPoints)
        except x509.ExtensionNotFound:
            continue
        for point in points.value:
            names = (each.value for each in point.full_name or () if isinstance(each, x509.UniformResourceIdentifier))
            found.update(dict.fromkeys(name for name in names if name.startswith(("http://", "https://"))))
    return tuple(found)


def _lists(crls: Iterable[bytes]) -> Iterable[x509.CertificateRevocationList]:
    for each in crls:
        try:
            yield x509.load_pem_x509_crl(each) if each.startswith(b"-----") else x509.load_der_x509_crl(each)
        except ValueError:
            continue


def _by_lists(
    subject: x509.Certificate,
    issuer: x509.Certificate,
    lists: Sequence[x509.CertificateRevocationList],
    at: dt.datetime,
) -> Status:
    status = Status.UNKNOWN
    for each in lists:
        if each.issuer != subject.issuer or not _may_list(issuer) or not _signed_by(each, issuer):
            continue
        if not _in_scope(each, subject):
            continue
        entry = each.get_revoked_certificate_by_serial_number(subject.serial_number)
        if entry is not None and entry.revocation_date_utc <= at:
            # Also from a list that has run out: a revocation is not undone by age.
            return Status.REVOKED
        until = each.next_update_utc or each.last_update_utc
        if until >= at:
            status = Status.GOOD
    return status


def _signed_by(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    weak = isinstance(crl.signature_hash_algorithm, hashes.SHA1 | hashes.MD5)
    key = issuer.public_key()
    try:
        return not weak and crl.is_signature_valid(key)  # type: ignore[arg-type] # other keys raise, see below
    except (TypeError, ValueError):
        return False


def _may_list(issuer: x509.Certificate) -> bool:
    try:
        return issuer.extensions.get_extension_for_class(x509.KeyUsage).value.crl_sign
    except x509.ExtensionNotFound:
        return True


def _in_scope(crl: x509.CertificateRevocationList, subject: x509.Certificate) -> bool:
    """Whether the list speaks of all reasons for certificates of this kind (RFC 5280 5.2.5)."""
    try:
        scope = crl.extensions.get_extension_for_class(x509.IssuingDistributionPoint).value
    except x509.ExtensionNotFound:
        return True
    if scope.indirect_crl or scope.only_some_reasons or scope.only_contains_attribute_certs:
        return False
    try:
        authority = subject.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        authority = False
    return not (scope.only_contains_user_certs and authority) and not (scope.only_contains_ca_certs and not authority)


def _by_answers(
    subject: x509.Certificate, issuer: x509.Certificate, answers: Iterable[bytes], at: dt.datetime
) -> Status:
    status = Status.UNKNOWN
    for each in answers:
        answer = answered_by(each, subject, issuer)
        if answer is None:
            continue
        if answer.certificate_status is ocsp.OCSPCertStatus.REVOKED:
            when = answer.revocation_time_utc
            if when is not None and when <= at:
                return Status.REVOKED
        until = answer.next_update_utc or answer.this_update_utc
        if answer.certificate_status is not ocsp.OCSPCertStatus.UNKNOWN and until >= at:
            status = Status.GOOD
    return status


def _announces(certificate: x509.Certificate) -> bool:
    """Whether the certificate names a CRL or OCSP address."""
    extensions = certificate.extensions
    for extension in extensions:
        if isinstance(extension.value, x509.CRLDistributionPoints):
            return True
        if isinstance(extension.value, x509.AuthorityInformationAccess) and any(
            each.access_method == AuthorityInformationAccessOID.OCSP for each in extension.value
        ):
            return True
    return False
