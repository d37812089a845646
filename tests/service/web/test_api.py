"""The API for programs: the same jobs as the pages, by token; one shape for every failure."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

import pytest

from service.certificates.issue import Issued
from service.web.api import OPERATIONS
from service.web.app import create_app
from support.api_client import BASE, Program, give, program, said
from support.circulating_forms import CirculatingForms
from support.office import CAHYA, DIAH, EKO, HERI, Office, keys
from support.web_client import WebDoor
from support.worker import WorkerOffice

LAST_YEAR = {"tanggal": "4 Maret 2025", "tanggal_tanda_tangan": "5 Maret 2025"}


@pytest.fixture
def mine(web: WebDoor) -> Program:
    """A program of Cahya, an employee."""
    return program(web, CAHYA)


@pytest.fixture
def biro(web: WebDoor) -> Program:
    """A program of Heri's, who works at Biro SDM."""
    give(web, HERI, "biro_sdm")
    return program(web, HERI)


@pytest.fixture
def issued(office: Office) -> Issued:
    office.approved("coaching")
    return office.issue()


def test_a_blank_is_made_as_json_and_as_pdf(mine: Program, office: Office) -> None:
    told = mine.post("/forms", {"kind": "coaching", "employee_nip": CAHYA}, expect=201)
    content = base64.b64decode(told["pdf"])
    assert content.startswith(b"%PDF")
    assert told["digest"] == hashlib.sha256(content).hexdigest()
    assert (told["employee_nip"], told["supervisor_nip"], told["pembimbing_nip"]) == (CAHYA, DIAH, DIAH)
    with office.store.reading() as tx:
        assert tx.blanks.find(told["serial"]) is not None
    asked = {"kind": "mentoring", "employee_nip": CAHYA, "pembimbing_nip": HERI, "meeting": 2, "day": "2026-11-20"}
    answer = mine.call("POST", "/forms", json=asked, headers={"Accept": "application/pdf"})
    assert (answer.status_code, answer.mimetype) == (201, "application/pdf")
    assert answer.data.startswith(b"%PDF")


def test_a_signed_form_is_handed_in_found_listed_and_had_back(mine: Program, office: Office) -> None:
    form = office.signed("coaching", **LAST_YEAR)
    told = mine.send("/submissions?file_name=maret.pdf", form, expect=201)
    assert (told["outcome"], told["state"], told["verdict"]) == ("kept", "verified", "passed")
    again = mine.send("/submissions", form)
    assert again == told
    one = mine.get(f"/submissions/{told['submission']}")
    assert one["submission"]["file_name"] == "maret.pdf"
    assert one["answer"]["record"]["employee"]["nip"] == CAHYA
    assert mine.call("GET", f"/submissions/{told['submission']}/file").data == form
    assert [each["id"] for each in mine.get("/submissions")["items"]] == [told["submission"]]


def test_a_form_on_its_way_moves_on_with_each_signature_and_is_handed_in_with_the_last(
    web: WebDoor, mine: Program, office: Office
) -> None:
    rounds = CirculatingForms(office=office)
    serial = rounds.begun().serial
    unsigned = rounds.signed_elsewhere(serial)
    told = mine.send("/submissions", rounds.signed_elsewhere(serial, CAHYA))
    assert (told["outcome"], told["state"], told["serial"]) == ("moved", "advanced", serial)
    assert mine.send("/submissions", unsigned)["state"] == "already"
    told = program(web, DIAH).send("/submissions", rounds.signed_elsewhere(serial, DIAH), expect=201)
    assert (told["outcome"], told["state"]) == ("kept", "verified")
    assert mine.get(f"/submissions/{told['submission']}")["submission"]["kind"] == "coaching"


def test_rubbish_is_kept_and_refused_with_its_reason(mine: Program) -> None:
    told = mine.send("/submissions", b"bukan PDF", expect=201)
    assert told["state"] == "refused"
    assert told["reasons"][0]["hint"]


def test_lists_come_by_page_and_say_where_the_next_begins(web: WebDoor, biro: Program) -> None:
    sent = [web.office.submit(b"rubbish %d" % place).id for place in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = biro.get(f"/submissions?limit=2{cursor and f'&cursor={cursor}'}")
        seen += [each["id"] for each in page["items"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == sorted(sent)
    assert len(seen) == 5


def test_a_year_is_what_the_command_says(mine: Program, office: Office) -> None:
    office.approved("coaching")
    told = mine.get(f"/jp/{CAHYA}/2025")
    assert (told["nip"], told["year"], told["total"], told["target"]) == (CAHYA, 2025, "2", "20")
    assert told["items"][0]["counted"] is True
    assert told["items"][0]["findings"][0]["cites"]


def test_certificates_are_read_and_had_by_their_holder(mine: Program, issued: Issued) -> None:
    number = issued.certificate.number
    assert mine.get(f"/certificates/{number}")["sha256"] == issued.certificate.digest
    assert mine.call("GET", f"/certificates/{number}/file").data == issued.content
    assert [each["number"] for each in mine.get("/certificates?year=2025")["items"]] == [number]
    assert mine.get("/certificates?year=2024")["items"] == []


def test_certificates_are_issued_as_long_work_whose_progress_is_told(web: WebDoor, biro: Program) -> None:
    web.office.approved("coaching")
    answer = biro.call("POST", "/certificates", json={"year": 2025, "nips": [CAHYA, EKO]})
    told = said(answer, 202)
    assert (told["state"], told["progress"]["total"]) == ("waiting", 0)
    assert answer.headers["Location"] == f"{BASE}/batches/{told['id']}"
    home = web.office.settings.home
    (home / "segel.p12").write_bytes(keys().seal.pkcs12(b"rahasia"))
    (home / "sandi").write_text("rahasia\n")
    sealing = replace(web.office.settings, seal_key=home / "segel.p12", seal_passphrase_file=home / "sandi")
    WorkerOffice(office=replace(web.office, settings=sealing)).run()
    after = biro.get(f"/batches/{told['id']}")
    assert after["progress"]["total"] == 2
    assert after["progress"]["outcomes"] == {"issued": 1, "not_granted": 1}
    first = biro.get(f"/batches/{told['id']}/items?limit=1")
    second = biro.get(f"/batches/{told['id']}/items?limit=1&cursor={first['next_cursor']}")
    assert [each["items"][0]["name"] for each in (first, second)] == [CAHYA, EKO]
    assert second["next_cursor"] is None


def test_a_certificate_is_revoked_once_and_its_check_says_why(biro: Program, issued: Issued) -> None:
    number = issued.certificate.number
    told = biro.post(f"/certificates/{number}/revocation", {"reason": "Nama keliru."})
    assert (told["state"], told["end_reason"]) == ("revoked", "Nama keliru.")
    again = biro.post(f"/certificates/{number}/revocation", {"reason": "Nama keliru."}, expect=409)
    assert "sudah tidak berlaku" in again["detail"]
    check = biro.get(f"/checks/{number}")
    assert (check["state"], check["reason"]) == ("revoked", "Nama keliru.")


def test_a_check_tells_what_the_public_page_does_and_no_more(mine: Program, issued: Issued, office: Office) -> None:
    number = issued.certificate.number
    told = mine.get(f"/checks/{number.lower()}")
    assert (told["state"], told["holder"], told["nip"]) == ("valid", "Cahya Lestari", "1997•••••••••••005")
    assert mine.send("/checks", issued.content)["state"] == "valid"
    assert mine.send("/checks", issued.content + b"\n% ")["state"] == "altered"
    assert mine.send("/checks", b"lain")["state"] == "unknown"
    unknown = mine.get("/checks/CMB-2025-000001-00000000")
    assert unknown == {
        "state": "unknown",
        "number": None,
        "year": None,
        "jp": None,
        "holder": None,
        "issued_at": None,
    }
    office.approved("mentoring", tanggal="20 Mei 2025")
    successor = office.issue().certificate.number
    superseded = mine.call("GET", f"/checks/{number}").get_data(as_text=True)
    assert "superseded" in superseded
    assert successor not in superseded


def test_a_webhook_is_added_listed_without_its_secret_and_ended(biro: Program) -> None:
    asked = {"url": "https://program.example.go.id/cmb", "events": ["certificate.issued"]}
    told = biro.post("/webhooks", asked, expect=201)
    assert told["secret"].startswith("whsec_")
    assert [set(each) for each in biro.get("/webhooks")["items"]] == [{"id", "url", "events", "created_at"}]
    assert biro.call("DELETE", f"/webhooks/{told['id']}").status_code == 204
    assert biro.get("/webhooks")["items"] == []
    said(biro.call("DELETE", f"/webhooks/{told['id']}"), 404)
    refused = biro.post("/webhooks", asked | {"url": "http://program.example.go.id"}, expect=422)
    assert "https" in refused["hint"]


@pytest.mark.parametrize(
    ("body", "places"),
    [
        ({}, {"kind", "employee_nip"}),
        ({"kind": "coaching", "employee_nip": CAHYA, "lain": 1}, {"lain"}),
        ({"kind": "tari", "employee_nip": CAHYA}, {"kind"}),
        ({"kind": "coaching", "employee_nip": "19970821", "meeting": True}, {"employee_nip", "meeting"}),
        ({"kind": "coaching", "employee_nip": CAHYA, "meeting": 5, "day": "2026-02-30"}, {"meeting", "day"}),
        ({"kind": "coaching", "employee_nip": CAHYA + "\n"}, {"employee_nip"}),
        ([], {""}),
    ],
)
def test_everything_wrong_with_what_was_sent_is_told_at_once(mine: Program, body: object, places: set[str]) -> None:
    told = mine.post("/forms", body, expect=422)
    assert {each["place"] for each in told["errors"]} == places


@pytest.mark.parametrize("content", [b"", b"{", b'{"kind": 1, "kind": 2}', b'{"a": NaN}', b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_told_as_that(mine: Program, content: bytes) -> None:
    answer = mine.call("POST", "/forms", data=content[:16_000], content_type="application/json")
    assert "bukan JSON" in said(answer, 422)["detail"]


def test_wrong_types_sizes_methods_and_addresses_are_problems_too(mine: Program) -> None:
    said(mine.call("POST", "/forms", data=b"kind=coaching", content_type="text/plain"), 415)
    said(mine.call("POST", "/submissions", json={}), 415)
    said(mine.call("POST", "/forms", data=b" " * 20_000, content_type="application/json"), 413)
    announced = {"CONTENT_TYPE": "application/pdf", "CONTENT_LENGTH": str(26 * 1024 * 1024)}
    said(mine.call("POST", "/submissions", environ_overrides=announced), 413)
    assert "POST" in mine.call("DELETE", "/forms").headers["Allow"]
    said(mine.call("DELETE", "/forms"), 405)
    said(mine.call("GET", "/tidak-ada"), 404)
    said(mine.call("GET", "/jp/123/2025"), 404)
    told = said(mine.call("GET", "/submissions?limit=0&lain=1&limit=3"), 422)
    assert {each["place"] for each in told["errors"]} == {"limit", "lain"}


def test_a_defect_says_nothing_of_the_inside(web: WebDoor, mine: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("rahasia di dalam")

    monkeypatch.setattr("service.web.api.certificates.accumulate", broken)
    monkeypatch.setitem(web.app.config, "PROPAGATE_EXCEPTIONS", False)
    told = mine.get(f"/jp/{CAHYA}/2025", expect=500)
    assert "rahasia" not in str(told)
    assert "nomor" in told["hint"]


def test_each_program_is_counted_by_itself(web: WebDoor, mine: Program) -> None:
    limited = create_app(web.app.extensions["cmb"], secure=False)
    first = Program(client=limited.test_client(use_cookies=False), token=mine.token)
    other = Program(client=limited.test_client(use_cookies=False), token=program(web, DIAH).token)
    for place in range(30):
        first.get(f"/checks/{place}")
    waits = first.call("GET", "/checks/30")
    said(waits, 429)
    assert int(waits.headers["Retry-After"]) > 0
    other.get("/checks/30")


def test_the_document_names_every_call_scope_and_failure(web: WebDoor) -> None:
    told = web.app.test_client().get(f"{BASE}/openapi.json").get_json()
    assert told["openapi"] == "3.1.0"
    calls = {(method, path) for path, each in told["paths"].items() for method in each}
    assert calls == {(each.method.lower(), each.path) for each in OPERATIONS}
    for each in OPERATIONS:
        responses = told["paths"][each.path][each.method.lower()]["responses"]
        for status in (401, 403, 429, 500, 503):
            assert "application/problem+json" in responses[str(status)]["content"]
    assert told["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
