"""The network is used only with permission, no more than needed, and never for forbidden addresses."""

from __future__ import annotations

import dataclasses
import pickle
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509 import ocsp

from signing.demo_authority import IssuedKey
from signing.revocation.fetch import Network, Request, exchange, is_public
from signing.timestamps import LocalTimestamper
from signing.trust import Trust
from support.ocsp_responses import ocsp_answer
from support.other_keys import certified
from support.pki import CURVE, DAY, NOW, Office, open_office, sign_slot
from support.revocation_lists import crl_distribution_point, list_of, responder_at
from support.single_signature import inspect_single, verdict
from support.small_forms import blank
from support.web_server import Site, serving

PASSED = ("TOTAL_PASSED", None, ())
OPEN = ("INDETERMINATE", "TRY_LATER", ("revocation_unknown",))
HERE = frozenset({"127.0.0.1"})


@pytest.fixture(scope="module")
def office() -> Office:
    return open_office()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as opened:
        yield opened


def person_of(office: Office, *announced: x509.ExtensionType) -> IssuedKey:
    key = ec.generate_private_key(CURVE)
    certificate = x509.load_der_x509_certificate(certified(office.authority, key, extensions=announced))
    return IssuedKey(key=key, certificate=certificate, above=(office.authority.issued.certificate,))


def allowing(office: Office, folder: Path | None = None, **changes: Any) -> Trust:
    return dataclasses.replace(office.trust(), network=Network(hosts=HERE, folder=folder, **changes))


def test_nothing_is_asked_unless_it_was_allowed(site: Site, office: Office) -> None:
    site.pages["/daftar.crl"] = list_of(office.authority, at=NOW - DAY)
    signed = sign_slot(blank(), "ttd_pegawai", person_of(office, crl_distribution_point(f"{site.url}/daftar.crl")))
    assert verdict(inspect_single(signed, office.trust())) == OPEN
    assert site.asked == []
    assert verdict(inspect_single(signed, allowing(office))) == PASSED
    assert site.asked == ["/daftar.crl"]


def test_nothing_is_asked_that_the_file_itself_answers(site: Site, office: Office) -> None:
    from support.added_evidence import with_security_store

    signed = sign_slot(blank(), "ttd_pegawai", person_of(office, crl_distribution_point(f"{site.url}/daftar.crl")))
    with_list = with_security_store(signed, crls=(list_of(office.authority, at=NOW - DAY),))
    assert verdict(inspect_single(with_list, allowing(office))) == PASSED
    assert site.asked == []


def test_nobody_is_asked_about_a_certificate_of_a_stranger(site: Site) -> None:
    stranger, ours = open_office(), open_office()
    signed = sign_slot(blank(), "ttd_pegawai", person_of(stranger, crl_distribution_point(f"{site.url}/daftar.crl")))
    assert verdict(inspect_single(signed, allowing(ours)))[2] == ("untrusted_chain",)
    assert site.asked == []


def test_one_list_serves_many_files_and_processes(site: Site, office: Office, tmp_path: Path) -> None:
    site.pages["/daftar.crl"] = list_of(office.authority, at=NOW - DAY)
    person = person_of(office, crl_distribution_point(f"{site.url}/daftar.crl"))
    trust = pickle.loads(pickle.dumps(allowing(office, tmp_path / "kept")))  # noqa: S301 - our own bytes
    for _ in range(3):
        assert verdict(inspect_single(sign_slot(blank(), "ttd_pegawai", person), trust)) == PASSED
    assert site.asked == ["/daftar.crl"]


def test_a_kept_list_that_ran_out_is_asked_for_again(site: Site, office: Office, tmp_path: Path) -> None:
    site.pages["/daftar.crl"] = list_of(office.authority, at=NOW - DAY)
    signed = sign_slot(blank(), "ttd_pegawai", person_of(office, crl_distribution_point(f"{site.url}/daftar.crl")))
    assert verdict(inspect_single(signed, allowing(office, tmp_path))) == PASSED
    later = dataclasses.replace(allowing(office, tmp_path), moment=NOW + 20 * DAY)
    assert verdict(inspect_single(signed, later)) == OPEN
    site.pages["/daftar.crl"] = list_of(office.authority, at=NOW + 20 * DAY)
    assert verdict(inspect_single(signed, dataclasses.replace(later, moment=NOW + 20 * DAY + DAY / 24))) == PASSED
    assert len(site.asked) == 3


def test_an_address_that_failed_is_left_in_peace_for_a_while(site: Site, office: Office, tmp_path: Path) -> None:
    signed = sign_slot(blank(), "ttd_pegawai", person_of(office, crl_distribution_point(f"{site.url}/hilang.crl")))
    trust = allowing(office, tmp_path)
    for _ in range(3):
        assert verdict(inspect_single(signed, trust)) == OPEN
    assert site.asked == ["/hilang.crl"]


def test_a_responder_is_asked_when_no_list_answers(site: Site, office: Office, tmp_path: Path) -> None:
    person = person_of(office, crl_distribution_point(f"{site.url}/hilang.crl"), responder_at(f"{site.url}/ocsp"))
    questions: list[bytes] = []

    def answer(question: bytes) -> bytes:
        questions.append(question)
        return ocsp_answer(person.der, office.authority.issued, at=NOW)

    site.pages["/ocsp"] = answer
    signed = sign_slot(blank(), "ttd_pegawai", person)
    for _ in range(2):
        assert verdict(inspect_single(signed, allowing(office, tmp_path))) == PASSED
    assert site.asked == ["/hilang.crl", "/ocsp"]
    asked = ocsp.load_der_ocsp_request(questions[0])
    assert asked.serial_number == person.certificate.serial_number


def test_a_revocation_from_the_network_counts(site: Site, office: Office) -> None:
    person = person_of(office, crl_distribution_point(f"{site.url}/daftar.crl"))
    site.pages["/daftar.crl"] = list_of(
        office.authority, [(person.certificate.serial_number, NOW - DAY, None)], at=NOW - DAY
    )
    signed = sign_slot(blank(), "ttd_pegawai", person)
    assert verdict(inspect_single(signed, allowing(office)))[1] == "REVOKED_NO_POE"


def test_a_clock_s_list_is_asked_for_as_well(site: Site, office: Office) -> None:
    site.pages["/daftar.crl"] = list_of(office.authority, at=NOW - DAY)
    tsa = office.authority.tsa("Jam", curve=CURVE, crl_url=f"{site.url}/daftar.crl")
    clock = LocalTimestamper(holder=tsa.holder(), clock=lambda: NOW)
    signed = sign_slot(blank(), "ttd_pegawai", office.people[0], timestamper=clock)
    assert inspect_single(signed, allowing(office)).time_source.value == "timestamp"


def ask(address: str, *, hosts: frozenset[str] = HERE, largest: int = 1000, seconds: float = 2) -> bytes | None:
    return exchange(Request(address=address, largest=largest), hosts=hosts, seconds=seconds)


def test_a_private_place_is_asked_only_when_it_was_named(site: Site) -> None:
    site.pages["/daftar"] = b"isi"
    assert ask(f"{site.url}/daftar") == b"isi"
    assert ask(f"{site.url}/daftar", hosts=frozenset()) is None
    assert ask(f"{site.url}/daftar", hosts=frozenset({"va.contoh.id"})) is None
    assert site.asked == ["/daftar"]


def test_a_host_name_that_leads_inside_is_not_followed(site: Site) -> None:
    site.pages["/daftar"] = b"isi"
    address = site.url.replace("127.0.0.1", "localhost") + "/daftar"
    assert ask(address, hosts=frozenset()) is None
    assert ask(address, hosts=frozenset({"localhost"})) == b"isi"


def test_a_redirect_leads_nowhere_one_may_not_go_directly(site: Site) -> None:
    site.pages |= {"/daftar": b"isi", "/ke": "/daftar", "/putar": "/putar"}
    site.pages |= {"/dalam": site.url.replace("127.0.0.1", "localhost") + "/daftar", "/berkas": "file:///etc/hostname"}
    assert ask(f"{site.url}/ke") == b"isi"
    assert [ask(f"{site.url}{path}") for path in ("/dalam", "/berkas", "/putar")] == [None] * 3


@pytest.mark.parametrize(
    "address",
    ["file:///etc/hostname", "ftp://127.0.0.1/x", "http://", "http://a@127.0.0.1/x", "http://127.0.0.1:99999/", "x"],
)
def test_an_address_that_is_none_is_not_asked(address: str) -> None:
    assert ask(address) is None


def test_more_than_the_limit_is_not_taken(site: Site) -> None:
    site.pages["/besar"] = bytes(1001)
    assert ask(f"{site.url}/besar") is None
    assert ask(f"{site.url}/besar", largest=1001) == bytes(1001)


def test_a_server_that_drips_is_hung_up_on() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:

        def drip() -> None:
            wire, _ = server.accept()
            with wire:
                wire.sendall(b"HTTP/1.1 200 OK\r\n")
                try:
                    while True:
                        wire.sendall(b"X-Lambat: ya\r\n")
                        time.sleep(0.05)
                except OSError:
                    return

        threading.Thread(target=drip, daemon=True).start()
        began = time.monotonic()
        assert ask(f"http://127.0.0.1:{server.getsockname()[1]}/", seconds=0.3) is None
        assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    "address",
    [
        *(
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
        ),
        *("::", "::127.0.0.1", "::8.8.8.8", "64:ff9b:2::1", "64:ff9b:1::1", "100::1", "3fff::1", "5f00::1", "fec0::1"),
        *("2001::1", "2001:2::1", "2001:20::1", "2001:db8::1", "2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:a00:1"),
        *("192.88.99.1", "192.0.0.9", "192.0.2.1", "198.18.0.1", "198.51.100.1", "203.0.113.1", "240.0.0.1"),
        *("255.255.255.255", "4000::1", "8000::1", "fc00::1", "ff0e::1", "::ffff:0:10.0.0.1", "::ffff:192.88.99.1"),
        *("::1", "fe80::1%eth0", "fd00::1", "::ffff:10.0.0.1", "64:ff9b::a00:1", "2002:a00:1::", "ff02::1"),
    ],
)
def test_no_such_address_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "103.10.10.10", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)
