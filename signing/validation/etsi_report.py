"""The machine-readable validation report of ETSI TS 119 102-2, with the verdicts we reached and no others.

Only its classes are pyHanko's; pyHanko's own verdicts, milder than ours on what came after a signature, stay out of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from asn1crypto import core
from pyhanko.generated.etsi import ts_11910202 as vr
from pyhanko.generated.etsi import xades
from pyhanko.generated.w3c import xmldsig_core as ds
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata.models.datatype import XmlDateTime

from signing.errors import SigningError
from signing.pdf.history import History
from signing.report import Indication, SignatureReport, TimeSource
from signing.validation.document import BadCoverage, coverage_of, find_signatures
from signing.validation.signature import BadValue, Value, open_value

# --- What an ETSI report names: each signature by what was signed, each signer by his certificate

URN = "urn:etsi:019102"
_SHA256 = "http://www.w3.org/2001/04/xmlenc#sha256"


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenedSignature:
    """One signature of the file: SHA-256 of the covered bytes, and its value."""

    covered: bytes
    value: Value

    @property
    def fingerprint(self) -> str:
        return hashlib.sha256(self.value.certificate.dump()).hexdigest()


def opened_signatures(pdf: bytes) -> dict[tuple[str, int], OpenedSignature]:
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
        found[signature.name, coverage.end] = OpenedSignature(covered=digest.digest(), value=value)
    return found


def identifier(signature: SignatureReport, opened: OpenedSignature | None, whole: str) -> vr.SignatureIdentifierType:
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


_NAMESPACES: dict[str | None, str] = {
    "vr": "http://uri.etsi.org/19102/v1.2.1#",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "XAdES": "http://uri.etsi.org/01903/v1.3.2#",
}
_MAIN = {
    Indication.TOTAL_PASSED: f"{URN}:mainindication:total-passed",
    Indication.INDETERMINATE: f"{URN}:mainindication:indeterminate",
    Indication.TOTAL_FAILED: f"{URN}:mainindication:total-failed",
}
# One constraint is judged by itself in the words for building blocks (EN 319 102-1 5.1.3 against 5.2.1.2).
_PART = {
    Indication.TOTAL_PASSED: f"{URN}:mainindication:passed",
    Indication.INDETERMINATE: f"{URN}:mainindication:indeterminate",
    Indication.TOTAL_FAILED: f"{URN}:mainindication:failed",
}
_VERDICTS = {
    "passed": Indication.TOTAL_PASSED,
    "review": Indication.INDETERMINATE,
    "failed": Indication.TOTAL_FAILED,
}
# EN 319 102-1 5.2.8: what was signed does not meet the constraints of the policy.
_UNMET = "SIG_CONSTRAINTS_FAILURE"


class NothingToReport(SigningError):
    """The file holds no signature; the format has no words for that."""

    def __init__(self) -> None:
        super().__init__(
            "Berkas ini tidak memuat tanda tangan elektronik yang terbaca, jadi laporan XML tidak dapat dibuat.",
            "Minta laporan .html, .pdf, atau .json.",
        )

    def __reduce__(self) -> tuple[type[NothingToReport], tuple[()]]:
        return NothingToReport, ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVerdict:
    """What was said of the whole file: `verdict` (`passed`, `review`, `failed`), codes of reasons, by what, when."""

    verdict: str
    reasons: tuple[str, ...]
    policy: str
    moment: dt.datetime


def validation_report(pdf: bytes, signatures: Sequence[SignatureReport], *, document: DocumentVerdict) -> bytes:
    """UTF-8 XML with one report per signature or document time stamp, in the order given.

    Each says two things apart: what holds of the signature, as in our other answers, and what holds of the whole file.
    The main indication never exceeds either: a sound signature in a file that did not pass is INDETERMINATE /
    SIG_CONSTRAINTS_FAILURE. Raises NothingToReport.
    """
    if not signatures:
        raise NothingToReport
    opened = opened_signatures(pdf)
    whole = hashlib.sha256(pdf).hexdigest()
    reports, certificates = [], {}
    for signature in signatures:
        value = opened.get((signature.field, signature.covered))
        if value is not None and signature.signer and value.fingerprint == signature.signer.fingerprint:
            certificates[value.fingerprint] = value.value.certificate.dump()
        reports.append(_one(signature, value, document, certificates, whole))
    written: str = XmlSerializer(config=SerializerConfig(indent="  ")).render(
        vr.ValidationReport(
            signature_validation_report=tuple(reports), signature_validation_objects=_kept(certificates)
        ),
        ns_map=_NAMESPACES,
    )
    return written.encode()


def _one(
    signature: SignatureReport,
    opened: OpenedSignature | None,
    document: DocumentVerdict,
    certificates: Mapping[str, bytes],
    whole: str,
) -> vr.SignatureValidationReportType:
    proven = signature.signed_at if signature.time_source is TimeSource.TIMESTAMP else None
    signer = signature.signer
    return vr.SignatureValidationReportType(
        signature_identifier=identifier(signature, opened, whole),
        validation_constraints_evaluation_report=_constraints(signature, document),
        validation_time_info=vr.ValidationTimeInfoType(
            validation_time=XmlDateTime.from_datetime(document.moment),
            # EN 319 102-1 5.5.4: without a proof of existence the best signature time is the time of validation.
            best_signature_time=vr.POEType(
                poetime=XmlDateTime.from_datetime(proven or document.moment),
                type_of_proof=f"{URN}:poetype:validation",
            ),
        ),
        signers_document=None
        if opened is None
        else vr.SignersDocumentType(digest_alg_and_value=digest_value(opened.covered)),
        signer_information=None
        if signer is None or signer.fingerprint not in certificates
        else vr.SignerInformationType(
            signer_certificate=vr.VOReferenceType(voreference=(_id(signer.fingerprint),)),
            signer=signer.subject,
        ),
        signature_validation_process=vr.SignatureValidationProcessType(
            signature_validation_process_id=f"{URN}:validationprocess:{'LTVM' if proven else 'Basic'}",
            signature_validation_service_policy=_policy(document),
        ),
        signature_validation_status=_status(_MAIN, *_overall(signature, document)),
    )


def _overall(signature: SignatureReport, document: DocumentVerdict) -> tuple[Indication, str | None]:
    if signature.indication is Indication.TOTAL_PASSED and _VERDICTS[document.verdict] is not Indication.TOTAL_PASSED:
        return Indication.INDETERMINATE, _UNMET
    return signature.indication, signature.sub_indication


def _constraints(signature: SignatureReport, document: DocumentVerdict) -> vr.ValidationConstraintsEvaluationReportType:
    whole = _VERDICTS[document.verdict]
    parts = (
        ("signature", (), (signature.indication, signature.sub_indication)),
        ("document", document.reasons, (whole, None if whole is Indication.TOTAL_PASSED else _UNMET)),
    )
    return vr.ValidationConstraintsEvaluationReportType(
        validation_constraint=tuple(
            vr.IndividualValidationConstraintReportType(
                validation_constraint_identifier=f"{_policy(document)}:{name}",
                validation_constraint_parameter=tuple(
                    vr.TypedDataType(type_value=f"{_policy(document)}:reason", value=code) for code in codes
                ),
                constraint_status=vr.ConstraintStatusType(status=f"{URN}:constraintStatus:applied"),
                validation_status=_status(_PART, *outcome),
            )
            for name, codes, outcome in parts
        )
    )


def _status(words: Mapping[Indication, str], indication: Indication, sub: str | None) -> vr.ValidationStatusType:
    return vr.ValidationStatusType(
        main_indication=words[indication], sub_indication=(f"{URN}:subindication:{sub}",) if sub else ()
    )


def _policy(document: DocumentVerdict) -> str:
    return f"urn:cmb:policy:{document.policy}"


def _kept(certificates: Mapping[str, bytes]) -> vr.ValidationObjectListType | None:
    if not certificates:
        return None
    return vr.ValidationObjectListType(
        validation_object=tuple(
            vr.ValidationObjectType(
                id=_id(fingerprint),
                object_type=f"{URN}:validationObject:certificate",
                validation_object_representation=vr.ValidationObjectRepresentationType(base64=der),
            )
            for fingerprint, der in certificates.items()
        )
    )


def _id(fingerprint: str) -> str:
    return f"C-{fingerprint}"
