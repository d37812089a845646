"""Write the machine-readable validation report of ETSI TS 119 102-2 with our verdicts.

Only the XML classes are pyHanko's; its own verdicts, milder than ours on changes after a signature, are not used.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyhanko.generated.etsi import ts_11910202 as vr
from pyhanko.generated.etsi import xades
from pyhanko.generated.w3c import xmldsig_core as ds
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata.models.datatype import XmlDateTime

from signing.asn1 import core
from signing.errors import SigningError
from signing.pdf.history import History
from signing.report import Indication, SignatureReport, TimeSource
from signing.validation.document import BadCoverage, coverage_of, find_signatures
from signing.validation.signature import BadValue, Value, open_value

# --- Identifiers of signatures

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
    """Return the readable signatures of a file by field name and end of the covered bytes."""
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
    """Identify a signature by what was signed (the DER of the signed attributes, RFC 5652 5.4), and file and field."""
    file_and_field = f"sha256:{whole}#{signature.field}"
    if opened is None:
        return vr.SignatureIdentifierType(hash_only=False, doc_hash_only=False, daidentifier=file_and_field)
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
        daidentifier=file_and_field,
    )


def digest_value(digest: bytes) -> xades.DigestAlgAndValueType:
    return xades.DigestAlgAndValueType(
        digest_method=ds.DigestMethod(algorithm=_SHA256), digest_value=ds.DigestValue(value=digest)
    )


# --- The report

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
# A single constraint uses the terms for building blocks (EN 319 102-1 5.2.1.2, not 5.1.3).
_CONSTRAINT = {
    Indication.TOTAL_PASSED: f"{URN}:mainindication:passed",
    Indication.INDETERMINATE: f"{URN}:mainindication:indeterminate",
    Indication.TOTAL_FAILED: f"{URN}:mainindication:failed",
}
_VERDICTS = {
    "passed": Indication.TOTAL_PASSED,
    "review": Indication.INDETERMINATE,
    "failed": Indication.TOTAL_FAILED,
}
# EN 319 102-1 5.2.8: the signed document does not meet the constraints of the policy.
_UNMET = "SIG_CONSTRAINTS_FAILURE"


class NothingToReport(SigningError):
    """The file holds no signature; the format cannot express that."""

    def __init__(self) -> None:
        super().__init__("nothing_to_report")

    def __reduce__(self) -> tuple[type[NothingToReport], tuple[()]]:
        return NothingToReport, ()


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentVerdict:
    """The verdict on the whole file: `passed`, `review` or `failed`, reason codes, the policy used, and when."""

    verdict: str
    reasons: tuple[str, ...]
    policy: str
    moment: dt.datetime


def validation_report(pdf: bytes, signatures: Sequence[SignatureReport], *, document: DocumentVerdict) -> bytes:
    """Return UTF-8 XML with one report per signature or document time stamp, in the order given.

    Each report has two constraints: the verdict on the signature, as in our other answers, and that on the whole file.
    The main indication is never better than either: a sound signature in a file that did not pass is INDETERMINATE /
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
        reports.append(_signature_report(signature, value, document, certificates, whole))
    xml: str = XmlSerializer(config=SerializerConfig(indent="  ")).render(
        vr.ValidationReport(
            signature_validation_report=tuple(reports), signature_validation_objects=_certificate_objects(certificates)
        ),
        ns_map=_NAMESPACES,
    )
    return xml.encode()


def _signature_report(
    signature: SignatureReport,
    opened: OpenedSignature | None,
    document: DocumentVerdict,
    certificates: Mapping[str, bytes],
    whole: str,
) -> vr.SignatureValidationReportType:
    proven_time = signature.signed_at if signature.time_source is TimeSource.TIMESTAMP else None
    signer = signature.signer
    return vr.SignatureValidationReportType(
        signature_identifier=identifier(signature, opened, whole),
        validation_constraints_evaluation_report=_constraints(signature, document),
        validation_time_info=vr.ValidationTimeInfoType(
            validation_time=XmlDateTime.from_datetime(document.moment),
            # EN 319 102-1 5.5.4: without a proof of existence the best signature time is the time of validation.
            best_signature_time=vr.POEType(
                poetime=XmlDateTime.from_datetime(proven_time or document.moment),
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
            signature_validation_process_id=f"{URN}:validationprocess:{'LTVM' if proven_time else 'Basic'}",
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
                validation_status=_status(_CONSTRAINT, *outcome),
            )
            for name, codes, outcome in parts
        )
    )


def _status(indications: Mapping[Indication, str], indication: Indication, sub: str | None) -> vr.ValidationStatusType:
    return vr.ValidationStatusType(
        main_indication=indications[indication], sub_indication=(f"{URN}:subindication:{sub}",) if sub else ()
    )


def _policy(document: DocumentVerdict) -> str:
    return f"urn:cmb:policy:{document.policy}"


def _certificate_objects(certificates: Mapping[str, bytes]) -> vr.ValidationObjectListType | None:
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
