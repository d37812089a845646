"""Build revocation lists with any content, and the certificate extensions that point to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from asn1crypto import core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding

from signing.demo_authority import Authority
from support.pki import DAY

EXPIRED_CERTIFICATES = x509.ObjectIdentifier("2.5.29.60")


def crl_distribution_point(url: str) -> x509.CRLDistributionPoints:
    names = [x509.UniformResourceIdentifier(url)]
    return x509.CRLDistributionPoints([x509.DistributionPoint(names, None, None, None)])


def responder_at(url: str) -> x509.AuthorityInformationAccess:
    where = x509.UniformResourceIdentifier(url)
    return x509.AuthorityInformationAccess([x509.AccessDescription(x509.AuthorityInformationAccessOID.OCSP, where)])


def issuing_distribution_point(**changes: object) -> x509.IssuingDistributionPoint:
    defaults = {
        "full_name": None,
        "relative_name": None,
        "only_contains_user_certs": False,
        "only_contains_ca_certs": False,
        "only_some_reasons": None,
        "indirect_crl": False,
        "only_contains_attribute_certs": False,
    }
    return x509.IssuingDistributionPoint(**(defaults | changes))  # type: ignore[arg-type] # keywords of the extension


def keeping_expired(since: dt.datetime) -> x509.UnrecognizedExtension:
    """Return ExpiredCertsOnCRL (X.509 9.5.2.8)."""
    return x509.UnrecognizedExtension(EXPIRED_CERTIFICATES, core.GeneralizedTime(since).dump())


def list_of(
    authority: Authority,
    revoked: Sequence[tuple[int, dt.datetime, x509.ReasonFlags | None]] = (),
    *,
    at: dt.datetime,
    days: int = 7,
    extensions: Sequence[tuple[x509.ExtensionType, bool]] = (),
) -> bytes:
    """Return a CRL (DER) of these serial numbers, with any extensions (and whether they are critical)."""
    builder = x509.CertificateRevocationListBuilder(
        issuer_name=authority.issued.certificate.subject, last_update=at, next_update=at + days * DAY
    )
    for extension, critical in extensions:
        builder = builder.add_extension(extension, critical=critical)
    for serial, since, reason in revoked:
        entry = x509.RevokedCertificateBuilder(serial_number=serial, revocation_date=since)
        if reason is not None:
            entry = entry.add_extension(x509.CRLReason(reason), critical=False)
        builder = builder.add_revoked_certificate(entry.build())
    return builder.sign(authority.issued.key, hashes.SHA256()).public_bytes(Encoding.DER)
