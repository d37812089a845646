"""Of which certificates a revocation list speaks that does not speak of all (RFC 5280 5.2.5)."""

from __future__ import annotations

from cryptography import x509


def in_scope(scope: x509.IssuingDistributionPoint, certificate: x509.Certificate) -> bool:
    """Whether the list names every reason to revoke a certificate of this kind at this distribution point."""
    authority = _is_authority(certificate)
    of_kind = not (scope.only_contains_user_certs and authority) and not (
        scope.only_contains_ca_certs and not authority
    )
    return of_kind and not scope.only_some_reasons and _at_its_place(scope, certificate)


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        return certificate.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _at_its_place(scope: x509.IssuingDistributionPoint, certificate: x509.Certificate) -> bool:
    """The list's distribution point is one of the certificate's own (RFC 5280 6.3.3 b 2 i)."""
    if scope.relative_name is not None:
        return False
    if scope.full_name is None:
        return True
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return False
    return any(name in scope.full_name for point in points for name in point.full_name or ())
