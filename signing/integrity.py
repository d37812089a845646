"""Digest and key of one CMS signer (RFC 5652 5.6), with what is the same in every file of one signer decided once.

The steps and refusals are those of pyHanko's `validate_sig_integrity`; a test holds the two against each other. It
compares, each time anew and letter by letter, the issuer's name in the signature with that in the certificate.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from asn1crypto import cms, core, tsp, x509
from cryptography.exceptions import InvalidSignature
from pyhanko.sign.general import (
    CMSStructuralError,
    MultivaluedAttributeError,
    NonexistentAttributeError,
    check_ess_certid,
    find_unique_cms_attribute,
)
from pyhanko.sign.validation.errors import CMSAlgorithmProtectionError, SignatureValidationError
from pyhanko.sign.validation.generic_cms import get_signing_cert_attr, validate_algorithm_protection
from pyhanko_certvalidator.sig_validate import DefaultSignatureValidator, SignatureValidationContext

from signing.known import known_certificate

_KEPT, _LONGEST = 500, 4096


def check_integrity(
    signer_info: cms.SignerInfo, certificate: x509.Certificate, kind: str, digest: bytes
) -> tuple[bool, bool]:
    """(intact, valid): whether the signed digest is `digest`, and whether the key made the signature.

    SignatureValidationError where the signed attributes say nothing that can be judged, or name another certificate.
    """
    attributes = signer_info["signed_attrs"]
    plain = isinstance(attributes, core.Void)
    if plain:
        signed, stated = digest, None
    else:
        # Tagged as a set of its own (RFC 5652 5.4); what was signed is taken before anything else is looked at.
        attributes = attributes.untag()
        signed = attributes.dump()
        _require_attributes(signer_info, attributes, certificate, kind)
        stated = _only(attributes, "message_digest")
    try:
        DefaultSignatureValidator().validate_signature(
            signer_info["signature"].native,
            signed,
            certificate.public_key,
            signer_info["signature_algorithm"],
            context=SignatureValidationContext(
                contextual_md_algorithm=signer_info["digest_algorithm"]["algorithm"].native, prehashed=plain
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
    named = get_signing_cert_attr(attributes)
    if named is not None and not _names(named["certs"][0], certificate):
        raise SignatureValidationError("the signed attributes name another certificate")
    if _only(attributes, "content_type") != kind:
        raise SignatureValidationError("something else was signed")


def _only(attributes: Any, name: str) -> Any:
    try:
        return find_unique_cms_attribute(attributes, name).native
    except (NonexistentAttributeError, MultivaluedAttributeError) as error:
        raise SignatureValidationError(f"{name} is missing or stands there twice") from error


def _names(identifier: tsp.ESSCertID | tsp.ESSCertIDv2, certificate: x509.Certificate) -> bool:
    written, der = identifier.dump(), certificate.dump()
    if len(written) > _LONGEST or len(der) > _LONGEST:
        return bool(check_ess_certid(certificate, identifier))
    return _known_names(written, der, isinstance(identifier, tsp.ESSCertIDv2))


@lru_cache(maxsize=_KEPT)
def _known_names(written: bytes, der: bytes, second: bool) -> bool:
    kind = tsp.ESSCertIDv2 if second else tsp.ESSCertID
    return bool(check_ess_certid(known_certificate(der), kind.load(written)))
