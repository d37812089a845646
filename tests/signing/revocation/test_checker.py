"""Revocation: by whose list, as of when, and what follows when no list can be had."""

from __future__ import annotations

import dataclasses

import pytest

from signing.demo_authority import IssuedKey, open_authority
from signing.revocation.fetch import Network
from support.added_evidence import with_security_store
from support.pki import CURVE, DAY, NOW, Office, open_office, sign_slot
from support.single_signature import inspect_single, verdict
from support.small_forms import blank


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture(scope="module")
def announcing(office: Office) -> IssuedKey:
    """A signer whose certificate names a revocation list, as BSrE's do."""
    return office.authority.person("Cahya", curve=CURVE, crl_url="http://127.0.0.1:9/daftar.crl")


def test_a_revoked_certificate_is_refused_from_a_given_list(office: Office) -> None:
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])
    crl = office.authority.revocation_list([(office.people[0], NOW - DAY)], at=NOW - DAY)
    report = inspect_single(signed, office.trust(crls=(crl,)))
    assert verdict(report) == ("INDETERMINATE", "REVOKED_NO_POE", ("revoked",))


def test_a_revoked_certificate_is_refused_from_the_file_s_own_store(office: Office) -> None:
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])
    crl = office.authority.revocation_list([(office.people[0], NOW - DAY)], at=NOW - DAY)
    report = inspect_single(with_security_store(signed, crls=(crl,)), office.trust())
    assert verdict(report) == ("INDETERMINATE", "REVOKED_NO_POE", ("revoked",))


def test_a_revocation_after_the_time_stamp_does_not_reach_back(office: Office) -> None:
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=office.timestamper())
    crl = office.authority.revocation_list([(office.people[0], NOW + 5 * DAY)], at=NOW + 5 * DAY)
    report = inspect_single(signed, office.trust(moment=NOW + 6 * DAY, crls=(crl,)))
    assert verdict(report) == ("TOTAL_PASSED", None, ())


def test_a_time_stamp_after_the_revocation_does_not_help(office: Office) -> None:
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=office.timestamper())
    crl = office.authority.revocation_list([(office.people[0], NOW - DAY)], at=NOW)
    report = inspect_single(signed, office.trust(crls=(crl,)))
    assert verdict(report) == ("INDETERMINATE", "REVOKED_NO_POE", ("revoked",))


def test_a_revoked_issuing_authority_takes_its_people_with_it(office: Office) -> None:
    issuing = office.authority.authority("Penerbit Uji", curve=CURVE)
    signed = sign_slot(blank(), "ttd_pegawai", issuing.person("Cahya", curve=CURVE))
    crl = office.authority.revocation_list([(issuing.issued, NOW - DAY)], at=NOW - DAY)
    report = inspect_single(signed, office.trust(crls=(crl,)))
    assert verdict(report) == ("INDETERMINATE", "REVOKED_CA_NO_POE", ("revoked",))


def test_a_list_by_somebody_else_revokes_nobody(office: Office) -> None:
    twin = open_authority("Akar Uji", now=NOW - 30 * DAY, curve=CURVE)
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0])
    crl = twin.revocation_list([(office.people[0], NOW - DAY)], at=NOW - DAY)
    assert verdict(inspect_single(signed, office.trust(crls=(crl,)))) == ("TOTAL_PASSED", None, ())


def test_a_certificate_that_announces_a_list_cannot_be_judged_without_the_list(
    announcing: IssuedKey, office: Office
) -> None:
    report = inspect_single(sign_slot(blank(), "ttd_pegawai", announcing), office.trust())
    assert verdict(report) == ("INDETERMINATE", "TRY_LATER", ("revocation_unknown",))


def test_a_certificate_that_announces_a_list_cannot_be_judged_when_the_list_is_out_of_reach(
    announcing: IssuedKey, office: Office
) -> None:
    trust = dataclasses.replace(office.trust(), network=Network(hosts=frozenset({"127.0.0.1"})))
    report = inspect_single(sign_slot(blank(), "ttd_pegawai", announcing), trust)
    assert verdict(report) == ("INDETERMINATE", "TRY_LATER", ("revocation_unknown",))


def test_a_certificate_that_announces_a_list_passes_with_a_fresh_list(announcing: IssuedKey, office: Office) -> None:
    crl = office.authority.revocation_list([], at=NOW - DAY)
    signed = sign_slot(blank(), "ttd_pegawai", announcing)
    assert verdict(inspect_single(signed, office.trust(crls=(crl,)))) == ("TOTAL_PASSED", None, ())


def test_a_certificate_that_announces_a_list_cannot_be_judged_with_a_list_that_ran_out(
    announcing: IssuedKey, office: Office
) -> None:
    crl = office.authority.revocation_list([], at=NOW - 20 * DAY)
    report = inspect_single(sign_slot(blank(), "ttd_pegawai", announcing), office.trust(crls=(crl,)))
    assert verdict(report) == ("INDETERMINATE", "TRY_LATER", ("revocation_unknown",))


def test_a_certificate_that_announces_a_list_and_ended_is_said_to_have_ended(
    announcing: IssuedKey, office: Office
) -> None:
    report = inspect_single(sign_slot(blank(), "ttd_pegawai", announcing), office.trust(moment=NOW + 1000 * DAY))
    assert verdict(report) == ("INDETERMINATE", "OUT_OF_BOUNDS_NO_POE", ("expired",))
