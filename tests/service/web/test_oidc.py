"""Sign-in by OpenID Connect with a real provider: linking, refused answers, sign-out."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from flask.testing import FlaskClient

from interop.tools import NotInstalled
from service.accounts.accounts import reset_password, set_active
from service.config import Oidc, read_settings
from service.errors import BadInput, MissingResource
from support.office import CAHYA, DIAH, HERI, Office
from support.oidc_provider import CLIENT, Person, running_provider, secret_file
from support.web_client import WebOffice, open_web_office, readable

HOME = "http://localhost/"
BACK = f"{HOME}masuk/instansi/kembali"


@pytest.fixture(scope="module")
def issuer() -> Iterator[str]:
    with ExitStack() as opened:
        try:
            found = opened.enter_context(running_provider(BACK, HOME))
        except NotInstalled as why:
            pytest.skip(f"not run: {why}")
        yield found


def offering(office: Office, tmp_path: Path, issuer: str) -> Office:
    oidc = Oidc(
        issuer=issuer,
        client_id=CLIENT,
        client_secret_file=secret_file(tmp_path),
        nip_claim="nip",
        label="SSO Contoh",
    )
    return replace(office, settings=replace(office.settings, oidc=oidc))


@pytest.fixture
def web(office: Office, tmp_path: Path, issuer: str) -> Iterator[WebOffice]:
    with open_web_office(offering(office, tmp_path, issuer)) as web:
        yield web


@dataclass(frozen=True, slots=True, kw_only=True)
class Browser:
    """A browser, with its cookies for us and for the provider."""

    ours: FlaskClient
    theirs: Person

    def redirection(self, onwards: str = "") -> str:
        """Press the button and return the address it redirects to."""
        return str(self.ours.get(f"/masuk/instansi/?onwards={onwards}").headers["Location"])

    def return_to(self, address: str, *, expect: int = 302) -> str:
        answer = self.ours.get(address.removeprefix(HOME.rstrip("/")))
        assert answer.status_code == expect, readable(answer.get_data(as_text=True))
        return str(answer.headers.get("Location", "")) or readable(answer.get_data(as_text=True))

    def sign_in(self, name: str, *, onwards: str = "", expect: int = 302) -> str:
        return self.return_to(self.theirs.sign_in(self.redirection(onwards), name), expect=expect)

    def change_state(self, **changed: str) -> None:
        """Change our cookie's data of the current sign-in."""
        with self.ours.session_transaction() as session:
            key = next(name for name in session if name.startswith("_state_instansi"))
            session[key] = session[key] | {"data": session[key]["data"] | changed}


def browser(web: WebOffice) -> Browser:
    return Browser(ours=web.app.test_client(), theirs=Person(home=HOME))


def home_page(visitor: Browser) -> str:
    return visitor.ours.get("/", follow_redirects=True).get_data(as_text=True)


def test_the_sign_in_page_offers_the_agencys_account(web: WebOffice) -> None:
    assert "Masuk dengan SSO Contoh" in readable(web.visit().get("/masuk"))


def test_an_employee_without_an_account_gets_one_at_the_first_sign_in(web: WebOffice) -> None:
    with web.office.store.transaction() as tx:
        person = tx.employees.get(CAHYA)
        assert person is not None
        newcomer = replace(person, nip="199901012025061001", name="Baru Contoh", supervisor_nip=DIAH)
        tx.employees.upsert([newcomer])
    visitor = browser(web)
    assert visitor.sign_in("baru:199901012025061001", onwards="/periksa") == "/periksa"
    assert "Baru Contoh" in home_page(visitor)
    with web.office.store.reading() as tx:
        account = tx.accounts.by_nip(newcomer.nip)
    assert account is not None
    assert account.password_hash is None
    assert account.oidc_subject == f"{web.office.settings.oidc and web.office.settings.oidc.issuer} baru"


def test_an_account_with_a_password_is_linked_and_keeps_it(web: WebOffice) -> None:
    visitor = browser(web)
    visitor.sign_in(f"cahya:{CAHYA}")
    assert "Cahya Lestari" in home_page(visitor)
    assert "Cahya Lestari" in web.visit(CAHYA).get("/")
    with web.office.store.reading() as tx:
        account = tx.accounts.by_nip(CAHYA)
        assert account is not None
        done = [event.action for event in tx.events.list(account.id)]
    assert {"account.linked", "account.signed_in"} <= set(done)


def test_a_first_password_nobody_used_is_void_after_coming_in_with_the_agencys_account(web: WebOffice) -> None:
    first = reset_password(CAHYA, account_context=web.account_context, actor="admin")
    visitor = browser(web)
    visitor.sign_in(f"cahya:{CAHYA}")
    assert "harus diganti" not in home_page(visitor)
    web.visit().sign_in(CAHYA, first, expect=401)


def test_a_subject_never_moves_to_another_person_nor_a_person_to_another_subject(web: WebOffice) -> None:
    browser(web).sign_in(f"cahya:{CAHYA}")
    assert "untuk NIP lain" in browser(web).sign_in(f"cahya:{HERI}", expect=401)
    assert "akun instansi yang lain" in browser(web).sign_in(f"penyamar:{CAHYA}", expect=401)
    visitor = browser(web)
    visitor.sign_in(f"cahya:{CAHYA}")
    assert "Cahya Lestari" in home_page(visitor)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("tanpa", "tidak menyebut NIP"),
        ("aneh:bukan-nip", "tidak menyebut NIP"),
        ("luar:199901012025061009", "tidak ada pada data kepegawaian"),
    ],
)
def test_whoever_is_no_employee_is_told_so_and_stays_outside(web: WebOffice, name: str, sentence: str) -> None:
    visitor = browser(web)
    assert sentence in visitor.sign_in(name, expect=401)
    assert "Keluar" not in home_page(visitor)


def test_a_closed_account_stays_closed(web: WebOffice) -> None:
    set_active(CAHYA, active=False, account_context=web.account_context, actor="admin")
    assert "sudah ditutup" in browser(web).sign_in(f"cahya:{CAHYA}", expect=401)


def test_an_answer_to_another_browsers_request_is_refused(web: WebOffice) -> None:
    victim, attacker = browser(web), browser(web)
    victim.redirection()
    planted = attacker.theirs.sign_in(attacker.redirection(), f"heri:{HERI}")
    assert "tidak cocok dengan permintaan" in victim.return_to(planted, expect=401)
    assert "Heri" not in home_page(victim)


def test_a_code_put_into_another_request_is_refused_by_its_proof_key(web: WebOffice) -> None:
    victim, attacker = browser(web), browser(web)
    own_state = parse_qs(urlsplit(victim.redirection()).query)["state"][0]
    stolen = parse_qs(urlsplit(attacker.theirs.sign_in(attacker.redirection(), f"heri:{HERI}")).query)["code"][0]
    assert "tidak cocok" in victim.return_to(f"{BACK}?code={stolen}&state={own_state}", expect=401)


def test_an_answer_is_good_for_one_time(web: WebOffice) -> None:
    visitor = browser(web)
    address = visitor.theirs.sign_in(visitor.redirection(), f"cahya:{CAHYA}")
    visitor.return_to(address)
    assert "tidak cocok" in visitor.return_to(address, expect=401)


def test_a_token_made_for_another_request_is_refused(web: WebOffice) -> None:
    visitor = browser(web)
    address = visitor.theirs.sign_in(visitor.redirection(), f"cahya:{CAHYA}")
    visitor.change_state(nonce="yang-lain")
    assert "tidak cocok" in visitor.return_to(address, expect=401)
    assert "Cahya" not in home_page(visitor)


def test_an_answer_of_another_provider_is_refused(web: WebOffice) -> None:
    visitor = browser(web)
    address = visitor.theirs.sign_in(visitor.redirection(), f"cahya:{CAHYA}")
    query = parse_qs(urlsplit(address).query)
    mixed_up = f"{BACK}?code={query['code'][0]}&state={query['state'][0]}&iss=https://lain.example"
    assert "tidak cocok" in visitor.return_to(mixed_up, expect=401)


def test_starting_over_and_over_does_not_fill_the_cookie(web: WebOffice) -> None:
    visitor = browser(web)
    for _time in range(12):
        address = visitor.redirection()
    cookie = visitor.ours.get_cookie("cmb")
    assert cookie is not None
    assert len(cookie.value) < 2000
    visitor.return_to(visitor.theirs.sign_in(address, f"cahya:{CAHYA}"))
    assert "Cahya Lestari" in home_page(visitor)


def test_turning_round_at_the_provider_is_told_plainly(web: WebOffice) -> None:
    visitor = browser(web)
    assert "dibatalkan" in visitor.return_to(visitor.theirs.refuse(visitor.redirection()), expect=401)


def test_signing_out_leads_to_the_providers_own_sign_out_and_back(web: WebOffice) -> None:
    visitor = browser(web)
    visitor.sign_in(f"cahya:{CAHYA}")
    page = visitor.ours.get("/").get_data(as_text=True)
    token = page.partition('name="csrf-token" content="')[2].partition('"')[0]
    left = visitor.ours.post("/keluar", data={"csrf_token": token}, follow_redirects=True)
    assert "Anda sudah keluar" in readable(left.get_data(as_text=True))
    sign_out_url = left.headers["Refresh"].partition("url=")[2]
    assert "id_token_hint=" in sign_out_url
    assert visitor.theirs.leave(sign_out_url).startswith(HOME)
    assert "Keluar" not in home_page(visitor)
    # After signing out, the page of signing out redirects home.
    assert visitor.ours.get("/masuk/instansi/keluar").headers["Location"] == "/"


def test_a_provider_that_calls_itself_something_else_is_not_believed(
    office: Office, tmp_path: Path, issuer: str
) -> None:
    misnamed = offering(office, tmp_path, issuer.replace("127.0.0.1", "localhost"))
    with open_web_office(misnamed) as web:
        page = web.visit().get("/masuk/instansi/", expect=503)
    assert "menyebut dirinya lain" in readable(page)


def test_a_provider_that_is_away_leaves_the_password_way(office: Office, tmp_path: Path) -> None:
    with open_web_office(offering(office, tmp_path, "http://127.0.0.1:9")) as web:
        text = readable(web.visit().get("/masuk/instansi/", expect=503))
        assert "tidak dapat dihubungi" in text
        assert "kata sandi" in text
        assert "Cahya Lestari" in web.visit(CAHYA).get("/")


def test_without_settings_there_is_no_button_and_no_page(office: Office) -> None:
    with open_web_office(office) as web:
        assert "atau" not in readable(web.visit().get("/masuk")).partition("Lupa")[0]
        web.visit().get("/masuk/instansi/", expect=404)


def test_a_secret_that_is_not_there_stops_the_door_at_once(office: Office, tmp_path: Path) -> None:
    without_secret = offering(office, tmp_path, "http://127.0.0.1:9")
    secret_file(tmp_path).unlink()
    with pytest.raises(MissingResource, match="Rahasia klien"), open_web_office(without_secret):
        pass


def test_the_settings_ask_for_https_and_a_client(tmp_path: Path) -> None:
    environment = {"CMB_OIDC_ISSUER": "https://sso.example.go.id", "CMB_OIDC_CLIENT_ID": "cmb"}
    oidc = read_settings(tmp_path, environment).oidc
    assert oidc is not None
    assert (oidc.nip_claim, oidc.client_secret_file) == ("nip", None)
    with pytest.raises(BadInput, match="settings_oidc_http"):
        read_settings(tmp_path, environment | {"CMB_OIDC_ISSUER": "http://sso.example.go.id"})
    with pytest.raises(BadInput, match="settings_oidc_client_missing"):
        read_settings(tmp_path, environment | {"CMB_OIDC_CLIENT_ID": ""})
