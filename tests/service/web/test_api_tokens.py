"""Tokens for programs: shown once, limited by scope and account, revoked at once."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import pytest

from service.accounts.accounts import SCOPES, make_token, reset_password, set_active, token_of
from service.accounts.login import AccountContext
from service.errors import BadInput
from service.store.accounts import Account
from service.web.api import OPERATIONS
from service.web.filters import SCOPE_LABELS
from support.api_client import Program, json_of, program
from support.command import Run, objects
from support.office import CAHYA, HERI, NOW
from support.web_client import WebOffice, readable


def account(web: WebOffice, nip: str = CAHYA) -> Account:
    with web.office.store.reading() as tx:
        found = tx.accounts.by_login(nip)
    assert found is not None
    return found


def later(web: WebOffice, days: float) -> AccountContext:
    return replace(web.account_context, clock=lambda: NOW + dt.timedelta(days=days))


def test_without_a_token_nothing_opens_and_a_cookie_is_no_token(web: WebOffice) -> None:
    browser = web.visit(CAHYA).client
    answer = browser.get("/api/v1/submissions")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")
    json_of(answer, 401)
    for sent in ("Basic eDp5", "Bearer", "Bearer cmb_0", "Bearer " + "x" * 5000, "cmb_" + "0" * 64):
        json_of(browser.get("/api/v1/submissions", headers={"Authorization": sent}), 401)


def test_a_token_opens_no_page(web: WebOffice) -> None:
    shown = program(web, CAHYA).token
    answer = web.app.test_client().get("/data-saya", headers={"Authorization": f"Bearer {shown}"})
    assert answer.status_code == 401


def test_a_token_does_what_its_scopes_say_and_nothing_else(web: WebOffice) -> None:
    narrow = program(web, CAHYA, "jp:read")
    narrow.get(f"/jp/{CAHYA}/2025")
    answer = narrow.call("GET", "/submissions")
    assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert "submissions:read" in json_of(answer, 403)["detail"]


def test_only_its_digest_is_kept(web: WebOffice) -> None:
    _token, shown = make_token(account(web), "uji", ("jp:read",), 1, account_context=web.account_context)
    files = [path.read_bytes() for path in web.office.settings.home.glob("store.sqlite3*")]
    assert not any(shown.encode() in content or shown.removeprefix("cmb_").encode() in content for content in files)


def test_it_ends_by_itself_and_its_last_use_is_known(web: WebOffice) -> None:
    token, shown = make_token(account(web), "uji", ("jp:read",), 2, account_context=web.account_context)
    assert token_of(shown, account_context=later(web, 1)) is not None
    with web.office.store.reading() as tx:
        stored = tx.tokens.get(token.id)
    assert stored is not None
    assert stored.used_at == NOW + dt.timedelta(days=1)
    assert token_of(shown, account_context=later(web, 2)) is None


def test_it_ends_with_its_account_and_rests_while_the_password_is_reset(web: WebOffice) -> None:
    calls = program(web, CAHYA)
    calls.get("/submissions")
    reset_password(CAHYA, account_context=web.account_context, actor="admin")
    calls.get("/submissions", expect=401)
    other = program(web, HERI)
    set_active(HERI, active=False, account_context=web.account_context, actor="admin")
    other.get("/submissions", expect=401)


@pytest.mark.parametrize(
    ("name", "scopes", "days"),
    [("", ("jp:read",), 1), ("x" * 61, ("jp:read",), 1), ("a", (), 1), ("a", ("semua",), 1), ("a", ("jp:read",), 366)],
)
def test_what_cannot_be_a_token_is_not_made(web: WebOffice, name: str, scopes: tuple[str, ...], days: int) -> None:
    with pytest.raises(BadInput):
        make_token(account(web), name, scopes, days, account_context=web.account_context)


def test_its_owner_makes_and_revokes_it_on_a_page_and_sees_it_once(web: WebOffice) -> None:
    visit = web.visit(CAHYA)
    page = visit.post("/data-saya/token", name="Rekap bulanan", scope=["jp:read"], days="30")
    (shown,) = set(re.findall(r"cmb_[0-9a-f]{64}", page))
    calls = Program(client=web.app.test_client(), token=shown)
    calls.get(f"/jp/{CAHYA}/2025")
    again = visit.get("/data-saya/token")
    assert shown not in again
    assert "Rekap bulanan" in readable(again)
    (token_id,) = set(re.findall(r"T-[0-9A-Z]{10}", again))
    web.visit(HERI).post(f"/data-saya/token/{token_id}/cabut", at="/data-saya/token", expect=422)
    calls.get(f"/jp/{CAHYA}/2025")
    assert "Dicabut" in readable(visit.post(f"/data-saya/token/{token_id}/cabut", at="/data-saya/token"))
    calls.get(f"/jp/{CAHYA}/2025", expect=401)


def test_what_is_wrong_is_told_beside_what_was_typed(web: WebOffice) -> None:
    page = web.visit(CAHYA).post("/data-saya/token", name="Rekap bulanan", days="30", expect=422)
    assert "Cakupan tidak dikenal" in readable(page)
    assert 'value="Rekap bulanan"' in page


def test_the_command_makes_lists_and_revokes_them(cmb: Run) -> None:
    nip = objects(cmb("employees", "list", "--json"))[0]["nip"]
    cmb("accounts", "add", nip)
    made = objects(cmb("tokens", "add", nip, "--name", "uji", "--scope", "jp:read", "--json"))[0]
    assert re.fullmatch(r"cmb_[0-9a-f]{64}", made["token"])
    listed = cmb("tokens", "list", nip, "--json")
    assert objects(listed)[0]["state"] == "berlaku"
    assert made["token"] not in listed.output
    cmb("tokens", "revoke", made["id"])
    assert objects(cmb("tokens", "list", nip, "--json"))[0]["state"] == "dicabut"


def test_every_scope_opens_something_and_has_words_for_its_maker() -> None:
    assert tuple(SCOPE_LABELS) == SCOPES
    assert {operation.scope for operation in OPERATIONS} == set(SCOPES)
