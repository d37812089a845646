"""Revocation lists: whom each kind covers, what absence means, and that a large one is read once."""

from __future__ import annotations

import datetime as dt

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from signing.demo_authority import IssuedKey
from signing.revocation.crl import read_list, signed_by
from signing.timestamps import LocalTimestamper
from support.pki import CURVE, DAY, NOW, Office, open_office, sign_slot
from support.revocation_lists import issuing_distribution_point, keeping_expired, list_of
from support.single_signature import inspect_single, verdict
from support.small_forms import blank

PLACE = "http://127.0.0.1:9/daftar.crl"
PASSED = ("TOTAL_PASSED", None, ())
REVOKED = ("INDETERMINATE", "REVOKED_NO_POE", ("revoked",))
OPEN = ("INDETERMINATE", "TRY_LATER", ("revocation_unknown",))


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def person(office: Office) -> IssuedKey:
    """A signer whose certificate names a revocation list."""
    return office.authority.person("Cahya Lestari", curve=CURVE, crl_url=PLACE)


@pytest.fixture(scope="module")
def signed(person: IssuedKey) -> bytes:
    return sign_slot(blank(), "ttd_pegawai", person)


def number(person: IssuedKey) -> int:
    return person.certificate.serial_number


def test_a_list_in_pem_is_read_as_well(signed: bytes, person: IssuedKey, office: Office) -> None:
    der = list_of(office.authority, [(number(person), NOW - DAY, None)], at=NOW - DAY)
    pem = x509.load_der_x509_crl(der).public_bytes(Encoding.PEM)
    assert verdict(inspect_single(signed, office.trust(crls=(pem,)))) == REVOKED


@pytest.mark.parametrize(
    "extension",
    [
        (x509.DeltaCRLIndicator(1), True),
        (issuing_distribution_point(only_contains_ca_certs=True), True),
        (issuing_distribution_point(only_some_reasons=frozenset({x509.ReasonFlags.key_compromise})), True),
        (
            issuing_distribution_point(full_name=[x509.UniformResourceIdentifier("http://127.0.0.1:9/bagian-2.crl")]),
            True,
        ),
        (issuing_distribution_point(only_contains_attribute_certs=True), True),
        (issuing_distribution_point(indirect_crl=True), True),
        (x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.32473.9"), b"\x05\x00"), True),
    ],
    ids=["delta", "authorities only", "some reasons", "another part", "attributes", "indirect", "unknown and critical"],
)
def test_silence_in_a_list_of_something_else_says_nothing(
    extension: tuple[x509.ExtensionType, bool], signed: bytes, office: Office
) -> None:
    partial = list_of(office.authority, at=NOW - DAY, extensions=[extension])
    assert verdict(inspect_single(signed, office.trust(crls=(partial,)))) == OPEN


@pytest.mark.parametrize(
    "extension",
    [
        (issuing_distribution_point(only_contains_user_certs=True), True),
        (issuing_distribution_point(full_name=[x509.UniformResourceIdentifier(PLACE)]), True),
        (x509.CRLNumber(7), False),
    ],
    ids=["people only", "its own part", "numbered"],
)
def test_silence_in_a_list_about_the_certificate_says_it_is_in_order(
    extension: tuple[x509.ExtensionType, bool], signed: bytes, office: Office
) -> None:
    about = list_of(office.authority, at=NOW - DAY, extensions=[extension])
    assert verdict(inspect_single(signed, office.trust(crls=(about,)))) == PASSED


@pytest.mark.parametrize("extension", [(x509.DeltaCRLIndicator(1), True), (x509.CRLNumber(7), False)])
def test_whoever_is_listed_is_revoked_by_a_partial_list_too(
    extension: tuple[x509.ExtensionType, bool], signed: bytes, person: IssuedKey, office: Office
) -> None:
    listed = list_of(office.authority, [(number(person), NOW - DAY, None)], at=NOW, extensions=[extension])
    assert verdict(inspect_single(signed, office.trust(crls=(listed,)))) == REVOKED


def test_a_list_for_people_says_nothing_of_an_issuing_authority(office: Office) -> None:
    issuing = office.authority.authority("Penerbit Uji", curve=CURVE, crl_url=PLACE)
    signed = sign_slot(blank(), "ttd_pegawai", issuing.person("Cahya", curve=CURVE))
    for only, expected in (("only_contains_user_certs", OPEN), ("only_contains_ca_certs", PASSED)):
        crl = list_of(office.authority, at=NOW - DAY, extensions=[(issuing_distribution_point(**{only: True}), True)])
        assert verdict(inspect_single(signed, office.trust(crls=(crl,)))) == expected


def test_a_suspended_certificate_is_neither_in_order_nor_revoked(
    signed: bytes, person: IssuedKey, office: Office
) -> None:
    on_hold = x509.ReasonFlags.certificate_hold
    held = list_of(office.authority, [(number(person), NOW - DAY, on_hold)], at=NOW - DAY)
    assert verdict(inspect_single(signed, office.trust(crls=(held,)))) == OPEN


def test_a_suspension_that_was_lifted_is_over(signed: bytes, person: IssuedKey, office: Office) -> None:
    on_hold = x509.ReasonFlags.certificate_hold
    held = list_of(office.authority, [(number(person), NOW - 3 * DAY, on_hold)], at=NOW - 2 * DAY)
    lifted = list_of(office.authority, at=NOW - DAY)
    for given in ((held, lifted), (lifted, held)):
        assert verdict(inspect_single(signed, office.trust(crls=given))) == PASSED


def stamped_long_ago(office: Office) -> tuple[bytes, IssuedKey]:
    """A stamped signature by somebody whose certificate ended a year later."""
    person = office.authority.person("Heri", curve=CURVE, crl_url=PLACE, ends=NOW + 365 * DAY)
    tsa = office.authority.tsa("Jam Lama", curve=CURVE, ends=NOW + 3000 * DAY)
    clock = LocalTimestamper(holder=tsa.holder(), clock=lambda: NOW)
    return sign_slot(blank(), "ttd_pegawai", person, timestamper=clock), person


def test_a_list_made_after_the_certificate_ended_may_have_forgotten_it(office: Office) -> None:
    signed, _ = stamped_long_ago(office)
    late = list_of(office.authority, at=NOW + 500 * DAY)
    report = inspect_single(signed, office.trust(moment=NOW + 501 * DAY, crls=(late,)))
    assert verdict(report) == OPEN


def test_a_list_that_keeps_ended_certificates_may_be_made_later(office: Office) -> None:
    signed, _ = stamped_long_ago(office)
    kept = list_of(office.authority, at=NOW + 500 * DAY, extensions=[(keeping_expired(NOW - 100 * DAY), False)])
    report = inspect_single(signed, office.trust(moment=NOW + 501 * DAY, crls=(kept,)))
    assert verdict(report) == PASSED


def test_a_list_of_the_time_of_signing_is_enough_for_ever(office: Office) -> None:
    signed, _ = stamped_long_ago(office)
    then = list_of(office.authority, at=NOW - DAY)
    assert verdict(inspect_single(signed, office.trust(moment=NOW + 501 * DAY, crls=(then,)))) == PASSED


def test_a_large_list_is_read_and_its_signature_checked_once_for_many_files(person: IssuedKey, office: Office) -> None:
    since = dt.datetime(2025, 1, 1, tzinfo=dt.UTC)
    large = list_of(office.authority, [(10**30 + number, since, None) for number in range(20_000)], at=NOW - DAY)
    files = [sign_slot(blank(), "ttd_pegawai", person) for _ in range(3)]
    read, checked = read_list.cache_info().misses, signed_by.cache_info().misses
    for crl in files:
        # A worker process gets its own copy of the bytes with every piece of work.
        assert verdict(inspect_single(crl, office.trust(crls=(bytes(bytearray(large)),)))) == PASSED
    assert read_list.cache_info().misses == read + 1
    assert signed_by.cache_info().misses == checked + 1
