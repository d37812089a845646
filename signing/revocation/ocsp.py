"""One OCSP answer about one certificate, accepted only from its issuer or a responder the issuer named (RFC 6960)."""

from __future__ import annotations

from cryptography import x509
from cryptography.x509 import ocsp

from signing.responders import responder_of, signed_by_responder


def answered_by(response: bytes, subject: x509.Certificate, issuer: x509.Certificate) -> ocsp.OCSPSingleResponse | None:
    """The answer about `subject` when the response is authentic; None otherwise.

    An answer given after `subject` ended counts only when it is a revocation: responders forget what has ended.
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
        usable = revoked or single.this_update_utc <= subject.not_valid_after_utc
    except (ValueError, TypeError, KeyError, x509.DuplicateExtension):
        return None
    return single if usable else None


def _is_about(single: ocsp.OCSPSingleResponse, subject: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Serial number, and name and key of the issuer hashed the way the answer says."""
    if single.serial_number != subject.serial_number:
        return False
    expected = ocsp.OCSPRequestBuilder().add_certificate(subject, issuer, single.hash_algorithm).build()
    return (single.issuer_name_hash, single.issuer_key_hash) == (expected.issuer_name_hash, expected.issuer_key_hash)
