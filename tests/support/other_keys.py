"""Build certificates and signatures our own tools do not make: other keys, other digests, rare forms of CMS."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Sequence
from typing import Any

import asn1crypto.keys
import asn1crypto.x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.signers import SimpleSigner
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.demo_authority import Authority, IssuedKey
from support.pki import DAY


def certified(
    authority: Authority,
    key: Any,
    *,
    extensions: Sequence[x509.ExtensionType] = (),
    serial: int = 4711,
    ends: dt.datetime | None = None,
) -> bytes:
    """Return a person's certificate (DER) for a key of any kind."""
    issuer = authority.issued
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Cahya Lestari")]))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(authority.now - DAY)
        .not_valid_after(ends or authority.now + 730 * DAY)
    )
    for extension in extensions:
        builder = builder.add_extension(extension, critical=False)
    return builder.sign(issuer.key, hashes.SHA256()).public_bytes(Encoding.DER)


def signed_by_sha1(certificate: bytes, issuer: IssuedKey) -> bytes:
    """Return the certificate with its issuer's signature over SHA-1, which `cryptography` no longer makes."""
    assert isinstance(issuer.key, ec.EllipticCurvePrivateKey)
    read = asn1crypto.x509.Certificate.load(certificate)
    weak_algorithm = {"algorithm": "sha1_ecdsa"}
    read["tbs_certificate"]["signature"] = weak_algorithm
    read["signature_algorithm"] = weak_algorithm
    read["signature_value"] = issuer.key.sign(read["tbs_certificate"].dump(force=True), ec.ECDSA(hashes.SHA1()))  # noqa: S303 - weak on purpose
    return bytes(read.dump(force=True))


def cms_of(
    digest: bytes,
    key: Any,
    certificate: bytes,
    *,
    algorithm: str = "sha256",
    pss: bool = False,
    others: Sequence[bytes] = (),
) -> bytes:
    """Return a CMS signature by pyHanko's signer, with its signing-certificate attribute."""
    store = SimpleCertificateStore()
    store.register_multiple([asn1crypto.x509.Certificate.load(der) for der in (certificate, *others)])
    private_key = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    signer = SimpleSigner(
        signing_cert=asn1crypto.x509.Certificate.load(certificate),
        signing_key=asn1crypto.keys.PrivateKeyInfo.load(private_key),
        cert_registry=store,
        prefer_pss=pss,
    )
    return bytes(asyncio.run(signer.async_sign(digest, digest_algorithm=algorithm, use_pades=True)).dump())
