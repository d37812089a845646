"""Sign-in, sign-out, passwords, security headers, and what was typed when a session ended."""

from __future__ import annotations

import re

import pytest

from service.accounts.accounts import reset_password
from support.api_client import program
from support.office import CAHYA
from support.web_client import PASSWORD, Visit, WebOffice, readable, token_in


def test_the_right_password_opens_and_signing_out_closes(web: WebOffice) -> None:
    visit = web.visit(CAHYA)
    assert "Cahya Lestari" in visit.get("/")
    visit.post("/keluar", at="/")
    assert "Cahya Lestari" not in visit.get("/")


def test_a_wrong_password_is_told_in_words_and_the_login_stays_typed(web: WebOffice) -> None:
    page = web.visit().sign_in(CAHYA, "salah", expect=401)
    assert "tidak cocok" in readable(page)
    assert f'value="{CAHYA}"' in page


def test_a_refused_step_leads_back_to_the_page_it_came_from_and_never_out_of_the_house(web: WebOffice) -> None:
    client = web.visit(CAHYA).client

    def missing_page(referrer: str) -> str:
        return client.get("/tidak-ada", headers={"Referer": referrer}).get_data(as_text=True)

    assert '<a class="button" href="/kegiatan?tahun=2026">' in missing_page("http://localhost/kegiatan?tahun=2026")
    assert 'href="/lain.example/x"' in missing_page("http://localhost//lain.example/x")
    for referrer in ("https://lain.example/kegiatan", "http://localhost/tidak-ada", ""):
        assert "Kembali ke halaman sebelumnya" not in missing_page(referrer)


def test_a_first_password_is_changed_before_anything_else_opens(web: WebOffice) -> None:
    first = reset_password(CAHYA, account_context=web.account_context, actor="admin")
    visit = web.visit()
    assert "harus diganti" in readable(visit.sign_in(CAHYA, first))
    assert "harus diganti" in readable(visit.get("/"))
    refused = visit.post("/sandi", old=first, new="pendek", again="pendek", expect=422)
    assert "12 sampai 200" in readable(refused)
    assert "tidak sama" in readable(visit.post("/sandi", old=first, new="a" * 12, again="b" * 12, expect=422))
    visit.post("/sandi", old=first, new="jalan pagi di kebun", again="jalan pagi di kebun")
    assert "harus diganti" not in readable(visit.get("/"))


def test_who_changes_the_password_is_told_that_programs_are_out(web: WebOffice) -> None:
    calls = program(web, CAHYA)
    calls.get("/submissions")
    visit = web.visit(CAHYA)
    new = "jalan pagi di kebun"
    page = readable(visit.post("/sandi", old=PASSWORD, new=new, again=new))
    assert "sesi di tempat lain berakhir" in page
    assert "1 token dicabut" in page
    calls.get("/submissions", expect=401)


def test_every_answer_forbids_scripts_of_others_frames_and_shared_caches(web: WebOffice) -> None:
    headers = web.visit().client.get("/").headers
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"


def test_what_was_just_said_is_not_taken_back_by_a_document_that_comes_late(web: WebOffice) -> None:
    client = web.visit(CAHYA).client
    assert "Set-Cookie" not in client.get("/kegiatan").headers
    page = client.get("/").get_data(as_text=True)
    assert "Set-Cookie" in client.post("/bahasa", data={"csrf_token": token_in(page), "language": "en"}).headers


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites_and_holds_no_password(web: WebOffice) -> None:
    visit = web.visit()
    page = visit.client.get("/masuk").get_data(as_text=True)
    answer = visit.client.post("/masuk", data={"csrf_token": token_in(page), "login": CAHYA, "password": PASSWORD})
    cookie = answer.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_request_without_its_token_does_nothing(web: WebOffice) -> None:
    visit = web.visit(CAHYA)
    answer = visit.client.post("/keluar")
    assert answer.status_code == 400
    assert "terlalu lama terbuka" in readable(answer.get_data(as_text=True))
    assert "Cahya Lestari" in visit.get("/")


@pytest.mark.parametrize("elsewhere", ["https://evil.example", "//evil.example", "/\\evil.example", "javascript:x"])
def test_after_signing_in_one_never_lands_elsewhere(web: WebOffice, elsewhere: str) -> None:
    visit = web.visit()
    page = visit.client.get("/masuk").get_data(as_text=True)
    sent = {"csrf_token": token_in(page), "login": CAHYA, "password": PASSWORD, "onwards": elsewhere}
    onwards = visit.client.post("/masuk", data=sent).headers["Location"]
    assert onwards.startswith("/")
    assert "evil" not in onwards


def test_what_was_typed_when_the_session_ended_comes_back_after_signing_in_again(web: WebOffice) -> None:
    visit = web.visit(CAHYA)
    token = token_in(visit.get("/delegasi"))
    with web.office.store.transaction() as tx:
        account = tx.accounts.by_login(CAHYA)
        assert account is not None
        tx.accounts.close_sessions(account.id)
    typed = {"csrf_token": token, "reason": "yang saya ketik"}
    ended = visit.client.post("/delegasi", data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    page = ended.get_data(as_text=True)
    assert ended.status_code == 401
    assert "tidak hilang" in readable(page)
    carried = dict(re.findall(r'name="(typed\.[^"]+)" value="([^"]*)"', page))
    assert carried["typed.reason"] == "yang saya ketik"
    again = {"csrf_token": token_in(page), "login": CAHYA, "password": PASSWORD, "onwards": "/delegasi"} | carried
    goes_on = visit.client.post("/masuk", data=again).get_data(as_text=True)
    assert 'action="/delegasi"' in goes_on
    assert 'value="yang saya ketik"' in goes_on


@pytest.mark.parametrize(
    ("page", "secret"),
    [
        ("/sandi", "old"),
        ("/sandi", "new"),
        ("/sandi", "again"),
        ("/tanda-tangan/F-1/kunci", "passphrase"),
        ("/tanda-tangan/bsre", "nik"),
        ("/tanda-tangan/bsre", "totp"),
    ],
)
def test_a_secret_typed_when_the_session_ended_is_said_by_no_page(web: WebOffice, page: str, secret: str) -> None:
    visit = web.visit()
    sent = {"csrf_token": token_in(visit.get("/masuk")), secret: "3174012345678901"}
    ended = visit.client.post(page, data=sent, headers={"Sec-Fetch-Site": "same-origin"})
    assert ended.status_code == 401
    assert "3174012345678901" not in ended.get_data(as_text=True)


def test_what_was_typed_overnight_comes_along_though_the_cookie_is_gone(web: WebOffice) -> None:
    visit = web.visit(CAHYA)
    typed = {"csrf_token": token_in(visit.get("/sandi")), "kind": "coaching", "scope": "yang saya ketik"}
    visit.client.delete_cookie("cmb")
    ended = visit.client.post("/kegiatan/baru", data=typed, headers={"Sec-Fetch-Site": "same-origin"})
    assert ended.status_code == 401
    assert 'name="typed.scope" value="yang saya ketik"' in ended.get_data(as_text=True)
    assert visit.client.post("/periksa").status_code == 400


def test_what_another_site_posts_is_not_carried_through_the_sign_in(web: WebOffice) -> None:
    visit = web.visit()
    token = token_in(visit.get("/masuk"))
    sent = {"csrf_token": token, "new": "tanaman"}
    page = visit.client.post("/sandi", data=sent, headers={"Sec-Fetch-Site": "cross-site"}).get_data(as_text=True)
    assert "tanaman" not in page


def test_the_language_switch_is_remembered_by_the_account(web: WebOffice) -> None:
    visit = web.visit(CAHYA)
    assert '<html lang="en">' in visit.post("/bahasa", at="/", language="en")
    assert '<html lang="en">' in web.visit(CAHYA).get("/")
    assert '<html lang="id">' in Visit(client=web.app.test_client()).get("/")


def test_an_address_that_is_no_page_is_told_with_a_way_back(web: WebOffice) -> None:
    assert "Halaman tidak ada" in readable(web.visit().get("/tidak-ada", expect=404))
