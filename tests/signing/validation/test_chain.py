"""Chains, times, revocation and purposes, with the sub-indication of each failure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.certificates import read_certificate
from signing.cms import sign_detached
from signing.demo_authority import IssuedKey, open_authority
from signing.errors import NotSound
from signing.policy import faults, require
from signing.report import Indication, TimeSource
from signing.timestamps import LocalTimestamper
from signing.trust import Trust
from signing.validation.inspect import inspect
from support.added_evidence import with_document_timestamp
from support.pki import CURVE, DAY, NOW, Office, open_office, sign_slot
from support.single_signature import inspect_single, verdict
from support.small_forms import blank

SHARED = Path(__file__).parents[4] / "shared"


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


def loose(pdf: bytes, issued: IssuedKey, **more: object) -> bytes:
    """Sign although the certificate forbids it: what a forger's tool does."""
    from support.pki import sign

    holder = issued.holder()
    when = issued.certificate.not_valid_before_utc
    return sign(pdf, holder=holder, at=when, field="ttd_pegawai", stamp=None, **more)  # type: ignore[arg-type] # keywords of sign


def test_a_signature_of_ours_passes(office: Office) -> None:
    report = inspect_single(sign_slot(blank(), "ttd_pegawai", office.people[0]), office.trust())
    assert verdict(report) == ("TOTAL_PASSED", None, ())
    assert report.trusted
    assert report.signer is not None
    assert report.signer.fingerprint == read_certificate(office.people[0].der).fingerprint
    assert (report.signed_at, report.time_source) == (NOW, TimeSource.CLAIMED)


def test_nobody_is_trusted_without_roots(office: Office) -> None:
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])
    report = inspect_single(signed, Trust(roots=(), timestamp_roots=(office.authority.der,), moment=NOW))
    assert verdict(report) == ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND", ("untrusted_chain",))
    assert report.intact
    assert report.valid
    assert not report.trusted


def test_a_root_of_somebody_else_is_not_ours(office: Office) -> None:
    other = open_authority("Akar Lain", now=NOW - 30 * DAY, curve=CURVE)
    report = inspect_single(
        sign_slot(blank(), "ttd_pegawai", other.person("Cahya Lestari", curve=CURVE)), office.trust()
    )
    assert verdict(report) == ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND", ("untrusted_chain",))


def test_a_look_alike_authority_is_not_ours(office: Office) -> None:
    twin = open_authority("Akar Uji", now=NOW - 30 * DAY, curve=CURVE)
    report = inspect_single(
        sign_slot(blank(), "ttd_pegawai", twin.person("Cahya Lestari", curve=CURVE)), office.trust()
    )
    assert report.indication is Indication.INDETERMINATE
    assert faults(report) == ("untrusted_chain",)


def test_an_ordinary_person_cannot_issue_certificates(office: Office) -> None:
    from signing.demo_authority import Authority

    person = office.people[0]
    usurper = Authority(issued=person, now=NOW - DAY, randomness=office.authority.randomness)
    report = inspect_single(sign_slot(blank(), "ttd_pegawai", usurper.person("Palsu", curve=CURVE)), office.trust())
    assert report.indication is not Indication.TOTAL_PASSED
    assert not report.trusted


def test_an_issuing_authority_under_the_root_is_followed(office: Office) -> None:
    issuing = office.authority.authority("Penerbit Uji", curve=CURVE)
    report = inspect_single(sign_slot(blank(), "ttd_pegawai", issuing.person("Cahya", curve=CURVE)), office.trust())
    assert verdict(report) == ("TOTAL_PASSED", None, ())


def test_an_issuing_authority_may_itself_be_the_anchor(office: Office) -> None:
    issuing = office.authority.authority("Penerbit Uji", curve=CURVE)
    signed = sign_slot(blank(), "ttd_pegawai", issuing.person("Cahya", curve=CURVE))
    report = inspect_single(signed, Trust(roots=(issuing.der,), timestamp_roots=(), moment=NOW))
    assert verdict(report) == ("TOTAL_PASSED", None, ())


def test_a_certificate_that_ended_since_is_not_proven_without_a_time_stamp(office: Office) -> None:
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])
    report = inspect_single(signed, office.trust(moment=NOW + 1000 * DAY))
    assert verdict(report) == ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE", ("expired",))


def test_a_certificate_that_ended_since_passes_with_a_time_stamp(office: Office) -> None:
    tsa = office.authority.tsa("Jam Lama", curve=CURVE, ends=NOW + 3000 * DAY)
    clock = LocalTimestamper(holder=tsa.holder(), clock=lambda: NOW)
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=clock)
    report = inspect_single(signed, office.trust(moment=NOW + 1000 * DAY))
    assert verdict(report) == ("TOTAL_PASSED", None, ())
    assert report.time_source is TimeSource.TIMESTAMP


def test_a_document_time_stamp_proves_existence_as_well(office: Office) -> None:
    tsa = office.authority.tsa("Jam Lama", curve=CURVE, ends=NOW + 3000 * DAY)
    signed = with_document_timestamp(sign_slot(blank(), "ttd_pegawai", office.people[0]), office, tsa=tsa)
    first, second = inspect(signed, trust=office.trust(moment=NOW + 1000 * DAY)).signatures
    assert verdict(first) == ("TOTAL_PASSED", None, ())
    assert verdict(second) == ("TOTAL_PASSED", None, ())


def test_a_certificate_that_had_not_begun_is_refused(office: Office) -> None:
    early = office.authority.person("Cahya", curve=CURVE, begins=NOW + 5 * DAY, ends=NOW + 50 * DAY)
    report = inspect_single(loose(blank(), early), office.trust())
    assert report.indication is Indication.INDETERMINATE
    assert report.sub_indication == "OUT_OF_BOUNDS_NO_POE"
    assert faults(report) == ("not_yet_valid",)


def test_every_certificate_of_a_chain_that_begins_tomorrow_is_not_yet_valid_and_never_expired(office: Office) -> None:
    tomorrow = NOW + DAY
    issuing = office.authority.authority("Penerbit Uji", curve=CURVE, begins=tomorrow, ends=tomorrow + 900 * DAY)
    coming = open_authority("Akar Esok", now=tomorrow + DAY, curve=CURVE)
    under = (
        (office.authority.person("Cahya", curve=CURVE, begins=tomorrow), office.trust()),
        (issuing.person("Cahya", curve=CURVE), office.trust()),
        (
            coming.person("Cahya", curve=CURVE, begins=NOW - DAY),
            Trust(roots=(coming.der,), timestamp_roots=(), moment=NOW),
        ),
    )
    for person, trust in under:
        report = inspect_single(loose(blank(), person), trust)
        assert verdict(report) == ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE", ("not_yet_valid",))
        # The day after it holds.
        after = replace(trust, moment=tomorrow + 2 * DAY)
        assert verdict(inspect_single(loose(blank(), person), after))[0] == "TOTAL_PASSED"


def test_a_document_time_stamp_by_an_authority_that_begins_tomorrow_is_not_yet_valid(office: Office) -> None:
    tsa = office.authority.tsa("Jam Esok", curve=CURVE, begins=NOW + DAY, ends=NOW + 900 * DAY)
    signed = with_document_timestamp(sign_slot(blank(), "ttd_pegawai", office.people[0]), office, tsa=tsa)
    first, second = inspect(signed, trust=office.trust()).signatures
    assert verdict(first) == ("TOTAL_PASSED", None, ())
    assert verdict(second) == ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE", ("not_yet_valid",))


def test_a_time_stamp_before_the_certificate_began_fails(office: Office) -> None:
    early = office.authority.person("Cahya", curve=CURVE, begins=NOW + 5 * DAY, ends=NOW + 50 * DAY)
    signed = loose(blank(), early, timestamper=office.timestamper())
    report = inspect_single(signed, office.trust(moment=NOW + 9 * DAY))
    assert verdict(report) == ("TOTAL_FAILED", "NOT_YET_VALID", ("not_yet_valid",))


@pytest.mark.parametrize("usage", ["key_encipherment", "key_cert_sign"])
def test_a_certificate_for_something_else_does_not_sign(usage: str, office: Office) -> None:
    wrong = office.authority.person("Cahya", curve=CURVE, key_usage=frozenset({"digital_signature"}))
    signed = loose(blank(), wrong)
    other = office.authority.person("Cahya", curve=CURVE, key_usage=frozenset({usage}))
    assert verdict(inspect_single(signed, office.trust()))[0] == "TOTAL_PASSED"
    report = inspect_single(_signed_in_spite_of_usage(other), office.trust())
    assert verdict(report) == ("INDETERMINATE", "CHAIN_CONSTRAINTS_FAILURE", ("key_usage",))


def _signed_in_spite_of_usage(issued: IssuedKey) -> bytes:
    """Sign with a certificate our own `sign` refuses."""
    import io

    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers.pdf_byterange import SignatureObject

    from signing.fields import open_for_signing, slot_target

    writer = open_for_signing(blank())
    target = slot_target(writer, "ttd_pegawai")
    dictionary = SignatureObject(timestamp=NOW, subfilter=SigSeedSubFilter.PADES, bytes_reserved=16384)
    target.fill(dictionary, certify=False)
    filling = dictionary.fill(writer, "sha256", output=io.BytesIO())
    prepared, output = next(filling)
    filling.send(sign_detached(prepared.document_digest, holder=issued.holder(), algorithm="sha256"))
    return bytes(output.getvalue())


def test_a_server_certificate_does_not_sign_documents(office: Office) -> None:
    server = office.authority.person("www.contoh.id", curve=CURVE, purposes=(ExtendedKeyUsageOID.SERVER_AUTH,))
    report = inspect_single(sign_slot(blank(), "ttd_pegawai", server), office.trust())
    assert verdict(report) == ("INDETERMINATE", "CHAIN_CONSTRAINTS_FAILURE", ("key_usage",))


def test_a_time_stamp_by_an_unknown_authority_proves_no_time(office: Office) -> None:
    other = open_authority("Jam Lain", now=NOW - 30 * DAY, curve=CURVE)
    clock = LocalTimestamper(holder=other.tsa("Jam Lain", curve=CURVE).holder(), clock=lambda: NOW)
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=clock)
    report = inspect_single(signed, office.trust())
    assert report.time_source is TimeSource.CLAIMED
    assert verdict(report) == ("TOTAL_PASSED", None, ())
    later = inspect_single(signed, office.trust(moment=NOW + 1000 * DAY))
    assert verdict(later) == ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE", ("expired",))


def test_a_person_s_key_stamps_no_time(office: Office) -> None:
    clock = LocalTimestamper(holder=office.people[1].holder(), clock=lambda: NOW)
    report = inspect_single(sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=clock), office.trust())
    assert report.time_source is TimeSource.CLAIMED


def test_a_root_for_signers_is_no_root_for_clocks(office: Office) -> None:
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=office.timestamper())
    report = inspect_single(signed, Trust(roots=(office.authority.der,), timestamp_roots=(), moment=NOW))
    assert report.time_source is TimeSource.CLAIMED


def test_a_document_time_stamp_by_an_unknown_authority_does_not_pass(office: Office) -> None:
    other = open_authority("Jam Lain", now=NOW - 30 * DAY, curve=CURVE)
    signed = with_document_timestamp(
        sign_slot(blank(), "ttd_pegawai", office.people[0]), office, tsa=other.tsa("Jam", curve=CURVE)
    )
    signature, clock = inspect(signed, trust=office.trust()).signatures
    assert verdict(signature) == ("TOTAL_PASSED", None, ())
    assert verdict(clock) == ("INDETERMINATE", "NO_CERTIFICATE_CHAIN_FOUND", ("untrusted_chain",))


def test_require_names_every_fault(office: Office) -> None:
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])
    with pytest.raises(NotSound) as caught:
        require(inspect(signed, trust=office.trust(moment=NOW + 1000 * DAY)))
    assert caught.value.faults == ("expired",)
    with pytest.raises(NotSound) as unsigned:
        require(inspect(blank(), trust=office.trust()))
    assert unsigned.value.faults == ("missing_signature",)


def test_a_moment_without_a_zone_is_no_moment() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Trust(roots=(), timestamp_roots=(), moment=NOW.replace(tzinfo=None))


@pytest.mark.skipif(not (SHARED / "samples").is_dir(), reason="the real sample files are not at hand")
def test_a_real_signature_whose_certificate_ended_is_neither_passed_nor_failed() -> None:
    root = read_certificate((SHARED / "trust" / "root-ca-indonesia-ds-g1.pem").read_bytes())
    pdf = (SHARED / "samples" / "bsre-2024-hash-signed-no-timestamp.pdf").read_bytes()
    report = inspect_single(pdf, Trust(roots=(root.der,), timestamp_roots=(root.der,), moment=NOW))
    assert verdict(report) == ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE", ("expired",))
    assert report.intact
    assert report.valid
    assert report.covers_whole_file
    assert (report.profile, report.time_source) == ("PAdES-B-B", TimeSource.CLAIMED)
