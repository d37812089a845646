"""Signatures by other programs: levels up to B-LTA, BSrE's habits, unlisted fields, withdrawn formats."""

from __future__ import annotations

import dataclasses
import io
from collections.abc import Callable

import asn1crypto.keys
import asn1crypto.x509
import pytest
from asn1crypto import cms, core
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject, NameObject, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import SigSeedSubFilter
from pyhanko.sign.signers.pdf_byterange import SignatureObject
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

from signing.cms import sign_detached
from signing.demo_authority import IssuedKey
from signing.fields import SlotPlace, Target, new_target, open_for_signing, slot_target
from signing.report import Changes, TimeSource
from signing.validation.inspect import inspect
from support.added_evidence import Clock, with_document_timestamp, with_security_store
from support.hand_made_signatures import signed_own_with, signed_with
from support.other_keys import certified
from support.pki import CURVE, DAY, NOW, Office, open_office, sign_own, sign_slot
from support.said import said
from support.single_signature import inspect_single, verdict
from support.small_forms import blank

PASSED = ("TOTAL_PASSED", None, ())
LIST = "http://127.0.0.1:9/daftar.crl"
OWN = SlotPlace(name="sig_1712542345678", page=0, box=(60, 20, 240, 90), locks=(), label="Tanda tangan")


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def person(office: Office) -> IssuedKey:
    return office.authority.person("Cahya Lestari", curve=CURVE, crl_url=LIST)


def by_pyhanko(office: Office, person: IssuedKey, tsa: IssuedKey, *, lasting: bool) -> bytes:
    """B-LT or B-LTA the way pyHanko's own signer makes it: store with VRI, extensions, archive time stamp."""
    plain = person.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    root = asn1crypto.x509.Certificate.load(office.authority.der)
    kept = SimpleCertificateStore()
    kept.register(root)
    signer = signers.SimpleSigner(
        signing_cert=asn1crypto.x509.Certificate.load(person.der),
        signing_key=asn1crypto.keys.PrivateKeyInfo.load(plain),
        cert_registry=kept,
    )
    context = ValidationContext(
        trust_roots=[root],
        crls=[office.authority.revocation_list([], at=NOW - DAY)],
        moment=NOW,
        allow_fetching=False,
        revocation_mode="soft-fail",
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=OWN.name,
        subfilter=SigSeedSubFilter.PADES,
        embed_validation_info=True,
        use_pades_lta=lasting,
        validation_context=context,
    )
    field = fields.SigFieldSpec(OWN.name, box=tuple(int(edge) for edge in OWN.box))
    signing = signers.PdfSigner(metadata, signer=signer, timestamper=Clock(tsa, NOW), new_field_spec=field)
    writer = IncrementalPdfFileWriter(io.BytesIO(blank(slots=())), strict=False)
    return bytes(signing.sign_pdf(writer, in_place=False).getvalue())


@pytest.mark.parametrize("lasting", [False, True], ids=["B-LT", "B-LTA"])
def test_a_lasting_signature_of_pyhanko_s_passes_long_after_everything_ended(
    lasting: bool, office: Office, person: IssuedKey
) -> None:
    tsa = office.authority.tsa("Jam Lama", curve=CURVE, ends=NOW + 3000 * DAY)
    signed = by_pyhanko(office, person, tsa, lasting=lasting)
    reports = inspect(signed, trust=office.trust(moment=NOW + 1000 * DAY)).signatures
    assert [verdict(signature) for signature in reports] == [PASSED] * (2 if lasting else 1)
    assert reports[0].profile == ("PAdES-B-LTA" if lasting else "PAdES-B-LT")
    assert (reports[0].changes_after, reports[0].time_source) == (Changes.LTV, TimeSource.TIMESTAMP)


def test_an_archive_stamp_renewed_before_the_last_one_ended_carries_on(office: Office, person: IssuedKey) -> None:
    old, young = (
        office.authority.tsa(name, curve=CURVE, ends=NOW + days * DAY) for name, days in (("A", 900), ("B", 3000))
    )
    signed = by_pyhanko(office, person, old, lasting=True)
    later = office.trust(moment=NOW + 2000 * DAY)
    assert verdict(inspect(signed, trust=later).signatures[0])[1] == "OUT_OF_BOUNDS_NO_POE"
    renewed = with_document_timestamp(signed, office, tsa=young, at=NOW + 800 * DAY)
    assert [verdict(signature) for signature in inspect(renewed, trust=later).signatures] == [PASSED] * 3


def stored(office: Office, signed: bytes) -> bytes:
    crl = office.authority.revocation_list([], at=NOW)
    return with_security_store(signed, certificates=(office.authority.der,), crls=(crl,))


LEVELS: dict[str, tuple[Callable[[Office, bytes], bytes], bool]] = {
    "PAdES-B-B": (lambda _, signed: signed, False),
    "PAdES-B-T": (lambda office, signed: with_document_timestamp(signed, office), False),
    "PAdES-B-LT": (stored, True),
    "PAdES-B-LTA": (lambda office, signed: with_document_timestamp(stored(office, signed), office), True),
}


@pytest.mark.parametrize("level", LEVELS)
def test_each_baseline_level_is_recognised_by_its_parts(level: str, office: Office) -> None:
    build, stamped = LEVELS[level]
    clock = office.timestamper() if stamped else None
    signed = build(office, sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=clock))
    reports = inspect(signed, trust=office.trust()).signatures
    assert [verdict(signature) for signature in reports] == [PASSED] * len(reports)
    assert reports[0].profile == level


def test_a_stamp_under_the_store_does_not_make_it_lasting(office: Office) -> None:
    signed = stored(office, with_document_timestamp(sign_slot(blank(), "ttd_pegawai", office.people[0]), office))
    assert inspect(signed, trust=office.trust()).signatures[0].profile == "PAdES-B-LT"


def as_bsre(office: Office, person: IssuedKey, *, sub_filter: str, claimed_date: str | None = None) -> bytes:
    """A field of its own, 65,536 hexadecimal digits of room, no signing time, a stamp; the store in a later save."""
    writer = open_for_signing(blank(slots=()))
    target = new_target(writer, OWN, NOW)
    dictionary = SignatureObject(timestamp=NOW, subfilter=SigSeedSubFilter.PADES, bytes_reserved=65536)
    dictionary[NameObject("/SubFilter")] = NameObject(sub_filter)
    if claimed_date is not None:
        dictionary[NameObject("/M")] = pdf_string(claimed_date)
    target.fill(dictionary, certify=False)
    filling = dictionary.fill(writer, "sha256", output=io.BytesIO())
    prepared, output = next(filling)
    stamp = office.timestamper()
    filling.send(
        sign_detached(
            prepared.document_digest,
            holder=person.holder(),
            algorithm="sha256",
            stamp=lambda digest: stamp.stamp(digest, "sha256"),
        )
    )
    return bytes(output.getvalue())


@pytest.mark.parametrize(
    ("sub_filter", "profile"), [("/ETSI.CAdES.detached", "PAdES-B-LT"), ("/adbe.pkcs7.detached", "PKCS7")]
)
def test_a_signature_with_all_of_bsre_s_habits_passes(
    sub_filter: str, profile: str, office: Office, person: IssuedKey
) -> None:
    signed = as_bsre(office, person, sub_filter=sub_filter)
    assert verdict(inspect_single(signed, office.trust()))[1] == "TRY_LATER"
    report = inspect_single(stored(office, signed), office.trust(moment=NOW + 1000 * DAY))
    assert report.time_source is TimeSource.CLAIMED, "the stamp's authority has ended, too"
    report = inspect_single(stored(office, signed), office.trust(moment=NOW + DAY))
    assert verdict(report) == PASSED
    assert (report.field, report.profile, report.changes_after) == (OWN.name, profile, Changes.LTV)
    assert (report.signed_at, report.time_source) == (NOW, TimeSource.TIMESTAMP)


def test_a_byte_before_the_header_is_diagnosed_and_not_called_forgery(office: Office, person: IssuedKey) -> None:
    signed = stored(office, as_bsre(office, person, sub_filter="/ETSI.CAdES.detached"))
    shifted = inspect(b"\n" + signed, trust=office.trust())
    assert (shifted.readable, shifted.signatures) == (False, ())
    assert shifted.problem is not None
    assert shifted.problem.code == "bytes_before_header"
    assert "1 bita" in said(shifted.problem)
    assert verdict(inspect_single((b"\n" + signed)[1:], office.trust())) == PASSED


def unlisted(person: IssuedKey) -> bytes:
    """As poppler 22 signs: the widget is on its page, and in no list of fields."""

    def take_off(target: Target) -> None:
        form = target.writer.root["/AcroForm"]
        listed = form["/Fields"]
        form[NameObject("/Fields")] = ArrayObject(
            listed.raw_get(index) for index in range(len(listed)) if listed[index]["/T"] != OWN.name
        )
        target.writer.update_container(form)

    holder = person.holder()
    return signed_own_with(
        blank(), OWN, lambda digest: sign_detached(digest, holder=holder, algorithm="sha256"), take_off
    )


def test_a_signature_no_list_of_fields_leads_to_is_found_and_said_to_be_unlisted(office: Office) -> None:
    signed = unlisted(office.people[0])
    report = inspect_single(signed, office.trust())
    assert verdict(report) == PASSED
    assert (report.field, report.registered) == (OWN.name, False)
    assert inspect_single(sign_own(blank(), OWN, office.people[0]), office.trust()).registered


def test_a_signature_after_an_unlisted_one_passes_and_both_are_found(office: Office) -> None:
    signed = sign_slot(unlisted(office.people[0]), "ttd_atasan", office.people[1])
    reports = inspect(signed, trust=office.trust()).signatures
    assert [(signature.field, verdict(signature), signature.registered) for signature in reports] == [
        (OWN.name, PASSED, False),
        ("ttd_atasan", PASSED, True),
    ]


def pkcs1(office: Office, *, other: bool = False) -> bytes:
    """adbe.x509.rsa_sha1: a bare RSA signature in an OCTET STRING, the certificate in the dictionary."""
    key = rsa.generate_private_key(65537, 2048)
    shown = rsa.generate_private_key(65537, 2048) if other else key
    writer = open_for_signing(blank())
    dictionary = SignatureObject(timestamp=NOW, subfilter=SigSeedSubFilter.PADES, bytes_reserved=2048)
    dictionary[NameObject("/SubFilter")] = NameObject("/adbe.x509.rsa_sha1")
    dictionary[NameObject("/Cert")] = ByteStringObject(certified(office.authority, shown))
    slot_target(writer, "ttd_pegawai").fill(dictionary, certify=False)
    filling = dictionary.fill(writer, "sha1", output=io.BytesIO())
    prepared, output = next(filling)
    from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

    value = key.sign(prepared.document_digest, padding.PKCS1v15(), Prehashed(hashes.SHA1()))  # noqa: S303 - as the format wants
    filling.send(core.OctetString(value).dump())
    return bytes(output.getvalue())


def test_a_bare_rsa_signature_is_checked_and_said_to_be_too_weak(office: Office) -> None:
    report = inspect_single(pkcs1(office), office.trust())
    assert (report.intact, report.valid, report.trusted, report.profile) == (True, True, False, "PKCS1")
    assert verdict(report) == ("INDETERMINATE", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE", ("weak_algorithm",))
    assert report.signer is not None
    assert report.signer.name == "Cahya Lestari"


def test_a_bare_rsa_signature_by_another_key_fails(office: Office) -> None:
    report = inspect_single(pkcs1(office, other=True), office.trust())
    assert verdict(report)[0] == "TOTAL_FAILED"
    assert not report.valid


def without_certificates(digest: bytes, person: IssuedKey) -> bytes:
    message = cms.ContentInfo.load(sign_detached(digest, holder=person.holder(), algorithm="sha256"))
    message["content"]["certificates"] = None
    return bytes(message.dump(force=True))


def test_a_signature_without_any_certificate_cannot_be_given_to_anybody(office: Office) -> None:
    person = office.people[0]
    report = inspect_single(signed_with(blank(), lambda digest: without_certificates(digest, person)), office.trust())
    assert report.intact
    assert report.signer is None
    assert verdict(report) == ("INDETERMINATE", "NO_SIGNING_CERTIFICATE_FOUND", ("unknown_signer_certificate",))
    other = inspect_single(signed_with(blank(), lambda _: without_certificates(bytes(32), person)), office.trust())
    assert verdict(other) == ("TOTAL_FAILED", "HASH_FAILURE", ("signature_broken",))


def test_a_certificate_that_only_the_security_store_holds_is_found_there(office: Office) -> None:
    person = office.people[0]
    signed = signed_with(blank(), lambda digest: without_certificates(digest, person))
    report = inspect_single(with_security_store(signed, certificates=(person.der,)), office.trust())
    assert verdict(report) == PASSED


@pytest.mark.parametrize(
    ("claimed_date", "expected"),
    [
        ("D:20260408091200", "2026-04-08T09:12:00+00:00"),
        ("D:20260408091200+07'00'", "2026-04-08T09:12:00+07:00"),
        ("D:00000101000000Z", None),
        ("bukan waktu", None),
    ],
)
def test_a_claimed_time_is_read_with_a_zone_or_not_at_all(
    claimed_date: str, expected: str | None, office: Office
) -> None:
    signed = as_bsre(office, office.people[0], sub_filter="/ETSI.CAdES.detached", claimed_date=claimed_date)
    nobody_s_clock = dataclasses.replace(office.trust(), timestamp_roots=())
    report = inspect_single(signed, nobody_s_clock)
    assert (report.signed_at.isoformat() if report.signed_at else None) == expected
    assert report.time_source is (TimeSource.CLAIMED if expected else TimeSource.NONE)
