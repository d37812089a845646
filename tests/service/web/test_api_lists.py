"""What a program looks up of long work and of what it was told: by pages, newest first, each with how it stands."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Any

import pytest

from service.jobs.requests import ask
from service.store.events import EventFilter
from service.webhooks import Courier
from support.api_client import Program, give, program
from support.office import CAHYA, HERI, NOW
from support.web_client import WebDoor

# Where nothing is sent, so that no test looks for it.
HOOK = {"url": "https://localhost:1/", "events": ["certificate.issued"]}


@pytest.fixture
def biro(web: WebDoor) -> Program:
    """A program of Heri's, who works at Biro SDM."""
    give(web, HERI, "biro_sdm")
    return program(web, HERI)


def batch(web: WebDoor, title: str, *, minutes: int, actor: str = HERI) -> str:
    asked = ask(
        "issue",
        title,
        {"year": 2025},
        store=web.office.store,
        now=NOW + dt.timedelta(minutes=minutes),
        actor=actor,
        randomness=secrets.token_bytes,
    )
    return asked.id


def pages(calls: Program, path: str, limit: int) -> list[list[Any]]:
    """Every page of a list, as a program walks it."""
    found, cursor = [], ""
    while True:
        page = calls.get(f"{path}?limit={limit}{cursor}")
        found.append(page["items"])
        if page["next_cursor"] is None:
            return found
        cursor = f"&cursor={page['next_cursor']}"


def test_batches_are_listed_newest_first_by_pages_with_their_progress(web: WebDoor, biro: Program) -> None:
    made = [batch(web, f"Pekerjaan {number}", minutes=number) for number in range(3)]
    mine = batch(web, "Pekerjaan Cahya", minutes=9, actor=CAHYA)
    found = pages(biro, "/batches", 2)
    assert [[each["id"] for each in page] for page in found] == [[mine, made[2]], [made[1], made[0]]]
    assert found[0][0] == biro.get(f"/batches/{mine}")
    assert [[each["id"] for each in page] for page in pages(program(web, CAHYA), "/batches", 2)] == [[mine]]


def test_a_stopped_batch_says_so_once_and_the_log_says_who_stopped_it(web: WebDoor, biro: Program) -> None:
    batch_id = batch(web, "Keliru", minutes=0)
    path = f"/batches/{batch_id}/cancellation"
    told = biro.post(path, {}, Idempotency_Key="hentikan-0001")
    assert (told["state"], told["ended_at"]) == ("cancelled", NOW.isoformat())
    assert biro.post(path, {}, Idempotency_Key="hentikan-0001") == told
    assert "sudah berakhir" in biro.post(path, {}, expect=409)["detail"]
    biro.post("/batches/B-0000000000/cancellation", {}, expect=404)
    program(web, HERI, "batches:read").post(path, {}, expect=403)
    with web.office.store.reading() as tx:
        (kept,) = tx.events.search(EventFilter(subject=batch_id, action="batch.cancelled"))
    assert kept.event.actor == HERI


def test_deliveries_tell_what_was_sent_how_often_and_what_came_back(web: WebDoor, biro: Program) -> None:
    store = web.office.store
    hook = biro.post("/webhooks", HOOK, expect=201)["id"]
    other = biro.post("/webhooks", HOOK, expect=201)["id"]
    with store.transaction() as tx:
        assert tx.webhooks.end(other, NOW)
    for number in range(3):
        with store.transaction() as tx:
            tx.webhooks.announce("certificate.issued", {"event": "certificate.issued", "number": f"{number}"}, NOW)
    with store.transaction() as tx:
        (one, two) = [each.id for _, each in tx.webhooks.take_due(NOW, 2, NOW + dt.timedelta(days=1))]
        tx.webhooks.mark_delivered(one, NOW, "200")
        tx.webhooks.mark_not_delivered(two, "timeout", None)
    Courier(store=store, settings=web.office.settings, clock=lambda: NOW).deliver_due()
    path = f"/webhooks/{hook}/deliveries"
    first, second = pages(biro, path, 2)
    found = [(each["state"], each["tries"], each["last_answer"]) for each in (*first, *second)]
    assert found == [("waiting", 1, "address_not_allowed"), ("given_up", 1, "timeout"), ("delivered", 1, "200")]
    newest = first[0]
    assert newest["body"] == {"event": "certificate.issued", "number": "2"}
    assert newest["next_at"] == (NOW + dt.timedelta(minutes=1)).isoformat()
    assert biro.get(f"/webhooks/{other}/deliveries")["items"] == []
    program(web, HERI, "webhooks:write").get(path, expect=403)
    assert biro.call("DELETE", f"/webhooks/{hook}").status_code == 204
    assert [each["state"] for each in biro.get(path)["items"]] == ["given_up", "given_up", "delivered"]
