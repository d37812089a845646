"""Check the cryptographic value of a signature or time stamp: open the CMS, compare the digest, apply the key."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa, utils
from pyhanko.pdf_utils.generic import ByteStringObject, TextStringObject
from pyhanko.sign.general import (
    CMSStructuralError,
    MultivaluedAttributeError,
    NonexistentAttributeError,
    check_ess_certid,
    find_cms_attribute_iter,
    find_unique_cms_attribute,
    match_issuer_serial,
)
from pyhanko.sign.validation.errors import CMSAlgorithmProtectionError, SignatureValidationError
from pyhanko.sign.validation.generic_cms import get_signing_cert_attr, validate_algorithm_protection
from pyhanko_certvalidator.sig_validate import DefaultSignatureValidator, SignatureValidationContext

from signing.asn1 import cms, core, parser, tsp, x509
from signing.certificates import cached_certificate
from signing.pdf.history import raw, raw_items
from signing.revocation.checker import Evidence
from signing.validation.algorithms import digest_resists, key_resists, mechanism_digest
from signing.validation.document import Coverage

_KNOWN = {"md5", "sha1", "sha224", "sha256", "sha384", "sha512", "sha3_224", "sha3_256", "sha3_384", "sha3_512"}
_SHAKE, _SHAKE_BITS = "shake256", 512  # RFC 8419 3, for Ed448
_MOST_CERTIFICATES = 64
_LARGEST = 8 * 1024 * 1024
_STEP = 16 * 1024
_CACHED, _LARGEST_CACHED = 500, 4096  # entries of each cache, bytes of a certificate or attribute
# ISO 32000-1 table 257.
_HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha1": hashes.SHA1(),  # noqa: S303 - read, to say that it is too weak
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}


class BadValue(ValueError):
    """The value is no CMS signature that can be judged; the message is for the log."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """An opened CMS SignedData with exactly one signer, and the signer's certificate."""

    signed_data: Any = field(repr=False)
    signer_info: Any = field(repr=False)
    certificate: x509.Certificate = field(repr=False)
    others: tuple[x509.Certificate, ...] = field(repr=False)

    @property
    def digest_name(self) -> str:
        return _digest_name(self.signer_info)

    def content(self, kind: str) -> bytes | None:
        """Return the bytes it contains, None for a detached signature. BadValue when they are of another kind."""
        carried = self.signed_data["encap_content_info"]
        if carried["content_type"].native != kind:
            raise BadValue("unexpected content type")
        if isinstance(carried["content"], core.Void):
            return None
        return bytes(carried["content"])

    def attribute(self, name: str) -> Any:
        """Return the one value of a signed attribute, None when absent. BadValue when it is there twice."""
        attributes = self.signer_info["signed_attrs"]
        try:
            return find_unique_cms_attribute(None if isinstance(attributes, core.Void) else attributes, name)
        except NonexistentAttributeError:
            return None
        except MultivaluedAttributeError as error:
            raise BadValue(f"{name} is there twice") from error


class SignerCertificateMissing(BadValue):
    """The value is a CMS signature, but its signer's certificate is missing; `signer_info` is the signer's part."""

    def __init__(self, signer_info: Any) -> None:
        super().__init__("the signer's certificate is missing")
        self.signer_info = signer_info


def open_value(content: bytes, stored: Sequence[x509.Certificate] = ()) -> Value:
    """Open the padded DER (or BER) of a signature. Raises BadValue.

    `stored` are certificates from elsewhere in the file (the security store); the signer's own may be among them.
    """
    try:
        size = parser.peek(content)
        if size > min(len(content), _LARGEST) or content[size:].strip(b"\0"):
            # Zeros fill the reserved room; anything else is not part of any signature.
            raise BadValue("something follows the signature value")
        message = cms.ContentInfo.load(content[:size])
        if message["content_type"].native != "signed_data":
            raise BadValue("not signed data")
        return open_signed_data(message["content"], stored)
    except BadValue:
        raise
    except (ValueError, TypeError, KeyError, AttributeError, IndexError) as error:
        raise BadValue("not a CMS signature") from error


def open_signed_data(signed_data: Any, stored: Sequence[x509.Certificate] = ()) -> Value:
    """Return the one signer of SignedData with the certificate its identifier names. Raises BadValue."""
    if len(signed_data["signer_infos"]) != 1:
        raise BadValue("not exactly one signer")
    signer_info = signed_data["signer_infos"][0]
    carried = signed_data["certificates"]
    certificates = (
        [] if isinstance(carried, core.Void) else [choice for choice in carried if choice.name == "certificate"]
    )
    if len(certificates) > _MOST_CERTIFICATES:
        raise BadValue("more certificates than any signature has")
    known = [cached_certificate(choice.chosen.untag().dump()) for choice in certificates]
    own = next((certificate for certificate in (*known, *stored) if _is_signer(signer_info["sid"], certificate)), None)
    if own is None:
        raise SignerCertificateMissing(signer_info)
    others = tuple(certificate for certificate in known if certificate is not own)
    return Value(signed_data=signed_data, signer_info=signer_info, certificate=own, others=others)


def _is_signer(identifier: Any, certificate: x509.Certificate) -> bool:
    """Tell whether the identifier names this certificate. Serial number first: comparing names is slow."""
    if identifier.name == "subject_key_identifier":
        return bool(certificate.key_identifier == identifier.chosen.native)
    if identifier.chosen["serial_number"].native != certificate.serial_number:
        return False
    if identifier.chosen["issuer"].dump() == certificate.issuer.dump():
        return True
    return bool(match_issuer_serial(identifier.chosen, certificate))


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """The result of the cryptographic checks.

    `intact`: the signed bytes are unchanged. `valid`: the key signed them. `names_signer`: None when no signed
    attribute names the signer's certificate, else whether it names the one used. `strong`: the algorithms were strong
    at the time asked about.
    """

    intact: bool
    valid: bool
    names_signer: bool | None
    strong: bool


def check_value(value: Value, *, kind: str, digest: bytes, at: dt.datetime) -> Check:
    """Check a value over content of type `kind` whose digest (with the value's own algorithm) is given.

    `at` is the earliest moment at which it provably existed; its algorithms are judged by it.
    """
    named: bool | None
    try:
        intact, valid = check_integrity(value.signer_info, value.certificate, kind, digest)
        named = True if _has_signing_certificate(value) else None  # another one would have been an error
    except SignatureValidationError as error:
        named = _names_signer(value)
        if named is not False:
            raise BadValue(str(error)) from error
        intact, valid = value_digest(value) == digest, False
    return Check(intact=intact, valid=valid, names_signer=named, strong=_strong(value, at))


def digest_with(name: str) -> Callable[[tuple[memoryview, ...]], bytes]:
    """Return the digest function of this name (as CMS spells it). BadValue for an unknown one."""
    begun = _hash(name)

    def digest(parts: tuple[memoryview, ...]) -> bytes:
        state = begun.copy()
        for part in parts:
            state.update(part)
        return _finished(name, state)

    return digest


class FileDigests:
    """Digests of the bytes that the signatures of one file cover; what several of them begin with is read once."""

    def __init__(self, pdf: bytes) -> None:
        self._pdf = memoryview(pdf)
        self._states: dict[str, list[Any]] = {}  # of each algorithm, after every _STEP bytes from the beginning

    def covered(self, name: str, coverage: Coverage) -> bytes:
        """Return the digest of this name (as CMS spells it) of the covered bytes. BadValue for an unknown one."""
        state = self._after(name, coverage.gap_start)
        state.update(self._pdf[coverage.gap_end : coverage.end])
        return _finished(name, state)

    def whole(self, name: str) -> bytes:
        """Return the digest of the whole file."""
        return _finished(name, self._after(name, len(self._pdf)))

    def _after(self, name: str, end: int) -> Any:
        states = self._states.setdefault(name, [_hash(name)])
        while len(states) <= end // _STEP:
            following = states[-1].copy()
            following.update(self._pdf[(len(states) - 1) * _STEP : len(states) * _STEP])
            states.append(following)
        state = states[end // _STEP].copy()
        state.update(self._pdf[end - end % _STEP : end])
        return state


def _hash(name: str) -> Any:
    if name == _SHAKE:
        return hashlib.shake_256()
    if name not in _KNOWN:
        raise BadValue("unknown digest")
    return hashlib.new(name.replace("sha3_", "sha3-"), usedforsecurity=False)


def _finished(name: str, state: Any) -> bytes:
    return bytes(state.digest(_SHAKE_BITS // 8) if name == _SHAKE else state.digest())


def value_digest(value: Value) -> bytes | None:
    """Return the digest the signer states to have signed."""
    attribute = value.attribute("message_digest")
    return None if attribute is None else bytes(attribute.native)


def digest_matches(signer_info: Any, parts: tuple[memoryview, memoryview]) -> bool:
    """Tell whether the signer states the digest of these bytes; without a certificate no more can be checked."""
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


def _has_signing_certificate(value: Value) -> bool:
    return any(value.attribute(name) is not None for name in ("signing_certificate_v2", "signing_certificate"))


def _names_signer(value: Value) -> bool | None:
    attributes = value.signer_info["signed_attrs"]
    if isinstance(attributes, core.Void):
        return None
    try:
        attribute = get_signing_cert_attr(attributes)
        # The digest decides; that stated issuer and serial number agree is checked with the signature itself.
        return None if attribute is None else _is_digest_of(attribute["certs"][0], value.certificate.dump())
    except (SignatureValidationError, ValueError, IndexError, KeyError, TypeError):
        return False


def _is_digest_of(identifier: Any, certificate: bytes) -> bool:
    """Tell whether an ESSCertID (SHA-1 by definition, RFC 2634) or ESSCertIDv2 (RFC 5035) names this certificate."""
    name = identifier["hash_algorithm"]["algorithm"].native if isinstance(identifier, tsp.ESSCertIDv2) else "sha1"
    return digest_with(name)((memoryview(certificate),)) == bytes(identifier["cert_hash"].native)


def _strong(value: Value, at: dt.datetime) -> bool:
    """Tell whether digest and key were strong at `at`."""
    mechanism = mechanism_digest(value.signer_info["signature_algorithm"])
    digests = (value.digest_name, mechanism or value.digest_name)
    return all(digest_resists(digest, at) for digest in digests) and key_resists(value.certificate.public_key, at)


# --- Digest and key of one CMS signer (RFC 5652 5.6)
#
# The steps and refusals are those of pyHanko's `validate_sig_integrity`; a test compares the two. pyHanko compares the
# issuer's name in the signature with that in the certificate every time; here that is cached per signer.


def check_integrity(
    signer_info: cms.SignerInfo, certificate: x509.Certificate, kind: str, digest: bytes
) -> tuple[bool, bool]:
    """Return (intact, valid): whether the signed digest is `digest`, and whether the key made the signature.

    SignatureValidationError when the signed attributes cannot be judged, or name another certificate.
    """
    attributes = signer_info["signed_attrs"]
    no_attributes = isinstance(attributes, core.Void)
    if no_attributes:
        signed, stated = digest, None
    else:
        # Signed as a SET OF (RFC 5652 5.4). A copy is tagged anew, so these are the bytes that were received.
        signed = attributes.untag().dump()
        _require_attributes(signer_info, attributes, certificate, kind)
        stated = _only_value(attributes, "message_digest")
    try:
        DefaultSignatureValidator().validate_signature(
            signer_info["signature"].native,
            signed,
            certificate.public_key,
            signer_info["signature_algorithm"],
            context=SignatureValidationContext(
                contextual_md_algorithm=signer_info["digest_algorithm"]["algorithm"].native, prehashed=no_attributes
            ),
        )
        valid = True
    except InvalidSignature:
        valid = False
    return (valid if stated is None else stated == digest), valid


def _require_attributes(signer_info: Any, attributes: Any, certificate: x509.Certificate, kind: str) -> None:
    try:
        validate_algorithm_protection(
            attributes,
            claimed_digest_algorithm_obj=signer_info["digest_algorithm"],
            claimed_signature_algorithm_obj=signer_info["signature_algorithm"],
            claimed_mac_algorithm_obj=None,
        )
    except (CMSStructuralError, CMSAlgorithmProtectionError) as error:
        raise SignatureValidationError(error.failure_message) from error
    signing_certificate = get_signing_cert_attr(attributes)
    if signing_certificate is not None and not _names(signing_certificate["certs"][0], certificate):
        raise SignatureValidationError("the signed attributes name another certificate")
    if _only_value(attributes, "content_type") != kind:
        raise SignatureValidationError("another type of content was signed")


def _only_value(attributes: Any, name: str) -> Any:
    try:
        return find_unique_cms_attribute(attributes, name).native
    except (NonexistentAttributeError, MultivaluedAttributeError) as error:
        raise SignatureValidationError(f"{name} is missing or there twice") from error


def _names(identifier: tsp.ESSCertID | tsp.ESSCertIDv2, certificate: x509.Certificate) -> bool:
    written, der = identifier.dump(), certificate.dump()
    if len(written) > _LARGEST_CACHED or len(der) > _LARGEST_CACHED:
        return bool(check_ess_certid(certificate, identifier))
    return _names_cached(written, der, isinstance(identifier, tsp.ESSCertIDv2))


@lru_cache(maxsize=_CACHED)
def _names_cached(written: bytes, der: bytes, is_v2: bool) -> bool:
    kind = tsp.ESSCertIDv2 if is_v2 else tsp.ESSCertID
    return bool(check_ess_certid(cached_certificate(der), kind.load(written)))


# --- adbe.x509.rsa_sha1: PKCS#1 without CMS (ISO 32000-1 12.8.3.2)


def check_pkcs1(dictionary: Any, content: bytes, parts: tuple[memoryview, memoryview]) -> tuple[x509.Certificate, bool]:
    """Return the certificate, and whether its key signed these bytes, with any digest the format allows.

    BadValue when there is nothing to check.
    """
    written = raw(dictionary, "/Cert")
    first = raw_items(written)[0] if raw_items(written) else written
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
    return certificate, any(
        _signed(key, value, digest_with(name)(parts), algorithm) for name, algorithm in _HASHES.items()
    )


def _signed(key: rsa.RSAPublicKey, value: bytes, digest: bytes, algorithm: hashes.HashAlgorithm) -> bool:
    try:
        key.verify(value, digest, padding.PKCS1v15(), utils.Prehashed(algorithm))
    except InvalidSignature:
        return False
    return True


# --- Time-stamp tokens and revocation data in a signature

_MOST_TOKENS, _MOST_PIECES = 8, 64


def signature_tokens(value: Value) -> Iterator[Any]:
    """Yield the SignedData of the time-stamp tokens over the signature value (EN 319 122-1 5.3)."""
    attributes = value.signer_info["unsigned_attrs"]
    if isinstance(attributes, core.Void):
        return
    for index, token in enumerate(find_cms_attribute_iter(attributes, "signature_time_stamp_token")):
        if index >= _MOST_TOKENS:
            return
        if token["content_type"].native == "signed_data":
            yield token["content"]


def embedded_evidence(value: Value) -> Evidence:
    """Return the CRLs and OCSP responses in the CMS: Adobe's signed attribute, and the field of RFC 5652 and 5940."""
    crls: list[bytes] = []
    ocsps: list[bytes] = []
    # Pieces before one that cannot be read still count: each is checked by its own signature.
    with suppress(BadValue, ValueError, TypeError, KeyError, AttributeError):
        archived = value.attribute("adobe_revocation_info_archival")
        if archived is not None:
            crls += [crl.dump() for crl in archived["crl"] or ()]
            ocsps += [response.dump() for response in archived["ocsp"] or ()]
    with suppress(ValueError, TypeError, KeyError, AttributeError):
        carried = value.signed_data["crls"]
        for entry in () if isinstance(carried, core.Void) else carried:
            if entry.name == "crl":
                crls.append(entry.chosen.dump())
            elif entry.chosen["other_rev_info_format"].native == "ocsp_response":
                ocsps.append(entry.chosen["other_rev_info"].dump())
    return Evidence(crls=tuple(crls[:_MOST_PIECES]), ocsps=tuple(ocsps[:_MOST_PIECES]))
