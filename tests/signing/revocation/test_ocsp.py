"""OCSP answers count from the issuer or its responder, wherever in the file they are, and from nobody else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from asn1crypto import cms, pdf
from asn1crypto import crl as asn1crl
from asn1crypto import ocsp as asn1ocsp
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from pyhanko.sign.general import simple_cms_attribute

from signing.demo_authority import IssuedKey
from signing.trust import Trust
from support.added_evidence import with_security_store
from support.hand_made_cms import plain_cms
from support.hand_made_signatures import signed_with
from support.ocsp_responses import ocsp_answer
from support.other_keys import certified
from support.pki import CURVE, DAY, NOW, Office, open_office, sign_slot
from support.revocation_lists import crl_distribution_point, list_of, responder_at
from support.single_signature import inspect_single, verdict
from support.small_forms import blank

PASSED = ("TOTAL_PASSED", None, ())
REVOKED = ("INDETERMINATE", "REVOKED_NO_POE", ("revoked",))
OPEN = ("INDETERMINATE", "TRY_LATER", ("revocation_unknown",))
ANNOUNCED = (crl_distribution_point("http://127.0.0.1:9/daftar.crl"), responder_at("http://127.0.0.1:9/ocsp"))
OCSP_SIGNING = x509.ExtendedKeyUsage([x509.ExtendedKeyUsageOID.OCSP_SIGNING])


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def person(office: Office) -> IssuedKey:
    key = ec.generate_private_key(CURVE)
    certificate = x509.load_der_x509_certificate(certified(office.authority, key, extensions=ANNOUNCED))
    return IssuedKey(key=key, certificate=certificate, above=(office.authority.issued.certificate,))


def with_answer(person: IssuedKey, answer: bytes) -> bytes:
    return with_security_store(sign_slot(blank(), "ttd_pegawai", person), ocsps=(answer,))


def test_the_issuer_s_answer_in_the_file_is_enough(person: IssuedKey, office: Office) -> None:
    answer = ocsp_answer(person.der, office.authority.issued, at=NOW - DAY / 2)
    assert verdict(inspect_single(with_answer(person, answer), office.trust())) == PASSED


def test_a_revocation_in_an_answer_counts_from_its_date_on(person: IssuedKey, office: Office) -> None:
    for since, expected in ((NOW - DAY, REVOKED), (NOW + DAY, PASSED)):
        answer = ocsp_answer(person.der, office.authority.issued, at=NOW - DAY / 2, revoked=since)
        assert verdict(inspect_single(with_answer(person, answer), office.trust())) == expected


def test_a_suspension_in_an_answer_leaves_the_question_open(person: IssuedKey, office: Office) -> None:
    held = x509.ReasonFlags.certificate_hold
    answer = ocsp_answer(person.der, office.authority.issued, at=NOW, revoked=NOW - DAY, reason=held)
    assert verdict(inspect_single(with_answer(person, answer), office.trust())) == OPEN


@pytest.mark.parametrize(
    ("key", "algorithm"),
    [
        (ec.generate_private_key(CURVE), hashes.SHA256()),
        (rsa.generate_private_key(65537, 2048), hashes.SHA256()),
        (ed25519.Ed25519PrivateKey.generate(), None),
    ],
    ids=["ECDSA", "RSA", "Ed25519"],
)
def test_a_responder_the_issuer_named_may_answer(key: Any, algorithm: Any, person: IssuedKey, office: Office) -> None:
    shown = x509.load_der_x509_certificate(certified(office.authority, key, extensions=[OCSP_SIGNING], serial=9))
    answer = ocsp_answer(person.der, office.authority.issued, at=NOW, responder=(key, shown), algorithm=algorithm)
    assert verdict(inspect_single(with_answer(person, answer), office.trust())) == PASSED


@pytest.mark.parametrize("extensions", [(), (OCSP_SIGNING,)], ids=["without the purpose", "which has ended"])
def test_nobody_else_answers_for_the_issuer(
    extensions: tuple[x509.ExtensionType, ...], person: IssuedKey, office: Office
) -> None:
    key = ec.generate_private_key(CURVE)
    ends = NOW - DAY if extensions else None
    shown = x509.load_der_x509_certificate(certified(office.authority, key, extensions=extensions, serial=9, ends=ends))
    answer = ocsp_answer(person.der, office.authority.issued, at=NOW, responder=(key, shown))
    assert verdict(inspect_single(with_answer(person, answer), office.trust())) == OPEN


def test_an_answer_about_somebody_else_says_nothing(person: IssuedKey, office: Office) -> None:
    answer = ocsp_answer(office.people[1].der, office.authority.issued, at=NOW)
    assert verdict(inspect_single(with_answer(person, answer), office.trust())) == OPEN


def test_an_answer_that_ran_out_says_nothing(person: IssuedKey, office: Office) -> None:
    answer = ocsp_answer(person.der, office.authority.issued, at=NOW - 9 * DAY, until=NOW - 8 * DAY)
    assert verdict(inspect_single(with_answer(person, answer), office.trust())) == OPEN


def test_an_answer_given_after_the_certificate_ended_may_have_forgotten_it(office: Office) -> None:
    key = ec.generate_private_key(CURVE)
    read = x509.load_der_x509_certificate(certified(office.authority, key, extensions=ANNOUNCED, ends=NOW + 30 * DAY))
    person = IssuedKey(key=key, certificate=read, above=(office.authority.issued.certificate,))
    signed = sign_slot(blank(), "ttd_pegawai", person, timestamper=office.timestamper())
    for at, since, expected in (
        (NOW + 20 * DAY, None, PASSED),
        (NOW + 40 * DAY, None, OPEN),
        (NOW + 40 * DAY, NOW - DAY, REVOKED),
    ):
        answer = ocsp_answer(person.der, office.authority.issued, at=at, revoked=since)
        report = inspect_single(with_security_store(signed, ocsps=(answer,)), office.trust(moment=NOW + 41 * DAY))
        assert verdict(report) == expected


def adobe(*, crls: tuple[bytes, ...] = (), ocsps: tuple[bytes, ...] = ()) -> Any:
    """Adobe's signed attribute with revocation data (ISO 32000-1 12.8.3.3.2)."""
    archived: dict[str, Any] = {}
    if crls:
        archived["crl"] = [asn1crl.CertificateList.load(crl) for crl in crls]
    if ocsps:
        archived["ocsp"] = [asn1ocsp.OCSPResponse.load(response) for response in ocsps]
    return simple_cms_attribute("adobe_revocation_info_archival", pdf.RevocationInfoArchival(archived))


def signed_by_hand(person: IssuedKey, *, attributes: tuple[Any, ...] = (), carried: tuple[Any, ...] = ()) -> bytes:
    """An older kind of signature (adbe.pkcs7.detached) with these attributes, or with this in the CMS's own field."""

    def value(digest: bytes) -> bytes:
        message = cms.ContentInfo.load(plain_cms(digest, person, algorithm="sha256"))
        signed_data = message["content"]
        info = signed_data["signer_infos"][0]
        signed = cms.CMSAttributes([*info["signed_attrs"], *attributes])
        assert isinstance(person.key, ec.EllipticCurvePrivateKey)
        info["signed_attrs"] = signed
        info["signature"] = person.key.sign(signed.dump(), ec.ECDSA(hashes.SHA256()))
        if carried:
            signed_data["crls"] = cms.RevocationInfoChoices(carried)
        return bytes(message.dump(force=True))

    return signed_with(blank(), value, sub_filter="/adbe.pkcs7.detached")


@pytest.mark.parametrize(("since", "expected"), [(None, PASSED), (NOW - DAY, REVOKED)], ids=["in order", "revoked"])
def test_answers_and_lists_inside_the_signature_are_read(
    since: dt.datetime | None, expected: object, person: IssuedKey, office: Office
) -> None:
    entries = [(person.certificate.serial_number, since, None)] if since else []
    crl = list_of(office.authority, entries, at=NOW - DAY / 2)
    answer = ocsp_answer(person.der, office.authority.issued, at=NOW - DAY / 2, revoked=since)
    other = {"other_rev_info_format": "ocsp_response", "other_rev_info": asn1ocsp.OCSPResponse.load(answer)}
    ways = (
        signed_by_hand(person, attributes=(adobe(ocsps=(answer,)),)),
        signed_by_hand(person, attributes=(adobe(crls=(crl,)),)),
        signed_by_hand(person, carried=(cms.RevocationInfoChoice("crl", asn1crl.CertificateList.load(crl)),)),
        signed_by_hand(person, carried=(cms.RevocationInfoChoice("other", cms.OtherRevocationInfoFormat(other)),)),
    )
    assert [verdict(inspect_single(way, office.trust())) for way in ways] == [expected] * 4
    assert verdict(inspect_single(signed_by_hand(person), office.trust())) == OPEN


def test_what_only_one_signature_s_part_of_the_store_lists_is_read(person: IssuedKey, office: Office) -> None:
    answer = ocsp_answer(person.der, office.authority.issued, at=NOW)
    signed = sign_slot(blank(), "ttd_pegawai", person)
    report = inspect_single(with_security_store(signed, ocsps=(answer,), only_for_one=True), office.trust())
    assert verdict(report) == PASSED
    assert report.changes_after.value == "ltv"


def test_a_clock_whose_list_is_missing_proves_no_time(office: Office) -> None:
    from signing.timestamps import LocalTimestamper

    tsa = office.authority.tsa("Jam", curve=CURVE, crl_url="http://127.0.0.1:9/daftar.crl")
    clock = LocalTimestamper(holder=tsa.holder(), clock=lambda: NOW)
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=clock)
    crl = list_of(office.authority, at=NOW - DAY)
    trusts: list[Trust] = [office.trust(), office.trust(crls=(crl,))]
    assert [inspect_single(signed, trust).time_source.value for trust in trusts] == ["claimed", "timestamp"]
    stored = with_security_store(signed, crls=(crl,))
    assert inspect_single(stored, office.trust()).time_source.value == "timestamp"
