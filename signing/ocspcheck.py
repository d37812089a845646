"""One OCSP answer about one certificate, accepted only from its issuer or a responder the issuer named (RFC 6960)."""

from __future__ import annotations

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509 import ocsp
from cryptography.x509.oid import ExtendedKeyUsageOID


def answered_by(response: bytes, subject: x509.Certificate, issuer: x509.Certificate) -> ocsp.OCSPSingleResponse | None:
    """The answer about `subject` when the response is authentic; None otherwise."""
    try:
        read = ocsp.load_der_ocsp_response(response)
        if read.response_status is not ocsp.OCSPResponseStatus.SUCCESSFUL:
            return None
        responder = _responder(read, issuer)
        if responder is None or not _authentic(read, responder):
            return None
        for single in read.responses:
            if single.serial_number == subject.serial_number and _same_issuer(single, issuer):
                return single
    except (ValueError, TypeError):
        return None
    return None


def _responder(read: ocsp.OCSPResponse, issuer: x509.Certificate) -> x509.Certificate | None:
    """The issuer itself, or a certificate it issued for this purpose that is in force when it answers."""
    if not read.certificates:
        return issuer
    for each in read.certificates:
        if each == issuer:
            return issuer
        try:
            each.verify_directly_issued_by(issuer)
            purposes = each.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except (ValueError, TypeError, InvalidSignature, x509.ExtensionNotFound):
            continue
        in_force = each.not_valid_before_utc <= read.produced_at_utc <= each.not_valid_after_utc
        if ExtendedKeyUsageOID.OCSP_SIGNING in purposes and in_force:
            return each
    return None


def _authentic(read: ocsp.OCSPResponse, responder: x509.Certificate) -> bool:
    algorithm = read.signature_hash_algorithm
    if algorithm is None or isinstance(algorithm, hashes.SHA1 | hashes.MD5):
        return False
    key = responder.public_key()
    try:
        if isinstance(key, rsa.RSAPublicKey):
            key.verify(read.signature, read.tbs_response_bytes, padding.PKCS1v15(), algorithm)
        elif isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(read.signature, read.tbs_response_bytes, ec.ECDSA(algorithm))
        else:
            return False
    except InvalidSignature:
        return False
    return True


def _same_issuer(single: ocsp.OCSPSingleResponse, issuer: x509.Certificate) -> bool:
    """Name and key of the issuer, hashed the way the answer says."""
    request = ocsp.OCSPRequestBuilder().add_certificate_by_hash(
        single.issuer_name_hash, single.issuer_key_hash, single.serial_number, single.hash_algorithm
    )
    expected = ocsp.OCSPRequestBuilder().add_certificate(issuer, issuer, single.hash_algorithm).build()
    asked = request.build()
    return (asked.issuer_name_hash, asked.issuer_key_hash) == (expected.issuer_name_hash, expected.issuer_key_hash)
