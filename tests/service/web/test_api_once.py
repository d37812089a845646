"""An idempotency key: what was done once is answered again, not done again."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from service.store import Store
from service.store.accounts import Account
from support.api_client import Program, give, program
from support.office import CAHYA, HERI, NOW, Office
from support.web_client import WebDoor

BLANK = {"kind": "coaching", "employee_nip": CAHYA}
KEY = "rekap-2026-11"


@pytest.fixture
def mine(web: WebDoor) -> Program:
    return program(web, CAHYA)


def blanks(office: Office) -> int:
    with office.store.reading() as tx:
        return len([each for each in tx.events.list(limit=100) if each.action == "blank.prepared"])


def test_the_same_again_is_answered_the_same_and_nothing_is_done_twice(mine: Program, office: Office) -> None:
    first = mine.call("POST", "/forms", json=BLANK, headers={"Idempotency-Key": KEY})
    again = mine.call("POST", "/forms", json=BLANK, headers={"Idempotency-Key": KEY})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.get_json() == first.get_json()
    assert (first.headers.get("Idempotent-Replayed"), again.headers["Idempotent-Replayed"]) == (None, "true")
    assert blanks(office) == 1
    other = mine.post("/forms", BLANK, expect=201, Idempotency_Key=f"{KEY}-2")
    assert other["serial"] != first.get_json()["serial"]


def test_a_pdf_is_answered_again_byte_by_byte(mine: Program) -> None:
    headers = {"Idempotency-Key": KEY, "Accept": "application/pdf"}
    first, again = (mine.call("POST", "/forms", json=BLANK, headers=headers) for _time in range(2))
    assert first.data == again.data
    assert again.mimetype == "application/pdf"


def test_another_request_under_the_same_key_is_refused(mine: Program) -> None:
    mine.post("/forms", BLANK, expect=201, Idempotency_Key=KEY)
    told = mine.post("/forms", BLANK | {"meeting": 2}, expect=422, Idempotency_Key=KEY)
    assert "sudah dipakai" in told["detail"]


def test_keys_of_two_accounts_are_two_keys(web: WebDoor, mine: Program) -> None:
    first = mine.post("/forms", BLANK, expect=201, Idempotency_Key=KEY)
    give(web, HERI, "biro_sdm")
    assert program(web, HERI).post("/forms", BLANK, expect=201, Idempotency_Key=KEY)["serial"] != first["serial"]


def test_while_the_first_is_carried_out_the_second_waits(mine: Program, web: WebDoor) -> None:
    mine.post("/forms", BLANK, expect=201, Idempotency_Key=KEY)
    account = account_of(web)
    with web.office.store.transaction() as tx:
        kept = tx.tokens.idempotency_record(account.id, KEY)
        assert kept is not None
        tx.tokens.release(account.id, KEY)
        assert tx.tokens.claim(account.id, KEY, kept.request_digest, NOW)
    told = mine.post("/forms", BLANK, expect=409, Idempotency_Key=KEY)
    assert "masih dikerjakan" in told["detail"]


def test_what_was_refused_may_be_put_right_under_the_same_key(mine: Program) -> None:
    mentoring = {"kind": "mentoring", "employee_nip": CAHYA}
    mine.post("/forms", mentoring, expect=422, Idempotency_Key=KEY)
    mine.post("/forms", mentoring | {"pembimbing_nip": HERI}, expect=201, Idempotency_Key=KEY)


def test_a_key_of_another_shape_is_told(mine: Program) -> None:
    told = mine.post("/forms", BLANK, expect=422, Idempotency_Key="pendek")
    assert told["errors"][0]["place"] == "Idempotency-Key"


def test_a_secret_is_said_again_to_whoever_asks_again_but_kept_nowhere(web: WebDoor) -> None:
    give(web, HERI, "biro_sdm")
    calls, asked = program(web, HERI), {"url": "https://a.example.go.id/", "events": ["certificate.issued"]}
    told = calls.post("/webhooks", asked, expect=201, Idempotency_Key=KEY)
    assert calls.post("/webhooks", asked, expect=201, Idempotency_Key=KEY) == told
    files = [path.read_bytes() for path in web.office.settings.home.glob("store.sqlite3*")]
    assert not any(told["secret"].encode() in each for each in files)


def test_answers_are_kept_for_a_day_and_abandoned_requests_for_minutes(store: Store) -> None:
    account = Account(id="A-1", login="p", nip=None, password_hash=None, must_change=False, created_at=NOW)
    with store.transaction() as tx:
        tx.accounts.add(account)
        assert tx.tokens.claim("A-1", "selesai-1", "x", NOW)
        tx.tokens.keep_answer("A-1", "selesai-1", 201, {"body": {}})
        assert tx.tokens.claim("A-1", "terputus", "x", NOW)
        assert not tx.tokens.claim("A-1", "terputus", "y", NOW)
        later = NOW + dt.timedelta(minutes=11)
        tx.tokens.sweep_answers(later - dt.timedelta(days=1), later - dt.timedelta(minutes=10))
        assert tx.tokens.idempotency_record("A-1", "terputus") is None
        kept = tx.tokens.idempotency_record("A-1", "selesai-1")
        assert kept is not None
        assert (kept.status, kept.answer) == (201, {"body": {}})
        later = NOW + dt.timedelta(days=2)
        tx.tokens.sweep_answers(later - dt.timedelta(days=1), later - dt.timedelta(minutes=10))
        assert tx.tokens.idempotency_record("A-1", "selesai-1") is None


def account_of(web: WebDoor) -> Account:
    with web.office.store.reading() as tx:
        found = tx.accounts.by_login(CAHYA)
    assert found is not None
    return replace(found)
