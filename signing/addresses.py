"""Where a certificate says that its revocation can be asked for (RFC 5280 4.2.1.13 and 4.2.2.1)."""

from __future__ import annotations

from collections.abc import Iterable

from cryptography import x509
from cryptography.x509.oid import AuthorityInformationAccessOID

_MOST = 4  # of one certificate


def announces(certificate: x509.Certificate) -> bool:
    """Whether the certificate names any place for lists or answers, of whatever kind."""
    for extension in certificate.extensions:
        if isinstance(extension.value, x509.CRLDistributionPoints):
            return True
        if isinstance(extension.value, x509.AuthorityInformationAccess) and any(
            each.access_method == AuthorityInformationAccessOID.OCSP for each in extension.value
        ):
            return True
    return False


def crl_addresses(certificate: x509.Certificate) -> list[str]:
    """The HTTP addresses at which a certificate says its CRLs are found."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    return _http(name for point in points for name in point.full_name or ())


def ocsp_addresses(certificate: x509.Certificate) -> list[str]:
    """The HTTP addresses of the responders a certificate names."""
    try:
        access = certificate.extensions.get_extension_for_class(x509.AuthorityInformationAccess).value
    except x509.ExtensionNotFound:
        return []
    return _http(each.access_location for each in access if each.access_method == AuthorityInformationAccessOID.OCSP)


def _http(names: Iterable[x509.GeneralName]) -> list[str]:
    written = (each.value for each in names if isinstance(each, x509.UniformResourceIdentifier))
    return [each for each in dict.fromkeys(written) if each.startswith(("http://", "https://"))][:_MOST]
