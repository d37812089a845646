"""One OCSP answer about one certificate, accepted only from its issuer or a responder the issuer named (RFC 6960)."""

from __future__ import annotations

import datetime as dt

from asn1crypto import core
from cryptography import x509
from cryptography.x509 import ocsp

from signing.responders import responder_of, signed_by_responder

_ARCHIVE_CUTOFF = x509.ObjectIdentifier("1.3.6.1.5.5.7.48.1.6")


def answered_by(response: bytes, subject: x509.Certificate, issuer: x509.Certificate) -> ocsp.OCSPSingleResponse | None:
    """The answer about `subject` when the response is authentic; None otherwise.

    An answer given after `subject` ended counts only when the responder still keeps what it knew then (RFC 6960
    4.4.4, archive cutoff); a revocation always counts.
    """
    try:
        read = ocsp.load_der_ocsp_response(response)
        if read.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return None
        wanted = [each for each in read.responses if _is_about(each, subject, issuer)]
        if not wanted or not signed_by_responder(response, read, responder_of(read, issuer)):
            return None
        single = wanted[0]
        revoked = single.certificate_status is ocsp.OCSPCertStatus.REVOKED
        return single if revoked or _still_known(read, single, subject.not_valid_after_utc) else None
    except (ValueError, TypeError, KeyError, x509.DuplicateExtension):
        return None


def _still_known(read: ocsp.OCSPResponse, single: ocsp.OCSPSingleResponse, ended: dt.datetime) -> bool:
    if single.this_update_utc <= ended:
        return True
    if len(list(read.responses)) > 1:
        return False
    for each in read.single_extensions:
        if each.oid == _ARCHIVE_CUTOFF and isinstance(each.value, x509.UnrecognizedExtension):
            cutoff = core.GeneralizedTime.load(each.value.value).native
            return isinstance(cutoff, dt.datetime) and cutoff <= ended
    return False


def _is_about(single: ocsp.OCSPSingleResponse, subject: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Serial number, and name and key of the issuer hashed the way the answer says."""
    if single.serial_number != subject.serial_number:
        return False
    expected = ocsp.OCSPRequestBuilder().add_certificate(subject, issuer, single.hash_algorithm).build()
    return (single.issuer_name_hash, single.issuer_key_hash) == (expected.issuer_name_hash, expected.issuer_key_hash)
