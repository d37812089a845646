"""Answers of the gateway: a clear refusal is distinguished from what cannot be read, and nothing breaks."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.keys.bsre import versions
from signing.keys.bsre.client import certificates_in
from signing.keys.bsre.http import GatewayReply, lacks_endpoint, object_in, refusal_of
from signing.keys.bsre.request import GatewayRefused, Secret
from support.office import CAHYA, keys

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "status_code", "message", "file", "status", "x"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)
BODIES = st.binary(max_size=200) | JSON.map(lambda payload: json.dumps(payload).encode())


@given(status=st.integers(100, 599), body=BODIES)
def test_no_answer_breaks_its_reader_and_none_shows_a_secret(status: int, body: bytes) -> None:
    reply = GatewayReply(status=status, content=body + b"3201010101010001")
    for variant in (reply, GatewayReply(status=status, content=body)):
        refusal = refusal_of(variant, (Secret("3201010101010001"),))
        assert refusal is None or isinstance(refusal, GatewayRefused)
        assert refusal is None or "3201010101010001" not in f"{refusal}{refusal.provider}"
        lacks_endpoint(variant)
        object_in(variant)
        certificates_in(variant)
        assert versions.signed_v2(variant) is None
        assert versions.signed_v1(variant) is None or b"%PDF-" in body


@pytest.mark.parametrize("text", ["3201010101010001", "Rahasia  #2026\t ü"], ids=["a number", "with spaces"])
@pytest.mark.parametrize("broken", ["", " ", "\n", " \r\n\t"], ids=repr)
def test_a_secret_the_provider_says_again_is_not_shown_however_it_is_broken(text: str, broken: str) -> None:
    said = broken.join(text) if broken else text
    for body in (json.dumps({"error": f"Salah: {said}.", "status_code": 2031}), f"Proses gagal : {said} 2031"):
        refusal = refusal_of(GatewayReply(status=400, content=body.encode()), (Secret(text),))
        assert refusal is not None
        assert not {"32010", "01010", "Rahasia", "#2026"} & set(re.findall(r"[#\w]{5,7}", refusal.provider or ""))
        assert "".join(text.split()) not in "".join((refusal.provider or "").split())
        assert "•••" in (refusal.provider or "")


@given(body=BODIES)
def test_an_answer_of_200_is_a_no_only_when_it_says_so(body: bytes) -> None:
    refusal = refusal_of(GatewayReply(status=200, content=body), ())
    payload = object_in(GatewayReply(status=200, content=body))
    if refusal is not None:
        assert isinstance(payload.get("error"), str) or "status_code" in payload or b"gagal" in body.lower()


def test_certificates_are_found_in_whatever_shape_they_come() -> None:
    person, root = keys().people[CAHYA], keys().authority
    text = (person.pem + root.pem).decode()
    for body in (text, json.dumps({"a": {"b": [text]}}), json.dumps([{"x": 1}]) + text):
        found = certificates_in(GatewayReply(status=200, content=body.encode()))
        assert [certificate.is_ca for certificate in found] == [False, True]
    assert certificates_in(GatewayReply(status=200, content=b'{"chain": ["' + b"A" * 400 + b'"]}')) == ()


@pytest.mark.parametrize(
    ("status", "body", "code"),
    [
        (400, b'{"status_code":2031}', 2031),
        (400, b'{"error":"x","status_code":"2021"}', 2021),
        (200, b"Proses signing gagal : User tidak terdaftar 2011", 2011),
        (200, b'{"message":"Gagal","status_code":4015}', 4015),
        (500, b"\xff\xfe", None),
        (503, b"", None),
    ],
)
def test_codes_are_read_from_objects_and_from_the_end_of_texts(status: int, body: bytes, code: int | None) -> None:
    refusal = refusal_of(GatewayReply(status=status, content=body), ())
    assert refusal is not None
    assert refusal.number == code


@pytest.mark.parametrize(
    ("status", "body"), [(200, b"{}"), (200, b"Selamat 2026!"), (201, b""), (502, b'{"error":"x"}'), (200, b"[" * 9999)]
)
def test_what_is_no_clear_no_is_not_called_one(status: int, body: bytes) -> None:
    assert refusal_of(GatewayReply(status=status, content=body), ()) is None
