"""Revocation on the command line: lists from a file or a folder, the network only when it was switched on."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from service.bootstrap import trust_of
from service.cli.context import CliContext
from service.config import read_settings
from service.errors import BadInput
from signing.demo_authority import open_authority
from support.command import command, objects
from support.pki import CURVE, Office, sign_slot
from support.small_forms import blank
from support.web_server import serving

DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def office() -> Office:
    """People of today, since the command reads today's clock."""
    authority = open_authority("Akar Uji", now=dt.datetime.now(dt.UTC) - 30 * DAY, curve=CURVE)
    person = authority.person("Cahya Lestari", curve=CURVE)
    return Office(authority=authority, people=(person,) * 3, tsa=person)


def indications(folder: Path, office: Office, url: str, *more: object) -> list[str]:
    person = office.authority.person("Cahya Lestari", curve=CURVE, crl_url=url)
    (folder / "akar.pem").write_bytes(office.authority.pem)
    (folder / "berkas.pdf").write_bytes(sign_slot(blank(), "ttd_pegawai", person, at=dt.datetime.now(dt.UTC)))
    words = ("inspect", folder / "berkas.pdf", "--trust", folder / "akar.pem", "--json", *more)
    (answer,) = objects(command(folder / "home")(*words, expect=None))
    return [signature["sub_indication"] or signature["indication"] for signature in answer["signatures"]]


def test_inspect_takes_lists_and_asks_nobody_at_a_private_address(tmp_path: Path, office: Office) -> None:
    crl = office.authority.revocation_list([], at=dt.datetime.now(dt.UTC) - DAY)
    (tmp_path / "daftar.crl").write_bytes(crl)
    with serving() as site:
        site.pages["/daftar.crl"] = crl
        url = f"{site.url}/daftar.crl"
        assert indications(tmp_path, office, url) == ["TRY_LATER"]
        assert indications(tmp_path, office, url, "--network") == ["TRY_LATER"]
        assert site.asked == []
    assert indications(tmp_path, office, url, "--crl", tmp_path / "daftar.crl") == ["TOTAL_PASSED"]


def test_the_installation_says_whether_and_whom_it_asks(tmp_path: Path) -> None:
    home = tmp_path / "home"
    command(home)("init")
    (home / "crl").mkdir()
    (home / "crl" / "bsre.crl").write_bytes(b"daftar")
    (home / "crl" / "catatan.txt").write_bytes(b"bukan daftar")
    now = dt.datetime.now(dt.UTC)
    context = CliContext(home=home, environ={}, clock=lambda: now, randomness=bytes)
    with context.store(context.settings()) as store:
        trust = trust_of(store, context.settings(), now)
        assert (trust.crls, trust.network) == ((b"daftar",), None)
        settings_text = (home / "cmb.toml").read_text(encoding="utf-8")
        settings_text = settings_text.replace("network = false", "network = true").replace(
            "hosts = []", 'hosts = ["VA.bsre.go.id"]'
        )
        (home / "cmb.toml").write_text(settings_text, encoding="utf-8")
        network = trust_of(store, context.settings(), now).network
    assert network is not None
    assert network.hosts == {"va.bsre.go.id"}
    assert network.folder == home.absolute() / "revocation"


def test_hosts_that_are_no_list_are_refused(tmp_path: Path) -> None:
    (tmp_path / "cmb.toml").write_text('[revocation]\nhosts = "va.bsre.go.id"\n', encoding="utf-8")
    with pytest.raises(BadInput, match="settings_hosts_wrong"):
        read_settings(tmp_path, {})
