"""Who may answer for an issuer, and whether he did (RFC 6960 4.2.2.2)."""

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

from signing.algorithms import digest_resists, mechanism_digest


def responder_of(read: ocsp.OCSPResponse, issuer: x509.Certificate) -> x509.Certificate:
    """A certificate the issuer made for this purpose and that is in force when it answers, else the issuer itself."""
    for each in read.certificates:
        if each == issuer:
            return issuer
        try:
            each.verify_directly_issued_by(issuer)
            purposes = each.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
        except (ValueError, TypeError, InvalidSignature, UnsupportedAlgorithm, x509.ExtensionNotFound):
            continue
        in_force = each.not_valid_before_utc <= read.produced_at_utc <= each.not_valid_after_utc
        weak = isinstance(each.signature_hash_algorithm, hashes.SHA1 | hashes.MD5)
        if ExtendedKeyUsageOID.OCSP_SIGNING in purposes and in_force and not weak:
            return each
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
