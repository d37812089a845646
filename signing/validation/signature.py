"""The cryptographic value of a signature or time stamp: CMS opened, digest compared, key applied."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from asn1crypto import cms, core, parser, tsp, x509
from pyhanko.sign.general import (
    MultivaluedAttributeError,
    NonexistentAttributeError,
    find_unique_cms_attribute,
    match_issuer_serial,
)
from pyhanko.sign.validation.errors import SignatureValidationError
from pyhanko.sign.validation.generic_cms import get_signing_cert_attr

from signing.algorithms import digest_resists, key_resists, mechanism_digest
from signing.integrity import check_integrity
from signing.known import known_certificate

_KNOWN = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512"}
_SHAKE, _SHAKE_BITS = "shake256", 512  # RFC 8419 3, for Ed448
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
        return _digest_name(self.signer_info)

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


class NoSigner(BadValue):
    """The value is a CMS signature, but its signer's certificate is nowhere to be found; `signer_info` is his part."""

    def __init__(self, signer_info: Any) -> None:
        super().__init__("the signer's certificate is missing")
        self.signer_info = signer_info


def open_value(content: bytes, stored: Sequence[x509.Certificate] = ()) -> Value:
    """Open the padded DER (or BER) of a signature. Raises BadValue.

    `stored` are certificates kept elsewhere in the file (the security store), where a signer's own may be, too.
    """
    try:
        size = parser.peek(content)
        if size > min(len(content), _LARGEST) or content[size:].strip(b"\0"):
            # Zeros fill the room that was reserved; anything else is not part of any signature.
            raise BadValue("something follows the signature in its place")
        message = cms.ContentInfo.load(content[:size])
        if message["content_type"].native != "signed_data":
            raise BadValue("not signed data")
        return open_signed_data(message["content"], stored)
    except BadValue:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise BadValue("not a CMS signature") from error


def open_signed_data(signed_data: Any, stored: Sequence[x509.Certificate] = ()) -> Value:
    """The one signer of SignedData with the certificate its identifier names. Raises BadValue."""
    if len(signed_data["signer_infos"]) != 1:
        raise BadValue("not exactly one signer")
    signer_info = signed_data["signer_infos"][0]
    carried = signed_data["certificates"]
    certificates = [] if isinstance(carried, core.Void) else [each for each in carried if each.name == "certificate"]
    if len(certificates) > _MOST_CERTIFICATES:
        raise BadValue("more certificates than any signature has")
    known = [known_certificate(each.chosen.untag().dump()) for each in certificates]
    own = next((each for each in (*known, *stored) if _is_signer(signer_info["sid"], each)), None)
    if own is None:
        raise NoSigner(signer_info)
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
    says whose certificate it is, else whether it is the one used. `strong`: its algorithms resisted at the time asked
    about.
    """

    intact: bool
    valid: bool
    names_signer: bool | None
    strong: bool


def check_value(value: Value, *, kind: str, digest: bytes, at: dt.datetime) -> Check:
    """Judge a value over content of type `kind` whose digest (with the value's own algorithm) is given.

    `at` is the earliest moment at which it provably existed, by which its algorithms are judged.
    """
    named = _names_signer(value)
    try:
        intact, valid = check_integrity(value.signer_info, value.certificate, kind, digest)
    except SignatureValidationError as error:
        if named is False:
            intact, valid = value_digest(value) == digest, False
        else:
            raise BadValue(str(error)) from error
    return Check(intact=intact, valid=valid, names_signer=named, strong=_strong(value, at))


def digest_with(name: str) -> Callable[[tuple[memoryview, ...]], bytes]:
    """The digest function of that name (as CMS spells it). BadValue for one that is not known."""
    known = name.replace("sha3_", "sha3-") if name.startswith("sha3_") else name
    if name not in _KNOWN and name != _SHAKE:
        raise BadValue("unknown digest")

    def digest(parts: tuple[memoryview, ...]) -> bytes:
        if name == _SHAKE:
            return hashlib.shake_256(b"".join(parts)).digest(_SHAKE_BITS // 8)
        state = hashlib.new(known, usedforsecurity=False)
        for part in parts:
            state.update(part)
        return state.digest()

    return digest


def value_digest(value: Value) -> bytes | None:
    """The digest the signer says he signed."""
    attribute = value.attribute("message_digest")
    return None if attribute is None else bytes(attribute.native)


def speaks_of(signer_info: Any, parts: tuple[memoryview, memoryview]) -> bool:
    """Whether a signer's part states the digest of these bytes; all that can be told without his certificate."""
    name = _digest_name(signer_info)
    try:
        stated = find_unique_cms_attribute(signer_info["signed_attrs"], "message_digest")
    except (NonexistentAttributeError, MultivaluedAttributeError):
        return False
    return digest_with(name)(parts) == bytes(stated.native)


def _digest_name(signer_info: Any) -> str:
    written = signer_info["digest_algorithm"]
    name = str(written["algorithm"].native).lower()
    return _SHAKE if name == "shake256_len" and written["parameters"].native == _SHAKE_BITS else name


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


def _strong(value: Value, at: dt.datetime) -> bool:
    """Digest and key still resisted at `at`."""
    mechanism = mechanism_digest(value.signer_info["signature_algorithm"])
    digests = (value.digest_name, mechanism or value.digest_name)
    return all(digest_resists(each, at) for each in digests) and key_resists(value.certificate.public_key, at)
