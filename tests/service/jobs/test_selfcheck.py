"""The installation looks at itself: what is there, what is about to end, what does not answer, each in a sentence."""

from __future__ import annotations

import datetime as dt
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from service.config import FILE_NAME, GatewaySettings, Mail, Oidc, Settings, read_settings
from service.jobs.selfcheck import Finding, Tone, self_check, visitors_address, worst
from service.language import Message, Reader
from service.records import TrustRoot
from service.store import Store
from signing.certificates import read_certificate
from signing.timestamps import answer_timestamp_request
from support.command import Run, command, objects
from support.office import NOW, keys
from support.smtp_server import mailbox
from support.web_client import WebOffice
from support.web_server import serving

KNOWN = {
    "settings",
    "settings_file",
    "schema",
    "database",
    "documents",
    "roots",
    "seal",
    "clock",
    "disk",
    "left",
    "worker",
    "proxy",
    "file_rights",
    "timestamps",
    "oidc",
    "gateway",
    "mail",
}


@pytest.fixture
def settings(store: Store, database_url: str, tmp_path: Path) -> Settings:
    """A real office over the test's store, on SQLite and on PostgreSQL; it trusts one root for everything."""
    root = read_certificate(keys().authority.der)
    with store.transaction() as tx:
        for use in ("signing", "timestamping"):
            tx.trust.add(
                TrustRoot(fingerprint=root.fingerprint, use=use, subject=root.subject, der=root.der, added_at=NOW)
            )
    configured = {"CMB_DATABASE_URL": database_url, "CMB_STORAGE_URL": str(tmp_path / "documents")}
    return read_settings(tmp_path, configured | {"CMB_CHECK_URL": "https://cmb.bkn.contoh.id/periksa"})


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def looked(settings: Settings, *, at: dt.datetime | None = None) -> dict[str, Finding]:
    return {finding.id: finding for finding in self_check(settings, clock=(lambda: at) if at else now)}


def test_everything_is_looked_at_and_told_in_a_sentence(settings: Settings) -> None:
    found = looked(settings)
    assert set(found) >= KNOWN
    assert all(finding.message(Reader()).endswith((".", ")")) for finding in found.values()), found
    assert {found[id_].tone for id_ in ("settings", "schema", "database", "documents")} == {Tone.GOOD}
    assert found["oidc"].tone is Tone.PLAIN


def test_a_settings_file_from_before_is_left_alone_and_what_it_lacks_is_named(tmp_path: Path) -> None:
    run = command(tmp_path)
    run("init")
    file = tmp_path / FILE_NAME
    whole = file.read_text(encoding="utf-8")
    assert read_found(run)["settings_file"]["tone"] == "good"
    assert not (tmp_path / f"{FILE_NAME}.contoh").exists()
    before, _, after = whole.partition("[mail]")
    older = before.replace("trusted_proxy", "# trusted_proxy") + after[after.index("[webhooks]") :]
    file.write_text(older, encoding="utf-8")
    said = run("init").stderr
    assert "belum memuat [mail], trusted_proxy pada [web]; nilai bawaan berlaku" in said
    assert file.read_text(encoding="utf-8") == older
    assert (tmp_path / f"{FILE_NAME}.contoh").read_text(encoding="utf-8") == whole
    found = read_found(run)["settings_file"]
    assert found["tone"] == "plain"
    assert "[mail], trusted_proxy pada [web]" in found["message"]


def read_found(run: Run) -> dict[str, dict[str, str]]:
    (configured,) = objects(run("check-self", "--json", expect=None))
    return {check["id"]: check for check in configured["checks"]}


def test_looking_leaves_nothing_in_the_register(settings: Settings, store: Store) -> None:
    looked(settings)
    with store.reading() as tx:
        assert tx.checks.of("-") == []
        assert tx.events.list() == []


def test_a_database_without_a_schema_is_told_with_the_way_out(settings: Settings, tmp_path: Path) -> None:
    found = looked(replace(settings, database_url=f"sqlite:///{tmp_path / 'tidak-ada.sqlite3'}"))
    assert found["schema"].tone is Tone.BAD
    assert "cmb init" in found["schema"].hint(Reader())
    assert "disk" in found


def test_documents_that_cannot_be_kept_are_told(settings: Settings, tmp_path: Path) -> None:
    shutil.rmtree(tmp_path / "documents")
    (tmp_path / "documents").write_text("bukan folder", encoding="ascii")
    found = looked(settings)
    assert Tone.BAD in {found[name].tone for name in ("documents", "schema") if name in found}


def test_roots_that_end_soon_or_ended_are_told_before_anybody_notices(settings: Settings, store: Store) -> None:
    until = read_certificate(keys().authority.der).not_after
    assert "Root CA Indonesia" in looked(settings)["roots"].hint(Reader())
    soon = looked(settings, at=until - dt.timedelta(days=10))["roots"]
    assert (soon.tone, "segera berakhir" in soon.hint(Reader())) == (Tone.DOUBT, True)
    assert looked(settings, at=until + dt.timedelta(days=1))["roots"].tone is Tone.BAD
    with store.transaction() as tx:
        tx.trust.remove(read_certificate(keys().authority.der).fingerprint)
    assert "setiap formulir akan ditolak" in looked(settings)["roots"].message(Reader())


def test_the_seal_is_opened_and_its_end_is_told(settings: Settings, tmp_path: Path) -> None:
    assert looked(settings)["seal"].tone is Tone.DOUBT
    (tmp_path / "segel.p12").write_bytes(keys().seal.pkcs12(b"rahasia"))
    (tmp_path / "sandi").write_text("rahasia\n", encoding="ascii")
    sealed = replace(settings, seal_key=tmp_path / "segel.p12", seal_passphrase_file=tmp_path / "sandi")
    until = read_certificate(keys().seal.der).not_after
    assert looked(sealed, at=until - dt.timedelta(days=200))["seal"].tone is Tone.GOOD
    assert looked(sealed, at=until - dt.timedelta(days=20))["seal"].tone is Tone.DOUBT
    assert looked(sealed, at=until + dt.timedelta(days=1))["seal"].tone is Tone.BAD
    (tmp_path / "sandi").write_text("salah\n", encoding="ascii")
    assert looked(sealed)["seal"].tone is Tone.BAD
    assert looked(replace(sealed, seal_key=tmp_path / "tidak-ada.p12"))["seal"].tone is Tone.BAD


def test_a_root_and_a_seal_that_begin_tomorrow_are_not_called_good_or_ended(settings: Settings, tmp_path: Path) -> None:
    key = tmp_path / "segel.p12"
    key.write_bytes(keys().seal.pkcs12(b"rahasia"))
    (tmp_path / "sandi").write_text("rahasia", encoding="utf-8")
    (tmp_path / "sandi").chmod(0o600)
    sealed = replace(settings, seal_key=key, seal_passphrase_file=tmp_path / "sandi")
    found = looked(sealed, at=read_certificate(keys().authority.der).not_before - dt.timedelta(days=1))
    for finding in (found["roots"], found["seal"]):
        assert finding.tone is Tone.BAD
        assert "baru berlaku mulai" in finding.message(Reader())
        assert "berakhir" not in finding.message(Reader())


def test_the_time_stamp_authority_is_asked_and_its_clock_compared(settings: Settings) -> None:
    at = NOW
    with serving() as site:
        site.pages["/tsa"] = lambda body: answer_timestamp_request(body, keys().tsa.holder(), at)
        asking = replace(settings, timestamp_url=f"{site.url}/tsa")
        assert looked(asking, at=at)["timestamps"].tone is Tone.GOOD
        late = looked(asking, at=at + dt.timedelta(seconds=20))["timestamps"]
        assert (late.tone, "20 detik" in late.message(Reader())) == (Tone.DOUBT, True)
        assert looked(asking, at=at - dt.timedelta(hours=1))["timestamps"].tone is Tone.BAD
    assert looked(asking, at=at)["timestamps"].tone is Tone.BAD
    assert "belum diatur" in looked(settings)["timestamps"].message(Reader())


def test_the_agencys_provider_is_asked_who_it_is(settings: Settings) -> None:
    with serving() as site:
        oidc = Oidc(issuer=site.url, client_id="cmb", client_secret_file=None, nip_claim="nip", label="SSO")
        asking = replace(settings, oidc=oidc)
        place = "/.well-known/openid-configuration"
        site.pages[place] = b'{"issuer": "' + site.url.encode() + b'"}'
        assert looked(asking)["oidc"].tone is Tone.GOOD
        for wrong in (b'{"issuer": "https://lain.example"}', b"bukan json", b"[]"):
            site.pages[place] = wrong
            assert looked(asking)["oidc"].tone is Tone.BAD


def test_the_gateway_is_asked_whether_it_is_there(settings: Settings, tmp_path: Path) -> None:
    (tmp_path / "sandi-bsre").write_text("rahasia\n", encoding="ascii")
    (tmp_path / "sandi-bsre").chmod(0o600)
    with serving() as site:
        configured = GatewaySettings(url=site.url, user="cmb", password_file=tmp_path / "sandi-bsre", version="auto")
        asking = replace(settings, gateway=configured)
        assert looked(asking)["gateway"].tone is Tone.GOOD
        (tmp_path / "sandi-bsre").chmod(0o644)
        assert "chmod 600" in looked(asking)["gateway"].hint(Reader())
    (tmp_path / "sandi-bsre").chmod(0o600)
    assert "tidak dapat dihubungi" in looked(asking)["gateway"].message(Reader())
    assert looked(settings)["gateway"].tone is Tone.PLAIN


def test_the_mail_server_is_visited_without_a_letter(settings: Settings, tmp_path: Path) -> None:
    with mailbox(tmp_path) as box:
        configured = Mail(
            host=box.host,
            port=box.port,
            security="none",
            user="",
            password_file=None,
            sender="CMB <cmb@contoh.go.id>",
            ca_file=None,
        )
        asking = replace(settings, mail=configured)
        assert looked(asking)["mail"].tone is Tone.GOOD
        assert box.letters == []
    assert looked(asking)["mail"].tone is Tone.BAD
    assert looked(settings)["mail"].tone is Tone.PLAIN


def test_an_address_outsiders_cannot_open_is_told(settings: Settings) -> None:
    for address in ("http://cmb.bkn.contoh.id/periksa", "https://cmb.example.go.id/periksa"):
        assert looked(replace(settings, check_url=address))["settings"].tone is Tone.BAD


def test_the_worst_finding_decides() -> None:
    def finding(tone: Tone) -> Finding:
        return Finding(id="x", tone=tone, said=(Message("check_failed", error="X"),))

    assert worst([finding(Tone.GOOD), finding(Tone.PLAIN)]) is Tone.GOOD
    assert worst([finding(Tone.GOOD), finding(Tone.DOUBT)]) is Tone.DOUBT
    assert worst([finding(Tone.BAD), finding(Tone.DOUBT)]) is Tone.BAD


def test_the_command_says_the_same_in_words_and_as_json(cmb: Run) -> None:
    (configured,) = objects(cmb("check-self", "--json"))
    assert configured["tone"] in ("good", "doubt")
    assert {check["id"] for check in configured["checks"]} >= KNOWN
    assert "Basis data" in cmb("check-self").stdout


def test_what_an_installation_makes_is_its_own_and_rights_that_were_widened_are_told(tmp_path: Path) -> None:
    home = tmp_path / "office"
    run = command(home)
    run("init")
    made = [path for path in home.rglob("*") if path.is_file()]
    assert made
    assert not [path for path in made if path.stat().st_mode & 0o077]
    assert read_found(run)["file_rights"]["tone"] == "good"
    (home / FILE_NAME).chmod(0o644)
    told = read_found(run)["file_rights"]
    assert told["tone"] == "doubt"
    assert str(home / FILE_NAME) in told["message"]
    assert told["hint"] == f"Jalankan: chmod go= {home / FILE_NAME}"


def test_a_worker_that_was_silent_for_a_minute_is_told(settings: Settings, store: Store) -> None:
    assert looked(settings, at=NOW)["worker"].tone is Tone.PLAIN
    with store.transaction() as tx:
        tx.operations.worker_lives("satu", started_at=NOW, now=NOW)
    assert looked(settings, at=NOW)["worker"].tone is Tone.GOOD
    assert looked(settings, at=NOW + dt.timedelta(minutes=2))["worker"].tone is Tone.DOUBT


def test_a_proxy_that_nobody_named_is_told(web: WebOffice) -> None:
    settings, forwarded = web.office.settings, {"X-Forwarded-For": "203.0.113.7"}
    assert visitors_address(web.office.store, settings, lambda: NOW).tone is Tone.PLAIN
    web.app.test_client().get("/", headers=forwarded)
    assert visitors_address(web.office.store, settings, lambda: NOW).tone is Tone.DOUBT
    named = replace(settings, trusted_proxy="10.0.0.1")
    assert visitors_address(web.office.store, named, lambda: NOW).tone is Tone.GOOD
