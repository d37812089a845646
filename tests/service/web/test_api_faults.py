"""What does not fit a request's model: refused with place, code, parameters and words, and as the document says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import fields
from typing import Any
from urllib.parse import quote

import jsonschema_rs
import pytest

from service.language import Reader, words
from service.notifications.messages import EVENTS
from service.web.api import OPERATIONS
from service.web.api.document import document
from service.web.api.errors import Fault
from service.web.api.models import FormWanted, Issuing, ItemsAsked, Nothing, Renewing, Revocation, Upload, WebhookWanted
from service.web.api.validation import Faulty, NotJson, read_body, read_params
from support.api_client import Program, program
from support.office import CAHYA
from support.web_client import WebOffice

GOOD: dict[type[Any], dict[str, Any]] = {
    FormWanted: {
        "kind": "coaching",
        "employee_nip": CAHYA,
        "scope": "nasional",
        "meeting": 2,
        "pembimbing_nip": CAHYA,
        "day": "2026-04-07",
    },
    Issuing: {
        "year": 2025,
        "nips": [CAHYA],
        "early": True,
        "reissue": ["CMB-2025-000001-K7Q2M9XD"],
        "reason": "Nama keliru.",
    },
    Renewing: {"numbers": ["CMB-2025-000001-K7Q2M9XD"]},
    Revocation: {"reason": "Nama keliru."},
    WebhookWanted: {"url": "https://program.example.go.id/cmb", "events": list(EVENTS[:2])},
}
# JSON that stands where something else belongs. To JSON Schema 1.0 is an integer and the year 0000 a year, not to us.
HOSTILE = [
    *(None, True, False, 0, -1, 1, 4, 5, 1.5, 10**9, 2**31, 2**63, 2**64, 10**400, -(10**400), 1e300),
    *("", " ", "a", "\0", "a\0b", "a\nb", "coaching", "COACHING", CAHYA, CAHYA + "\n", CAHYA[:-1], CAHYA * 1000),
    *(
        "٣" * 18,
        "2026-02-30",
        "2026-04-07T00:00:00",
        "20260407",
        "1775520000",
        "٢٠٢٦-04-07",
        "9999-12-31",
    ),
    *("http://a.go.id", "https://a b.go.id", "ftp://a.go.id/", "https://a.go.id/\n", "certificate.issued", "x" * 501),
    *([], [[]], [None], [CAHYA], [CAHYA, CAHYA], [CAHYA] * 2000, ["x"], ["certificate.issued"] * 2, {}, {"a": 1}),
]


@pytest.fixture(scope="module")
def schemas() -> dict[str, Any]:
    return document(OPERATIONS)["components"]


def variants(body: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield the body with each field left out, each replaced by each hostile value, and with one field more."""
    for name in body:
        yield {key: value for key, value in body.items() if key != name}
        yield from ({**body, name: value} for value in HOSTILE)
    yield {**body, "lain": 1}
    yield {**body, "": 1}
    yield {**body, "x" * 1000: 1, "a.b": 1}


def faults_of(model: type[Any], content: bytes) -> tuple[Fault, ...]:
    try:
        read_body(model, content)
    except Faulty as error:
        return error.faults
    return ()


@pytest.mark.parametrize("model", GOOD, ids=lambda model: model.__name__)
def test_checks_and_document_agree_on_every_value(model: type[Any], schemas: dict[str, Any]) -> None:
    documented = jsonschema_rs.Draft202012Validator(
        {"$ref": f"#/components/schemas/{model.__name__}", "components": schemas}, validate_formats=True
    )
    assert faults_of(model, json.dumps(GOOD[model]).encode()) == ()
    for body in variants(GOOD[model]):
        faults = faults_of(model, json.dumps(body).encode())
        assert (not faults) == documented.is_valid(body), body


@pytest.mark.parametrize("model", GOOD, ids=lambda model: model.__name__)
def test_every_fault_has_its_place_code_and_words(model: type[Any]) -> None:
    names = {field.name for field in fields(model)}
    for body in variants(GOOD[model]):
        for fault in faults_of(model, json.dumps(body).encode()):
            assert fault.code != "invalid", body
            said = words(fault.said, Reader(language="en"))
            assert said != fault.said.code
            assert "{" not in said or fault.code == "wrong_shape"
            assert len(fault.place) <= 70
            assert fault.place.partition("[")[0] in names or fault.code == "unknown"
            json.dumps(dict(fault.params))


def test_bodies_of_every_operation_are_tried_here() -> None:
    assert {operation.body for operation in OPERATIONS} - {Nothing} == GOOD.keys()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        *((content, "not_json") for content in (b"", b" ", b"{", b"null x", b"\xef\xbb\xbf{}", b'{"year": 1e}')),
        *((content, "not_unicode") for content in (b"\xff", b'{"reason": "\xff"}', b'{"reason": "\\ud800"}')),
        *((content, "name_twice") for content in (b'{"year": 1, "year": 1}', b'{"a": {"b": 1, "b": 2}}')),
        *((b'{"year": %s}' % text, "no_number") for text in (b"NaN", b"Infinity", b"-Infinity", b"9" * 10_000)),
        *((content, "too_deep") for content in (b"[" * 16_000, b'{"a":' * 16_000, b"[" * 300 + b"]" * 300)),
    ],
)
def test_what_readers_of_json_disagree_on_is_no_json(content: bytes, code: str) -> None:
    with pytest.raises(NotJson) as error:
        read_body(Issuing, content)
    assert error.value.fault.code == code
    assert "{" not in words(error.value.fault.said, Reader())


@pytest.mark.parametrize("content", [b"null", b"1", b'"a"', b"[]", b"true"])
def test_what_is_no_object_is_told_as_that(content: bytes) -> None:
    assert faults_of(Issuing, content) == (Fault(place="", code="wrong_type", params={"type": "object"}),)


BATCH = {"id": "B-0123456789"}


@pytest.mark.parametrize(
    ("query", "faults"),
    [
        ([("limit", ["0"])], {"limit": "too_small"}),
        ([("limit", ["201"])], {"limit": "too_big"}),
        ([("limit", ["9" * 30])], {"limit": "too_big"}),
        *(
            ([("limit", [text])], {"limit": "wrong_type"})
            for text in ("", "a", "1.0", "1e1", " 5", "5 ", "+5", "1_0", "٣", "0x5", "9" * 5000, "null", "true", "5\0")
        ),
        ([("limit", ["5", "5"])], {"limit": "repeated"}),
        ([("cursor", ["-1"])], {"cursor": "too_small"}),
        ([("cursor", [str(2**63)])], {"cursor": "too_big"}),
        ([("lain", ["1"]), ("id", ["B-0123456789"])], {"lain": "unknown", "id": "unknown"}),
        (
            [("lain", ["1", "2"]), ("limit", ["x"]), ("cursor", ["x"])],
            {"lain": "repeated", "limit": "wrong_type", "cursor": "wrong_type"},
        ),
    ],
)
def test_everything_wrong_with_a_query_is_told_at_once(
    query: list[tuple[str, list[str]]], faults: dict[str, str]
) -> None:
    with pytest.raises(Faulty) as error:
        read_params(ItemsAsked, BATCH, query)
    assert {fault.place: fault.code for fault in error.value.faults} == faults


def test_what_is_a_number_or_a_day_to_the_schema_only_is_refused() -> None:
    body = json.dumps({**GOOD[FormWanted], "meeting": 1.0, "day": "0000-01-01"}).encode()
    assert {fault.place: fault.code for fault in faults_of(FormWanted, body)} == {
        "meeting": "wrong_type",
        "day": "not_a_date",
    }


@pytest.mark.parametrize("day", ["0001-01-01", "1900-01-01", "9999-12-31"])
def test_a_day_far_away_is_no_defect(web: WebOffice, day: str) -> None:
    body = {"kind": "coaching", "employee_nip": CAHYA, "day": day}
    assert program(web, CAHYA).call("POST", "/forms", json=body).status_code in {201, 422}


def test_what_is_left_out_of_a_query_has_its_default() -> None:
    assert read_params(ItemsAsked, BATCH, []) == ItemsAsked(id=BATCH["id"], limit=50, cursor=None)
    assert read_params(Upload, {}, []).file_name == "formulir.pdf"


def test_a_fault_is_answered_for_programs_and_for_people(web: WebOffice) -> None:
    problem = program(web, CAHYA).post("/forms", {"kind": "tari", "employee_nip": CAHYA, "meeting": 5}, expect=422)
    assert problem["errors"] == [
        {
            "place": "kind",
            "message": "pilih dari: coaching, mentoring, belajar_mandiri",
            "code": "not_one_of",
            "params": {"words": ["coaching", "mentoring", "belajar_mandiri"]},
        },
        {"place": "meeting", "message": "paling besar 4", "code": "too_big", "params": {"most": 4}},
    ]


@pytest.mark.parametrize("text", ["\0", "a\0b", "9" * 300, "-1", "2026\n", "٢٠٢٦", "1e3", "2**31", "'"])
def test_no_address_of_the_api_is_a_defect(web: WebOffice, text: str) -> None:
    calls: Program = program(web, CAHYA)
    for operation in OPERATIONS:
        path = operation.path.replace("{", "\0").split("\0")
        where = path[0] + "".join(quote(text, safe="") + part.partition("}")[2] for part in path[1:])
        answer = calls.call(operation.method, f"{where}?limit={quote(text)}&cursor={quote(text)}&{quote(text)}=1")
        assert answer.status_code in {403, 404, 415, 422}, where
