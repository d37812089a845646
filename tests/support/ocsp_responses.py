"""Build OCSP responses, honest and forged."""

from __future__ import annotations

import datetime as dt
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from signing.demo_authority import IssuedKey
from support.pki import DAY


def ocsp_answer(
    subject: bytes,
    issuer: IssuedKey,
    *,
    at: dt.datetime,
    responder: tuple[Any, x509.Certificate] | None = None,
    revoked: dt.datetime | None = None,
    reason: x509.ReasonFlags | None = None,
    until: dt.datetime | None = None,
    algorithm: Any = hashes.SHA256(),  # noqa: B008 - a value without state
) -> bytes:
    """Return an OCSP response (DER) by the issuer, or by a responder that includes its certificate."""
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=x509.load_der_x509_certificate(subject),
        issuer=issuer.certificate,
        algorithm=hashes.SHA1(),  # noqa: S303 - names the issuer
        cert_status=ocsp.OCSPCertStatus.REVOKED if revoked else ocsp.OCSPCertStatus.GOOD,
        this_update=at,
        next_update=until or at + DAY,
        revocation_time=revoked,
        revocation_reason=reason,
    )
    key, shown = responder or (issuer.key, issuer.certificate)
    builder = builder.responder_id(ocsp.OCSPResponderEncoding.HASH, shown)
    if responder is not None:
        builder = builder.certificates([shown])
    return builder.sign(key, algorithm).public_bytes(Encoding.DER)
