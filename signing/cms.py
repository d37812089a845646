"""Write CMS SignedData for signatures and time-stamp tokens (RFC 5652, RFC 5035, ETSI EN 319 122-1).

DER is written directly: the general ASN.1 library took twenty times as long as the key itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

from signing.keys import KeyHolder

_DATA = "1.2.840.113549.1.7.1"
_SIGNED_DATA = "1.2.840.113549.1.7.2"
_TST_INFO = "1.2.840.113549.1.9.16.1.4"
_CONTENT_TYPE = "1.2.840.113549.1.9.3"
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SIGNING_CERTIFICATE_V2 = "1.2.840.113549.1.9.16.2.47"
_TIMESTAMP_TOKEN = "1.2.840.113549.1.9.16.2.14"  # noqa: S105 - an object identifier, no secret
DIGESTS = {
    "sha256": "2.16.840.1.101.3.4.2.1",
    "sha384": "2.16.840.1.101.3.4.2.2",
    "sha512": "2.16.840.1.101.3.4.2.3",
}
_RSA = {"sha256": "1.2.840.113549.1.1.11", "sha384": "1.2.840.113549.1.1.12", "sha512": "1.2.840.113549.1.1.13"}
_EC = {"sha256": "1.2.840.10045.4.3.2", "sha384": "1.2.840.10045.4.3.3", "sha512": "1.2.840.10045.4.3.4"}
_PSS, _MGF1 = "1.2.840.113549.1.1.10", "1.2.840.113549.1.1.8"
# Context tags: [0] IMPLICIT/EXPLICIT constructed, [1], [2], and [4] for a directory name.
_TAG_0, _TAG_1, _TAG_2, _TAG_4 = 0xA0, 0xA1, 0xA2, 0xA4


def digest_for(holder: KeyHolder) -> str:
    """Return the name of the digest that matches the key's strength."""
    if holder.algorithm != "ec" or holder.bits <= 256:  # noqa: PLR2004 - P-256
        return "sha256"
    return "sha384" if holder.bits <= 384 else "sha512"  # noqa: PLR2004 - P-384


def sign_detached(
    digest: bytes, *, holder: KeyHolder, algorithm: str, stamp: Callable[[bytes], bytes] | None = None
) -> bytes:
    """Return a CAdES signature (DER ContentInfo) over a document digest.

    No signing-time attribute, as EN 319 142-1 6.3 requires for PAdES. `stamp` turns the digest of the signature value
    into a time-stamp token (EN 319 122-1 5.3), which becomes an unsigned attribute.
    """
    return _sign(digest, None, _DATA, holder=holder, algorithm=algorithm, stamp=stamp)


def sign_tst_info(content: bytes, *, holder: KeyHolder) -> bytes:
    """Return a time-stamp token (DER ContentInfo) that carries this TSTInfo (RFC 3161 2.4.2)."""
    algorithm = digest_for(holder)
    digest = hashlib.new(algorithm, content).digest()
    return _sign(digest, content, _TST_INFO, holder=holder, algorithm=algorithm, stamp=None)


def _sign(
    digest: bytes,
    content: bytes | None,
    content_type: str,
    *,
    holder: KeyHolder,
    algorithm: str,
    stamp: Callable[[bytes], bytes] | None,
) -> bytes:
    parts = MessageParts(
        certificate=holder.certificate,
        chain=tuple(holder.chain),
        key=holder.algorithm,
        algorithm=algorithm,
        digest=digest,
        content_type=content_type,
        content=content,
    )
    value = holder.sign(parts.signed_attributes, algorithm)
    unsigned = b""
    if stamp is not None:
        token = stamp(hashlib.new(algorithm, value).digest())
        unsigned = tlv(_TAG_1, _attribute(_TIMESTAMP_TOKEN, token))
    return parts.encode(value, unsigned)


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageParts:
    """Everything a SignedData message contains except the signature value.

    Certificates are DER; `key` is the kind of key as in `KeyHolder.algorithm`, `algorithm` the name of the digest.
    """

    certificate: bytes
    chain: tuple[bytes, ...]
    key: str
    algorithm: str
    digest: bytes
    content_type: str = _DATA
    content: bytes | None = None

    @property
    def signed_attributes(self) -> bytes:
        """The bytes the key signs: the attributes as a SET OF (RFC 5652 5.4)."""
        return set_of(self._attributes())

    def encode(self, value: bytes, unsigned: bytes = b"") -> bytes:
        """Return the DER ContentInfo with the signature `value` and the (encoded) unsigned attributes."""
        serial, issuer = issuer_and_serial(self.certificate)
        signer = tlv(
            SEQUENCE,
            integer(1),
            tlv(SEQUENCE, issuer, serial),
            digest_identifier(self.algorithm),
            set_of(self._attributes(), _TAG_0),
            _mechanism(self.key, self.algorithm),
            tlv(OCTETS, value),
            unsigned,
        )
        carried = tlv(_TAG_0, tlv(OCTETS, self.content)) if self.content is not None else b""
        body = tlv(
            SEQUENCE,
            integer(1 if self.content is None else 3),
            tlv(0x31, digest_identifier(self.algorithm)),
            tlv(SEQUENCE, oid(self.content_type), carried),
            set_of(dict.fromkeys((self.certificate, *self.chain)), _TAG_0),
            tlv(0x31, signer),
        )
        return tlv(SEQUENCE, oid(_SIGNED_DATA), tlv(_TAG_0, body))

    def _attributes(self) -> list[bytes]:
        serial, issuer = issuer_and_serial(self.certificate)
        return [
            _attribute(_CONTENT_TYPE, oid(self.content_type)),
            _attribute(_MESSAGE_DIGEST, tlv(OCTETS, self.digest)),
            _attribute(_SIGNING_CERTIFICATE_V2, _signing_certificate(self.certificate, serial, issuer)),
        ]


@lru_cache(maxsize=500)
def issuer_and_serial(certificate: bytes) -> tuple[bytes, bytes]:
    """Return serial number and issuer as the certificate writes them, so that no re-encoded names are compared."""
    fields = children(children(certificate)[0])
    first = 1 if fields[0][0] == _TAG_0 else 0
    return fields[first], fields[first + 2]


def _signing_certificate(certificate: bytes, serial: bytes, issuer: bytes) -> bytes:
    """Return SigningCertificateV2 with its default digest, SHA-256 (RFC 5035 4)."""
    names = tlv(SEQUENCE, tlv(_TAG_4, issuer))
    identified = tlv(SEQUENCE, tlv(OCTETS, hashlib.sha256(certificate).digest()), tlv(SEQUENCE, names, serial))
    return tlv(SEQUENCE, tlv(SEQUENCE, identified))


def _attribute(kind: str, value: bytes) -> bytes:
    return tlv(SEQUENCE, oid(kind), tlv(0x31, value))


def digest_identifier(algorithm: str) -> bytes:
    """Return the AlgorithmIdentifier of a digest."""
    # RFC 5754 2: parameters SHOULD be absent.
    return tlv(SEQUENCE, oid(DIGESTS[algorithm]))


def _mechanism(key: str, digest: str) -> bytes:
    if key == "ec":
        return tlv(SEQUENCE, oid(_EC[digest]))
    if key == "rsa":
        return tlv(SEQUENCE, oid(_RSA[digest]), tlv(NULL))
    identifier = digest_identifier(digest)
    salt = integer(hashlib.new(digest).digest_size)
    generator = tlv(SEQUENCE, oid(_MGF1), identifier)
    parameters = tlv(SEQUENCE, tlv(_TAG_0, identifier), tlv(_TAG_1, generator), tlv(_TAG_2, salt))
    return tlv(SEQUENCE, oid(_PSS), parameters)


# --- DER (ITU-T X.690)

SEQUENCE, SET, INTEGER, OCTETS, OID, NULL = 0x30, 0x31, 0x02, 0x04, 0x06, 0x05


def tlv(tag: int, *parts: bytes) -> bytes:
    """Encode one element: tag, shortest length, contents."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:  # noqa: PLR2004 - X.690 8.1.3.4, the short form
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def integer(value: int) -> bytes:
    """Encode a non-negative INTEGER."""
    return tlv(INTEGER, value.to_bytes(value.bit_length() // 8 + 1, "big"))


@lru_cache(maxsize=256)
def oid(dotted: str) -> bytes:
    """Encode an OBJECT IDENTIFIER."""
    first, second, *rest = (int(part) for part in dotted.split("."))
    return tlv(OID, b"".join(_base_128(arc) for arc in (40 * first + second, *rest)))


def set_of(members: Iterable[bytes], tag: int = SET) -> bytes:
    """Encode a SET OF, its members in the order DER demands (X.690 11.6)."""
    return tlv(tag, *sorted(members))


def children(element: bytes) -> list[bytes]:
    """Return the encoded elements inside a constructed element. ValueError when the lengths do not add up."""
    start, end = _span(element, 0)
    if end != len(element):
        raise ValueError("bytes after the element")
    elements, at = [], start
    while at < end:
        _, after = _span(element, at)
        if after > end:
            raise ValueError("an element reaches beyond its parent")
        elements.append(element[at:after])
        at = after
    return elements


def whole(content: bytes) -> bytes:
    """Return the first element of bytes that may be padded. ValueError when it is cut short."""
    _, end = _span(content, 0)
    if end > len(content):
        raise ValueError("the element is cut short")
    return content[:end]


def _span(content: bytes, at: int) -> tuple[int, int]:
    """Return where the contents of the element at `at` begin and end."""
    if at + 2 > len(content):
        raise ValueError("no element here")
    length, start = content[at + 1], at + 2
    if length & 0x80:
        count = length & 0x7F
        if not 0 < count <= 4 or start + count > len(content):  # noqa: PLR2004 - 4 octets of length are 4 GiB
            raise ValueError("indefinite or absurd length")
        length = int.from_bytes(content[start : start + count], "big")
        start += count
    return start, start + length


def _base_128(arc: int) -> bytes:
    digits = [arc & 0x7F]
    while arc := arc >> 7:
        digits.append(0x80 | arc & 0x7F)
    return bytes(reversed(digits))
