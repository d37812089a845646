"""The ETSI TS 119 102-2 report has our verdict on a signature and on its file, and is never better than either."""

from __future__ import annotations

import hashlib
from typing import Any

import pytest
from pyhanko.generated.etsi.ts_11910202 import ValidationReport
from xsdata.formats.dataclass.parsers import XmlParser

from signing.fields import SlotPlace
from signing.validation.etsi_report import DocumentVerdict, NothingToReport, validation_report
from signing.validation.inspect import inspect
from support.added_evidence import with_document_timestamp
from support.pki import DAY, NOW, Office, open_office, sign_own
from support.small_forms import blank

PASSED, DOUBT, FAILED = (
    f"urn:etsi:019102:mainindication:{indication}" for indication in ("passed", "indeterminate", "failed")
)
UNMET = "urn:etsi:019102:subindication:SIG_CONSTRAINTS_FAILURE"
OWN = SlotPlace(name="ttd", page=0, box=(60, 20, 240, 90), locks=(), label="Tanda tangan")


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def form(office: Office) -> bytes:
    return with_document_timestamp(sign_own(blank(), OWN, office.people[0]), office)


def xml_report(pdf: bytes, office: Office, verdict: str = "passed", *reasons: str) -> Any:
    document = DocumentVerdict(verdict=verdict, reasons=reasons, policy="cmb-verify-1", moment=NOW)
    written = validation_report(pdf, inspect(pdf, trust=office.trust()).signatures, document=document)
    return XmlParser().from_bytes(written, ValidationReport)


def outcome(report: Any) -> tuple[str, tuple[str, ...]]:
    status = report.signature_validation_status
    return status.main_indication.removeprefix("urn:etsi:019102:mainindication:"), status.sub_indication


def test_a_sound_signature_of_a_file_that_passed_is_total_passed(office: Office, form: bytes) -> None:
    signature, stamp = xml_report(form, office).signature_validation_report
    assert outcome(signature) == outcome(stamp) == ("total-passed", ())
    assert signature.signature_validation_process.signature_validation_service_policy == "urn:cmb:policy:cmb-verify-1"


@pytest.mark.parametrize(("verdict", "word"), [("review", DOUBT), ("failed", FAILED)])
def test_a_sound_signature_of_another_file_is_not(office: Office, form: bytes, verdict: str, word: str) -> None:
    for part in xml_report(form, office, verdict, "missing_signature", "unknown_serial").signature_validation_report:
        assert outcome(part) == ("indeterminate", (UNMET,))
        signature, document = part.validation_constraints_evaluation_report.validation_constraint
        assert signature.validation_status.main_indication == PASSED
        assert document.validation_status.main_indication == word
        codes = [parameter.value for parameter in document.validation_constraint_parameter]
        assert codes == ["missing_signature", "unknown_serial"]


def test_a_signature_that_failed_stays_failed_whatever_is_said_of_the_file(office: Office, form: bytes) -> None:
    broken = bytearray(form)
    broken[form.index(b"/MediaBox") + 1] ^= 1
    failed, *_ = xml_report(bytes(broken), office).signature_validation_report
    assert outcome(failed) == ("total-failed", ("urn:etsi:019102:subindication:HASH_FAILURE",))


def test_a_signature_is_named_by_what_was_signed_and_by_its_certificate(office: Office, form: bytes) -> None:
    report = xml_report(form, office)
    signature = report.signature_validation_report[0]
    (facts, _) = inspect(form, trust=office.trust()).signatures
    assert facts.signer is not None
    assert signature.signer_information.signer_certificate.voreference == (f"C-{facts.signer.fingerprint}",)
    kept = {item.id: item for item in report.signature_validation_objects.validation_object}
    der = kept[f"C-{facts.signer.fingerprint}"].validation_object_representation.base64
    assert hashlib.sha256(der).hexdigest() == facts.signer.fingerprint
    # RSA and ECDSA sign the digest of the signed attributes: the identifier is that very digest.
    key, value = office.people[0].certificate.public_key(), signature.signature_identifier
    verifies(key, value.signature_value.value, value.digest_alg_and_value.digest_value.value)


def verifies(key: Any, value: bytes, digest: bytes) -> None:
    from cryptography.hazmat.primitives import hashes
    from cryptography.hazmat.primitives.asymmetric import ec, padding, utils

    once = utils.Prehashed(hashes.SHA256())
    if isinstance(key, ec.EllipticCurvePublicKey):
        key.verify(value, digest, ec.ECDSA(once))
    else:
        key.verify(value, digest, padding.PKCS1v15(), once)


def test_only_a_trusted_time_stamp_is_the_time_of_a_signature(office: Office) -> None:
    claimed = sign_own(blank(), OWN, office.people[0])
    proven = with_document_timestamp(claimed, office, at=NOW - DAY)
    for pdf, at, process in ((claimed, NOW, "Basic"), (proven, NOW - DAY, "LTVM")):
        signature = xml_report(pdf, office).signature_validation_report[0]
        assert signature.validation_time_info.best_signature_time.poetime.to_datetime() == at
        assert signature.signature_validation_process.signature_validation_process_id.endswith(f":{process}")


def test_a_file_without_signatures_has_no_such_report(office: Office) -> None:
    with pytest.raises(NothingToReport, match="nothing_to_report"):
        xml_report(blank(), office)
