"""What an ETSI report names: each signature by what was signed, each signer by his certificate."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from asn1crypto import core
from pyhanko.generated.etsi import ts_11910202 as vr
from pyhanko.generated.etsi import xades
from pyhanko.generated.w3c import xmldsig_core as ds

from signing.coverage import BadCoverage, coverage_of
from signing.found import find_signatures
from signing.history import History
from signing.report import SignatureReport
from signing.value import BadValue, Value, open_value

URN = "urn:etsi:019102"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """One signature of the file: SHA-256 of the covered bytes, and its value."""

    covered: bytes
    value: Value

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.value.certificate.dump()).hexdigest()


def opened_signatures(pdf: bytes) -> dict[tuple[str, int], Opened]:
    history = History(pdf)
    found = {}
    for signature in find_signatures(history):
        try:
            coverage = coverage_of(signature, history)
            value = open_value(coverage.value)
        except (BadCoverage, BadValue):
            continue
        digest = hashlib.sha256()
        for part in coverage.covered(pdf):
            digest.update(part)
        found[signature.name, coverage.end] = Opened(covered=digest.digest(), value=value)
    return found


def identifier(signature: SignatureReport, opened: Opened | None, whole: str) -> vr.SignatureIdentifierType:
    """By what was signed (the DER of the signed attributes, RFC 5652 5.4); else by the file and the field."""
    named = f"sha256:{whole}#{signature.field}"
    if opened is None:
        return vr.SignatureIdentifierType(hash_only=False, doc_hash_only=False, daidentifier=named)
    info = opened.value.signer_info
    attributes = info["signed_attrs"]
    signed = (
        opened.covered
        if isinstance(attributes, core.Void)
        else hashlib.sha256(attributes.untag().dump(force=True)).digest()
    )
    return vr.SignatureIdentifierType(
        digest_alg_and_value=digest_value(signed),
        signature_value=ds.SignatureValue(value=info["signature"].native),
        hash_only=False,
        doc_hash_only=False,
        daidentifier=named,
    )


def digest_value(digest: bytes) -> xades.DigestAlgAndValueType:
    return xades.DigestAlgAndValueType(
        digest_method=ds.DigestMethod(algorithm=_SHA256), digest_value=ds.DigestValue(value=digest)
    )
