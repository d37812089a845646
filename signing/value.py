"""The cryptographic value of a signature or time stamp: CMS opened, digest compared, key applied."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from asn1crypto import algos, cms, core, parser, tsp, x509
from pyhanko.sign.general import (
    MultivaluedAttributeError,
    NonexistentAttributeError,
    find_unique_cms_attribute,
    match_issuer_serial,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import get_signing_cert_attr, validate_sig_integrity

from signing.known import known_certificate

_STRONG = {"sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512"}
_SMALLEST_RSA, _SMALLEST_CURVE = 2048, 256
_MOST_CERTIFICATES = 64
_LARGEST = 8 * 1024 * 1024


class BadValue(ValueError):
    """The value is no CMS signature that can be judged; the message is for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """An opened CMS SignedData with exactly one signer, and his certificate."""

    signed_data: Any = field(repr=False)
    signer_info: Any = field(repr=False)
    certificate: x509.Certificate = field(repr=False)
    others: tuple[x509.Certificate, ...] = field(repr=False)

    @property
    def digest_name(self) -> str:
        return str(self.signer_info["digest_algorithm"]["algorithm"].native).lower()

    def content(self, kind: str) -> bytes | None:
        """The bytes it carries inside, None for a detached signature. BadValue when it is of another kind."""
        carried = self.signed_data["encap_content_info"]
        if carried["content_type"].native != kind:
            raise BadValue("unexpected content type")
        if isinstance(carried["content"], core.Void):
            return None
        return bytes(carried["content"])

    def attribute(self, name: str) -> Any:
        """The one value of a signed attribute, None when absent. BadValue when it stands there twice."""
        attributes = self.signer_info["signed_attrs"]
        try:
            return find_unique_cms_attribute(None if isinstance(attributes, core.Void) else attributes, name)
        except NonexistentAttributeError:
            return None
        except MultivaluedAttributeError as error:
            raise BadValue(f"{name} stands there twice") from error


def open_value(content: bytes) -> Value:
    """Open the padded DER (or BER) of a signature. Raises BadValue."""
    try:
        size = parser.peek(content)
        if size > min(len(content), _LARGEST) or content[size:].strip(b"\0"):
            # Zeros fill the room that was reserved; anything else is not part of any signature.
            raise BadValue("something follows the signature in its place")
        message = cms.ContentInfo.load(content[:size])
        if message["content_type"].native != "signed_data":
            raise BadValue("not signed data")
        return open_signed_data(message["content"])
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise BadValue("not a CMS signature") from error


def open_signed_data(signed_data: Any) -> Value:
    """The signer of SignedData, found by its identifier and, where present, by the signed certificate attribute."""
    if len(signed_data["signer_infos"]) != 1:
        raise BadValue("not exactly one signer")
    signer_info = signed_data["signer_infos"][0]
    carried = signed_data["certificates"]
    certificates = [] if isinstance(carried, core.Void) else [each for each in carried if each.name == "certificate"]
    if len(certificates) > _MOST_CERTIFICATES:
        raise BadValue("more certificates than any signature has")
    known = [known_certificate(each.chosen.untag().dump()) for each in certificates]
    own = next((each for each in known if _is_signer(signer_info["sid"], each)), None)
    if own is None:
        raise BadValue("the signer's certificate is missing")
    others = tuple(each for each in known if each is not own)
    return Value(signed_data=signed_data, signer_info=signer_info, certificate=own, others=others)


def _is_signer(identifier: Any, certificate: x509.Certificate) -> bool:
    """Serial number first: comparing names is slow, and two certificates seldom share a number."""
    if identifier.name == "subject_key_identifier":
        return bool(certificate.key_identifier == identifier.chosen.native)
    if identifier.chosen["serial_number"].native != certificate.serial_number:
        return False
    if identifier.chosen["issuer"].dump() == certificate.issuer.dump():
        return True
    return bool(match_issuer_serial(identifier.chosen, certificate))


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """What the mathematics say.

    `intact`: what was signed is what is there. `valid`: the key signed it. `names_signer`: None when no attribute
    says whose certificate it is, else whether it is the one used. `strong`: its algorithms still resist.
    """

    intact: bool
    valid: bool
    names_signer: bool | None
    strong: bool


def check_value(value: Value, *, kind: str, digest: bytes) -> Check:
    """Judge a value over content of type `kind` whose digest (with the value's own algorithm) is given."""
    named = _names_signer(value)
    try:
        intact, valid = validate_sig_integrity(value.signer_info, value.certificate, kind, digest)
    except SignatureValidationError as error:
        if named is False:
            intact, valid = value_digest(value) == digest, False
        else:
            raise BadValue(str(error)) from error
    return Check(intact=intact, valid=valid, names_signer=named, strong=_strong(value))


def digest_with(name: str) -> Callable[[tuple[memoryview, ...]], bytes]:
    """The digest function of that name (as CMS spells it). BadValue for one that is not known."""
    known = name.replace("sha3_", "sha3-") if name.startswith("sha3_") else name
    if name not in _STRONG | {"sha1", "sha224", "md5"}:
        raise BadValue("unknown digest")

    def digest(parts: tuple[memoryview, ...]) -> bytes:
        state = hashlib.new(known, usedforsecurity=False)
        for part in parts:
            state.update(part)
        return state.digest()

    return digest


def value_digest(value: Value) -> bytes | None:
    """The digest the signer says he signed."""
    attribute = value.attribute("message_digest")
    return None if attribute is None else bytes(attribute.native)


def _names_signer(value: Value) -> bool | None:
    attributes = value.signer_info["signed_attrs"]
    if isinstance(attributes, core.Void):
        return None
    try:
        attribute = get_signing_cert_attr(attributes)
        # The digest decides; that a stated issuer and number agree is checked with the signature itself.
        return None if attribute is None else _stated_digest(attribute["certs"][0], value.certificate.dump())
    except (SignatureValidationError, ValueError, IndexError, KeyError, TypeError):
        return False


def _stated_digest(identifier: Any, certificate: bytes) -> bool:
    """Whether an ESSCertID (SHA-1 by definition, RFC 2634) or ESSCertIDv2 (RFC 5035) means that certificate."""
    name = identifier["hash_algorithm"]["algorithm"].native if isinstance(identifier, tsp.ESSCertIDv2) else "sha1"
    return digest_with(name)((memoryview(certificate),)) == bytes(identifier["cert_hash"].native)


def _strong(value: Value) -> bool:
    """Digest and key still resist (SOG-IS agreed mechanisms; ETSI TS 119 312)."""
    return (
        value.digest_name in _STRONG and _mechanism_digest(value) in _STRONG | {None} and strong_key(value.certificate)
    )


def _mechanism_digest(value: Value) -> str | None:
    mechanism: algos.SignedDigestAlgorithm = value.signer_info["signature_algorithm"]
    try:
        return str(mechanism.hash_algo)
    except ValueError:
        return None


def strong_key(certificate: x509.Certificate) -> bool:
    """RSA of at least 2048 bits, a curve of at least 256, or an Edwards curve."""
    key = certificate.public_key
    if key.algorithm in {"rsa", "rsassa_pss"}:
        return int(key.bit_size) >= _SMALLEST_RSA
    if key.algorithm == "ec":
        return int(key.bit_size) >= _SMALLEST_CURVE
    return str(key.algorithm) in {"ed25519", "ed448"}
