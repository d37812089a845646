"""The API for programs: forms, submissions, certificates, webhooks, errors and limits."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import replace

import pytest

from service.certificates.issue import Issued
from service.web.api import OPERATIONS
from service.web.app import create_app
from support.api_client import BASE, Program, give_roles, json_of, program
from support.circulating_forms import CirculatingForms
from support.office import CAHYA, DIAH, EKO, HERI, Office, keys
from support.web_client import WebOffice
from support.worker import WorkerOffice

LAST_YEAR = {"tanggal": "4 Maret 2025", "tanggal_tanda_tangan": "5 Maret 2025"}


@pytest.fixture
def mine(web: WebOffice) -> Program:
    """A program of Cahya, an employee."""
    return program(web, CAHYA)


@pytest.fixture
def biro(web: WebOffice) -> Program:
    """A program of Heri's, who works at Biro SDM."""
    give_roles(web, HERI, "biro_sdm")
    return program(web, HERI)


@pytest.fixture
def issued(office: Office) -> Issued:
    office.approved("coaching")
    return office.issue()


def test_a_blank_is_made_as_json_and_as_pdf(mine: Program, office: Office) -> None:
    form = mine.post("/forms", {"kind": "coaching", "employee_nip": CAHYA}, expect=201)
    content = base64.b64decode(form["pdf"])
    assert content.startswith(b"%PDF")
    assert form["digest"] == hashlib.sha256(content).hexdigest()
    assert (form["employee_nip"], form["supervisor_nip"], form["pembimbing_nip"]) == (CAHYA, DIAH, DIAH)
    with office.store.reading() as tx:
        assert tx.blanks.find(form["serial"]) is not None
    body = {"kind": "mentoring", "employee_nip": CAHYA, "pembimbing_nip": HERI, "meeting": 2, "day": "2026-11-20"}
    answer = mine.call("POST", "/forms", json=body, headers={"Accept": "application/pdf"})
    assert (answer.status_code, answer.mimetype) == (201, "application/pdf")
    assert answer.data.startswith(b"%PDF")


def test_a_signed_form_is_handed_in_found_listed_and_had_back(mine: Program, office: Office) -> None:
    form = office.signed("coaching", **LAST_YEAR)
    received = mine.send("/submissions?file_name=maret.pdf", form, expect=201)
    assert (received["outcome"], received["state"], received["verdict"]) == ("kept", "verified", "passed")
    again = mine.send("/submissions", form)
    assert again == received
    submission_payload = mine.get(f"/submissions/{received['submission']}")
    assert submission_payload["submission"]["file_name"] == "maret.pdf"
    assert submission_payload["answer"]["record"]["employee"]["nip"] == CAHYA
    assert mine.call("GET", f"/submissions/{received['submission']}/file").data == form
    assert [submission["id"] for submission in mine.get("/submissions")["items"]] == [received["submission"]]


def test_a_form_on_its_way_moves_on_with_each_signature_and_is_handed_in_with_the_last(
    web: WebOffice, mine: Program, office: Office
) -> None:
    rounds = CirculatingForms(office=office)
    serial = rounds.begun().serial
    unsigned = rounds.signed_elsewhere(serial)
    received = mine.send("/submissions", rounds.signed_elsewhere(serial, CAHYA))
    assert (received["outcome"], received["state"], received["serial"]) == ("moved", "advanced", serial)
    assert mine.send("/submissions", unsigned)["state"] == "already"
    received = program(web, DIAH).send("/submissions", rounds.signed_elsewhere(serial, DIAH), expect=201)
    assert (received["outcome"], received["state"]) == ("kept", "verified")
    assert mine.get(f"/submissions/{received['submission']}")["submission"]["kind"] == "coaching"


def test_rubbish_is_kept_and_refused_with_its_reason(mine: Program) -> None:
    received = mine.send("/submissions", b"bukan PDF", expect=201)
    assert received["state"] == "refused"
    assert received["reasons"][0]["hint"]


def test_lists_come_by_page_and_say_where_the_next_begins(web: WebOffice, biro: Program) -> None:
    sent = [web.office.submit(b"rubbish %d" % number).id for number in range(5)]
    seen, cursor = [], ""
    while cursor is not None:
        page = biro.get(f"/submissions?limit=2{cursor and f'&cursor={cursor}'}")
        seen += [submission["id"] for submission in page["items"]]
        cursor = page["next_cursor"]
    assert sorted(seen) == sorted(sent)
    assert len(seen) == 5


def test_a_year_is_what_the_command_says(mine: Program, office: Office) -> None:
    office.approved("coaching")
    year = mine.get(f"/jp/{CAHYA}/2025")
    assert (year["nip"], year["year"], year["total"], year["target"]) == (CAHYA, 2025, "2", "20")
    assert year["items"][0]["counted"] is True
    assert year["items"][0]["findings"][0]["cites"]


def test_certificates_are_read_and_had_by_their_holder(mine: Program, issued: Issued) -> None:
    number = issued.certificate.number
    assert mine.get(f"/certificates/{number}")["sha256"] == issued.certificate.digest
    assert mine.call("GET", f"/certificates/{number}/file").data == issued.content
    assert [certificate["number"] for certificate in mine.get("/certificates?year=2025")["items"]] == [number]
    assert mine.get("/certificates?year=2024")["items"] == []


def test_certificates_are_issued_as_long_work_whose_progress_is_told(web: WebOffice, biro: Program) -> None:
    web.office.approved("coaching")
    answer = biro.call("POST", "/certificates", json={"year": 2025, "nips": [CAHYA, EKO]})
    started = json_of(answer, 202)
    assert (started["state"], started["progress"]["total"]) == ("waiting", 0)
    assert answer.headers["Location"] == f"{BASE}/batches/{started['id']}"
    home = web.office.settings.home
    (home / "segel.p12").write_bytes(keys().seal.pkcs12(b"rahasia"))
    (home / "sandi").write_text("rahasia\n")
    sealing = replace(web.office.settings, seal_key=home / "segel.p12", seal_passphrase_file=home / "sandi")
    WorkerOffice(office=replace(web.office, settings=sealing)).run()
    after = biro.get(f"/batches/{started['id']}")
    assert after["progress"]["total"] == 2
    assert after["progress"]["outcomes"] == {"issued": 1, "not_granted": 1}
    first = biro.get(f"/batches/{started['id']}/items?limit=1")
    second = biro.get(f"/batches/{started['id']}/items?limit=1&cursor={first['next_cursor']}")
    assert [page["items"][0]["name"] for page in (first, second)] == [CAHYA, EKO]
    assert second["next_cursor"] is None


def test_archive_time_stamps_are_asked_for_as_long_work(biro: Program, issued: Issued) -> None:
    for body in ({}, {"numbers": [issued.certificate.number]}):
        started = json_of(biro.call("POST", "/certificates/renewals", json=body), 202)
        assert (started["kind"], started["state"]) == ("renew", "waiting")


def test_a_certificate_is_revoked_once_and_its_check_says_why(biro: Program, issued: Issued) -> None:
    number = issued.certificate.number
    certificate = biro.post(f"/certificates/{number}/revocation", {"reason": "Nama keliru."})
    assert (certificate["state"], certificate["end_reason"]) == ("revoked", "Nama keliru.")
    again = biro.post(f"/certificates/{number}/revocation", {"reason": "Nama keliru."}, expect=409)
    assert "sudah tidak berlaku" in again["detail"]
    check = biro.get(f"/checks/{number}")
    assert (check["state"], check["reason"]) == ("revoked", "Nama keliru.")


def test_a_check_tells_what_the_public_page_does_and_no_more(mine: Program, issued: Issued, office: Office) -> None:
    number = issued.certificate.number
    check = mine.get(f"/checks/{number.lower()}")
    assert (check["state"], check["holder"], check["nip"]) == ("valid", "Cahya Lestari", "1997•••••••••••005")
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
    body = {"url": "https://program.example.go.id/cmb", "events": ["certificate.issued"]}
    added = biro.post("/webhooks", body, expect=201)
    assert added["secret"].startswith("whsec_")
    assert [set(webhook) for webhook in biro.get("/webhooks")["items"]] == [{"id", "url", "events", "created_at"}]
    assert biro.call("DELETE", f"/webhooks/{added['id']}").status_code == 204
    assert biro.get("/webhooks")["items"] == []
    json_of(biro.call("DELETE", f"/webhooks/{added['id']}"), 404)
    refused = biro.post("/webhooks", body | {"url": "http://program.example.go.id"}, expect=422)
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
    problem = mine.post("/forms", body, expect=422)
    assert {error["place"] for error in problem["errors"]} == places


@pytest.mark.parametrize("content", [b"", b"{", b'{"kind": 1, "kind": 2}', b'{"a": NaN}', b"\xff", b"[" * 100_000])
def test_what_is_no_json_is_told_as_that(mine: Program, content: bytes) -> None:
    answer = mine.call("POST", "/forms", data=content[:16_000], content_type="application/json")
    assert "bukan JSON" in json_of(answer, 422)["detail"]


def test_wrong_types_sizes_methods_and_addresses_are_problems_too(mine: Program) -> None:
    json_of(mine.call("POST", "/forms", data=b"kind=coaching", content_type="text/plain"), 415)
    json_of(mine.call("POST", "/submissions", json={}), 415)
    json_of(mine.call("POST", "/forms", data=b" " * 20_000, content_type="application/json"), 413)
    announced = {"CONTENT_TYPE": "application/pdf", "CONTENT_LENGTH": str(26 * 1024 * 1024)}
    json_of(mine.call("POST", "/submissions", environ_overrides=announced), 413)
    assert "POST" in mine.call("DELETE", "/forms").headers["Allow"]
    json_of(mine.call("DELETE", "/forms"), 405)
    json_of(mine.call("GET", "/tidak-ada"), 404)
    json_of(mine.call("GET", "/jp/123/2025"), 404)
    problem = json_of(mine.call("GET", "/submissions?limit=0&lain=1&limit=3"), 422)
    assert {error["place"] for error in problem["errors"]} == {"limit", "lain"}


def test_a_defect_says_nothing_of_the_inside(web: WebOffice, mine: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise KeyError("rahasia di dalam")

    monkeypatch.setattr("service.web.api.certificates.accumulate", broken)
    monkeypatch.setitem(web.app.config, "PROPAGATE_EXCEPTIONS", False)
    problem = mine.get(f"/jp/{CAHYA}/2025", expect=500)
    assert "rahasia" not in str(problem)
    assert "nomor" in problem["hint"]


def test_each_program_is_counted_by_itself(web: WebOffice, mine: Program) -> None:
    limited = create_app(web.app.extensions["cmb"], secure=False)
    first = Program(client=limited.test_client(use_cookies=False), token=mine.token)
    other = Program(client=limited.test_client(use_cookies=False), token=program(web, DIAH).token)
    for number in range(30):
        first.get(f"/checks/{number}")
    waits = first.call("GET", "/checks/30")
    json_of(waits, 429)
    assert int(waits.headers["Retry-After"]) > 0
    other.get("/checks/30")


def test_the_document_names_every_call_scope_and_failure(web: WebOffice) -> None:
    document = web.app.test_client().get(f"{BASE}/openapi.json").get_json()
    assert document["openapi"] == "3.1.0"
    calls = {(method, path) for path, methods in document["paths"].items() for method in methods}
    assert calls == {(operation.method.lower(), operation.path) for operation in OPERATIONS}
    for operation in OPERATIONS:
        responses = document["paths"][operation.path][operation.method.lower()]["responses"]
        for status in (401, 403, 429, 500, 503):
            assert "application/problem+json" in responses[str(status)]["content"]
    assert document["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
