"""Pages of messages: listed with their texts, opened to what they are about, private."""

from __future__ import annotations

import re

import pytest

from service.notifications.messages import Message
from service.web.pages import _DESTINATIONS
from support.message_subjects import ABOUT
from support.office import CAHYA, DIAH, HERI, NOW
from support.web_client import WebOffice, readable


@pytest.mark.parametrize("language", ["id", "en"])
def test_messages_are_listed_in_words_and_become_read_when_opened(web: WebOffice, language: str) -> None:
    submission = web.office.submit(web.office.signed())
    visit = web.visit(CAHYA)
    visit.post("/bahasa", at="/pesan", language=language, onwards="/pesan")
    page = visit.get("/pesan")
    subject, new, old = {
        "id": ("Formulir Anda lulus pemeriksaan", "Baru", "Sudah dibuka"),
        "en": ("Your form passed the check", "New", "Opened"),
    }[language]
    assert subject in readable(page)
    assert new in readable(page)
    path = re.search(r"/pesan/\d+", page)
    assert path
    assert submission.id in visit.get(path.group())
    assert old in readable(visit.get("/pesan"))
    web.visit(DIAH).get(path.group(), expect=404)
    web.visit().get("/pesan", expect=401)
    assert "Belum ada pesan" in readable(web.visit(HERI).get("/pesan"))


def test_every_kind_of_message_leads_to_a_page_there_is(web: WebOffice) -> None:
    assert set(_DESTINATIONS) == set(Message)
    assert {endpoint for endpoint, _ in _DESTINATIONS.values()} <= set(web.app.view_functions)
    with web.office.store.transaction() as tx:
        for kind in Message:
            tx.notifications.add(CAHYA, kind, ABOUT[kind], once=kind, at=NOW)
    visit = web.visit(CAHYA)
    page = visit.get("/pesan")
    assert len(re.findall(r"/pesan/\d+", page)) == len(Message)
    for path in re.findall(r"/pesan/\d+", page):
        assert visit.client.get(path).status_code == 302
