"""Load keys from PKCS#12 files (.p12, .pfx), RFC 7292; the passphrase is used once and kept nowhere."""

from __future__ import annotations

import warnings
from dataclasses import dataclass, field

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.hazmat.primitives.serialization.pkcs12 import PKCS12KeyAndCertificates, load_pkcs12
from cryptography.x509 import Certificate

from signing.errors import BadKeyFile, WrongPassphrase
from signing.keys import KeyHolder

_SMALLEST_RSA = 2048
_SMALLEST_CURVE = 256
# ContentInfo of RFC 7292: SEQUENCE, INTEGER 3 (the version) within the first bytes.
_VERSION = b"\x02\x01\x03"


def open_pkcs12(content: bytes, passphrase: bytes | None) -> KeyHolder:
    """Open a PKCS#12 file. Raises WrongPassphrase or BadKeyFile.

    The chain is ordered from the issuer upwards; certificates that do not belong to it are left out.
    """
    if content[:1] != b"\x30" or _VERSION not in content[:16]:
        raise BadKeyFile("bad_key_file.not_pkcs12")
    try:
        # Old exporters write BER and old ciphers; the library warns, but the person cannot change the file.
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            stored = load_pkcs12(content, passphrase)
    except ValueError as error:
        if "password" in str(error).lower() or "mac" in str(error).lower():
            raise WrongPassphrase from error
        raise BadKeyFile("bad_key_file.damaged") from error
    return _holder(stored)


def _holder(stored: PKCS12KeyAndCertificates) -> KeyHolder:
    key, own = stored.key, stored.cert
    if key is None or own is None:
        raise BadKeyFile("bad_key_file.no_key")
    if not is_strong(key) or not isinstance(key, rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey):
        raise BadKeyFile("bad_key_file.kind")
    if key.public_key() != own.certificate.public_key():
        raise BadKeyFile("bad_key_file.mismatch")
    others = [other.certificate for other in stored.additional_certs]
    chain = tuple(certificate.public_bytes(Encoding.DER) for certificate in chain_above(own.certificate, others))
    return LoadedKey(key=key, certificate=own.certificate.public_bytes(Encoding.DER), chain=chain)


def is_strong(key: object) -> bool:
    """Tell whether a key, private or public, is of a kind and size we seal and sign with."""
    if isinstance(key, rsa.RSAPrivateKey | rsa.RSAPublicKey):
        return key.key_size >= _SMALLEST_RSA
    return isinstance(key, ec.EllipticCurvePrivateKey | ec.EllipticCurvePublicKey) and key.key_size >= _SMALLEST_CURVE


def chain_above(leaf: Certificate, others: list[Certificate]) -> list[Certificate]:
    """Return the certificates above a leaf among others, issuer first."""
    chain: list[Certificate] = []
    below = leaf
    while below.issuer != below.subject:
        issuer = next(
            (candidate for candidate in others if candidate.subject == below.issuer and candidate not in chain), None
        )
        if issuer is None:
            break
        chain.append(issuer)
        below = issuer
    return chain


# --- A key in memory (never written out)

PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedKey:
    """A `signing.keys.KeyHolder` over a private key in memory. The key is left out of `repr` and comparison."""

    key: PrivateKey = field(repr=False, compare=False)
    certificate: bytes
    chain: tuple[bytes, ...] = ()
    pss: bool = False

    @property
    def algorithm(self) -> str:
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return "ec"
        return "rsa_pss" if self.pss else "rsa"

    @property
    def bits(self) -> int:
        return self.key.key_size

    def sign(self, message: bytes, digest: str) -> bytes:
        algorithm: hashes.HashAlgorithm = {
            "sha256": hashes.SHA256(),
            "sha384": hashes.SHA384(),
            "sha512": hashes.SHA512(),
        }[digest]
        if isinstance(self.key, ec.EllipticCurvePrivateKey):
            return self.key.sign(message, ec.ECDSA(algorithm))
        if self.pss:
            scheme = padding.PSS(mgf=padding.MGF1(algorithm), salt_length=algorithm.digest_size)
            return self.key.sign(message, scheme, algorithm)
        return self.key.sign(message, padding.PKCS1v15(), algorithm)
