"""Read OCSP responses; only the issuer, or a responder it authorised, may answer (RFC 6960)."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko_certvalidator.errors import AlgorithmNotSupported, PSSParameterMismatch
from pyhanko_certvalidator.sig_validate import DefaultSignatureValidator

from signing import asn1
from signing.validation.algorithms import digest_resists, mechanism_digest


def authentic_answer(
    response: bytes, subject: x509.Certificate, issuer: x509.Certificate
) -> ocsp.OCSPSingleResponse | None:
    """Return the answer about `subject` when the response is authentic; None otherwise.

    An answer given after `subject` expired counts only when it is a revocation: responders forget what has expired.
    """
    try:
        parsed = ocsp.load_der_ocsp_response(response)
        if parsed.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return None
        wanted = [answer for answer in parsed.responses if _is_about(answer, subject, issuer)]
        if not wanted or not signed_by_responder(response, parsed, responder_of(parsed, issuer)):
            return None
        single = wanted[0]
        revoked = single.certificate_status is ocsp.OCSPCertStatus.REVOKED
        usable = revoked or single.this_update_utc <= subject.not_valid_after_utc
    except (ValueError, TypeError, KeyError, x509.DuplicateExtension):
        return None
    return single if usable else None


def _is_about(single: ocsp.OCSPSingleResponse, subject: x509.Certificate, issuer: x509.Certificate) -> bool:
    """Compare serial number, and name and key of the issuer, hashed the way the answer says."""
    if single.serial_number != subject.serial_number:
        return False
    expected = ocsp.OCSPRequestBuilder().add_certificate(subject, issuer, single.hash_algorithm).build()
    return (single.issuer_name_hash, single.issuer_key_hash) == (expected.issuer_name_hash, expected.issuer_key_hash)


# --- Authorised responders (RFC 6960 4.2.2.2)


def responder_of(response: ocsp.OCSPResponse, issuer: x509.Certificate) -> x509.Certificate:
    """Return the responder the issuer certified for this purpose, if in force when it answers; else the issuer."""
    for certificate in response.certificates:
        if certificate == issuer:
            return issuer
        try:
            certificate.verify_directly_issued_by(issuer)
            purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound):
            continue
        in_force = certificate.not_valid_before_utc <= response.produced_at_utc <= certificate.not_valid_after_utc
        weak = isinstance(certificate.signature_hash_algorithm, hashes.SHA1 | hashes.MD5)
        if ExtendedKeyUsageOID.OCSP_SIGNING in purposes and in_force and not weak:
            return certificate
    return issuer


def signed_by_responder(response: bytes, parsed: ocsp.OCSPResponse, responder: x509.Certificate) -> bool:
    """Tell whether the responder signed, by any mechanism a signature may use whose digest is strong to this day."""
    basic = asn1.ocsp.OCSPResponse.load(response)["response_bytes"]["response"].parsed
    mechanism = basic["signature_algorithm"]
    digest = mechanism_digest(mechanism)
    if digest is not None and not digest_resists(digest, None):
        return False
    key = asn1.x509.Certificate.load(responder.public_bytes(serialization.Encoding.DER)).public_key
    try:
        DefaultSignatureValidator().validate_signature(parsed.signature, parsed.tbs_response_bytes, key, mechanism)
    except (InvalidSignature, AlgorithmNotSupported, PSSParameterMismatch, AssertionError):
        return False
    return True
