"""adbe.x509.rsa_sha1: a PKCS#1 signature without CMS around it, its certificate beside it (ISO 32000-1 12.8.3.2)."""

from __future__ import annotations

from typing import Any

from asn1crypto import core, parser, x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils
from pyhanko.pdf_utils.generic import ByteStringObject, TextStringObject

from signing.history import raw, raws
from signing.value import BadValue, digest_with

# ISO 32000-1 table 257; the name of the format tells only the oldest of them.
_DIGESTS: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - read, to say that it is too weak
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


def check_bare(dictionary: Any, content: bytes, parts: tuple[memoryview, memoryview]) -> tuple[x509.Certificate, bool]:
    """The certificate, and whether its key signed these bytes. Raises BadValue when there is nothing to check."""
    written = raw(dictionary, "/Cert")
    first = raws(written)[0] if raws(written) else written
    if not isinstance(first, ByteStringObject | TextStringObject):
        raise BadValue("no certificate beside the signature")
    try:
        certificate = x509.Certificate.load(first.original_bytes)
        value = core.OctetString.load(content[: parser.peek(content)]).native
        key = serialization.load_der_public_key(certificate.public_key.dump())
    except (ValueError, TypeError, KeyError) as error:
        raise BadValue("no PKCS#1 signature") from error
    if not isinstance(key, rsa.RSAPublicKey):
        raise BadValue("the key is no RSA key")
    return certificate, any(_signed(key, value, digest_with(name)(parts), each) for name, each in _DIGESTS.items())


def _signed(key: rsa.RSAPublicKey, value: bytes, digest: bytes, algorithm: hashes.HashAlgorithm) -> bool:
    try:
        key.verify(value, digest, padding.PKCS1v15(), utils.Prehashed(algorithm))
    except InvalidSignature:
        return False
    return True
