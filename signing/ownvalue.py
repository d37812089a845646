"""Signature values spelled to the last byte as `signing.cms` spells them: compared with what they must be, not parsed.

Nothing is concluded from a value that is spelled otherwise, is about other bytes or was not made by its signer's key:
all of those are read by `signing.value`. A test holds the two against each other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

from asn1crypto import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from signing.cms import DIGESTS, Told, digest_identifier, issuer_and_serial
from signing.der import children, contents, whole
from signing.known import known_certificate

_KEPT, _LONGEST, _MOST_CERTIFICATES, _PARTS = 500, 4096, 64, 6
_Key = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
_ALGORITHMS: dict[str, hashes.HashAlgorithm] = {
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}

_UNLIKE_OURS = (ValueError, TypeError, LookupError, AttributeError, InvalidSignature, UnsupportedAlgorithm)


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnValue:
    """A detached CAdES signature of ours without a time stamp: intact, valid, and it names its signer."""

    certificate: x509.Certificate = field(repr=False)
    others: tuple[x509.Certificate, ...] = field(repr=False)
    digest_name: str


def read_own(content: bytes, digest_with: Callable[[str], bytes]) -> OwnValue | None:
    """The padded value in `content`; None for anything but a sound one of exactly our spelling.

    `digest_with` gives the digest of that name over the bytes it should be about.
    """
    try:
        message = whole(content)
        return None if content[len(message) :].strip(b"\0") else _sound(message, digest_with)
    except _UNLIKE_OURS:
        return None


def _sound(message: bytes, digest_with: Callable[[str], bytes]) -> OwnValue | None:
    """Cut loosely, then put together again: only what comes out the same, to the byte, was cut rightly."""
    (signed_data,) = children(children(message)[1])
    *_, carried, signers = children(signed_data)
    (signer,) = children(signers)
    parts, certificates = children(signer), children(carried)
    if len(parts) != _PARTS or len(certificates) > _MOST_CERTIFICATES or max(map(len, certificates)) > _LONGEST:
        return None
    issuer, serial = children(parts[1])
    numbered = [each for each in certificates if issuer_and_serial(each)[0] == serial]
    algorithm = next((name for name in DIGESTS if digest_identifier(name) == parts[2]), None)
    if len(numbered) != 1 or algorithm is None or issuer_and_serial(numbered[0])[1] != issuer:
        return None
    key = _key_of(numbered[0])
    told = Told(
        certificate=numbered[0],
        chain=tuple(certificates),
        key="ec" if isinstance(key, ec.EllipticCurvePublicKey) else "rsa",
        algorithm=algorithm,
        digest=digest_with(algorithm),
    )
    value = contents(parts[-1])
    if told.message(value) != message:
        return None
    _require_made_by(key, value, told.signed, _ALGORITHMS[algorithm])
    others = tuple(_readable(each) for each in certificates if each is not numbered[0])
    return OwnValue(certificate=_readable(numbered[0]), others=others, digest_name=algorithm)


@lru_cache(maxsize=_KEPT)
def _key_of(certificate: bytes) -> _Key:
    """TypeError for a key of any other kind, or one that is kept for another padding."""
    public = known_certificate(certificate).public_key
    key, kind = load_der_public_key(public.dump()), public.algorithm
    if (kind == "rsa" and isinstance(key, rsa.RSAPublicKey)) or (
        kind == "ec" and isinstance(key, ec.EllipticCurvePublicKey)
    ):
        return key
    raise TypeError("another kind of key")


@lru_cache(maxsize=_KEPT)
def _readable(certificate: bytes) -> x509.Certificate:
    """Certificates may be carried in any spelling. ValueError for one the parser would spell, and digest, otherwise."""
    read = x509.Certificate.load(certificate)  # not the known one: to write it anew may change it
    if read.native is None or read.dump(force=True) != certificate:
        raise ValueError("not a certificate spelled as it should be")
    return known_certificate(certificate)


def _require_made_by(key: _Key, value: bytes, signed: bytes, algorithm: hashes.HashAlgorithm) -> None:
    """InvalidSignature when another key made it, or other bytes were signed."""
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(value, signed, ec.ECDSA(algorithm))
    else:
        key.verify(value, signed, padding.PKCS1v15(), algorithm)
