"""The machine-readable validation report of ETSI TS 119 102-2, with the verdicts we reached and no others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pyhanko.generated.etsi import ts_11910202 as vr
from xsdata.formats.dataclass.serializers import XmlSerializer
from xsdata.formats.dataclass.serializers.config import SerializerConfig
from xsdata.models.datatype import XmlDateTime

from signing.report import Indication, SignatureReport, TimeSource

_NAMESPACES: dict[str | None, str] = {
    "vr": "http://uri.etsi.org/19102/v1.2.1#",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "XAdES": "http://uri.etsi.org/01903/v1.3.2#",
}
_MAIN = {
    Indication.TOTAL_PASSED: "urn:etsi:019102:mainindication:total-passed",
    Indication.INDETERMINATE: "urn:etsi:019102:mainindication:indeterminate",
    Indication.TOTAL_FAILED: "urn:etsi:019102:mainindication:total-failed",
}
# EN 319 102-1 5.3, 5.5 and 5.6: by what was there to be judged.
_WITHOUT_TIME, _WITH_TIME = "Basic", "LTVM"


def validation_report(signatures: Sequence[SignatureReport], *, sha256: str, moment: dt.datetime, policy: str) -> bytes:
    """UTF-8 XML with one report per signature or document time stamp, in the order given.

    Each is identified by the file (`sha256`, hex) and its field; `moment` is when they were judged, `policy` by what.
    """
    reports = tuple(_one(each, sha256=sha256, moment=moment, policy=policy) for each in signatures)
    written: str = XmlSerializer(config=SerializerConfig(indent="  ")).render(
        vr.ValidationReport(signature_validation_report=reports), ns_map=_NAMESPACES
    )
    return written.encode()


def _one(
    signature: SignatureReport, *, sha256: str, moment: dt.datetime, policy: str
) -> vr.SignatureValidationReportType:
    proven = signature.time_source is TimeSource.TIMESTAMP and signature.signed_at is not None
    best = (
        vr.POEType(
            poetime=XmlDateTime.from_datetime(signature.signed_at), type_of_proof="urn:etsi:019102:poetype:validation"
        )
        if proven and signature.signed_at is not None
        else None
    )
    sub = (f"urn:etsi:019102:subindication:{signature.sub_indication}",) if signature.sub_indication else ()
    process = _WITH_TIME if proven else _WITHOUT_TIME
    return vr.SignatureValidationReportType(
        signature_identifier=vr.SignatureIdentifierType(
            hash_only=False, doc_hash_only=False, daidentifier=f"sha256:{sha256}#{signature.field}"
        ),
        validation_time_info=vr.ValidationTimeInfoType(
            validation_time=XmlDateTime.from_datetime(moment), best_signature_time=best
        ),
        signer_information=vr.SignerInformationType(signer=signature.signer.subject) if signature.signer else None,
        signature_validation_process=vr.SignatureValidationProcessType(
            signature_validation_process_id=f"urn:etsi:019102:validationprocess:{process}",
            signature_validation_service_policy=policy,
        ),
        signature_validation_status=vr.ValidationStatusType(
            main_indication=_MAIN[signature.indication], sub_indication=sub
        ),
    )
