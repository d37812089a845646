"""One OCSP answer about one certificate, accepted only from its issuer or a responder the issuer named (RFC 6960)."""

from __future__ import annotations

import asn1crypto.ocsp
import asn1crypto.x509
from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko_certvalidator.errors import AlgorithmNotSupported, PSSParameterMismatch
from pyhanko_certvalidator.sig_validate import DefaultSignatureValidator

from signing.validation.algorithms import digest_resists, mechanism_digest


def answered_by(response: bytes, subject: x509.Certificate, issuer: x509.Certificate) -> ocsp.OCSPSingleResponse | None:
    """The answer about `subject` when the response is authentic; None otherwise.

    An answer given after `subject` ended counts only when it is a revocation: responders forget what has ended.
    """
    try:
        read = ocsp.load_der_ocsp_response(response)
        if read.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return None
        wanted = [answer for answer in read.responses if _is_about(answer, subject, issuer)]
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


# --- Who may answer for an issuer, and whether he did (RFC 6960 4.2.2.2)


def responder_of(read: ocsp.OCSPResponse, issuer: x509.Certificate) -> x509.Certificate:
    """A certificate the issuer made for this purpose and that is in force when it answers, else the issuer itself."""
    for certificate in read.certificates:
        if certificate == issuer:
            return issuer
        try:
            certificate.verify_directly_issued_by(issuer)
            purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound):
            continue
        in_force = certificate.not_valid_before_utc <= read.produced_at_utc <= certificate.not_valid_after_utc
        weak = isinstance(certificate.signature_hash_algorithm, hashes.SHA1 | hashes.MD5)
        if ExtendedKeyUsageOID.OCSP_SIGNING in purposes and in_force and not weak:
            return certificate
    return issuer


def signed_by_responder(response: bytes, read: ocsp.OCSPResponse, responder: x509.Certificate) -> bool:
    """Signed by the responder with any mechanism a signature may have, as long as its digest resists to this day."""
    basic = asn1crypto.ocsp.OCSPResponse.load(response)["response_bytes"]["response"].parsed
    mechanism = basic["signature_algorithm"]
    digest = mechanism_digest(mechanism)
    if digest is not None and not digest_resists(digest, None):
        return False
    key = asn1crypto.x509.Certificate.load(responder.public_bytes(serialization.Encoding.DER)).public_key
    try:
        DefaultSignatureValidator().validate_signature(read.signature, read.tbs_response_bytes, key, mechanism)
    except (InvalidSignature, AlgorithmNotSupported, PSSParameterMismatch, AssertionError):
        return False
    return True
