"""Uploads arrive byte for byte, wherever a chunk ends; forms beyond the limits are refused."""

from __future__ import annotations

import secrets

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from service.web.requests import ExactRequest

CHUNK = 64 * 1024  # bytes the parser reads at a time
FIELDS = 10_000


@pytest.fixture(scope="module")
def client() -> FlaskClient:
    app = Flask("uji")
    app.request_class = ExactRequest
    app.config.update(MAX_CONTENT_LENGTH=4 * CHUNK, MAX_FORM_MEMORY_SIZE=FIELDS)

    @app.post("/berkas")
    def sent() -> bytes:
        return request.files["berkas"].stream.read()

    @app.post("/isian")
    def echo() -> dict[str, object]:
        names = {name: [file.filename for file in request.files.getlist(name)] for name in request.files}
        return {"fields": request.form.to_dict(flat=False), "files": names}

    return app.test_client()


def body(*parts: tuple[str, bytes], boundary: bytes = b"batas", closing: bytes = b"--batas--\r\n") -> bytes:
    """Return a multipart body; a part is what follows `form-data;` in its header, and its content."""
    return b"".join(
        b"--%s\r\nContent-Disposition: form-data; %s\r\n\r\n%s\r\n" % (boundary, head.encode(), content)
        for head, content in parts
    ) + (closing)


def post(client: FlaskClient, path: str, content: bytes) -> bytes:
    return client.post(path, data=content, content_type="multipart/form-data; boundary=batas").data


@pytest.mark.parametrize("end", [b"%%EOF", b"%%EOF\n", b"%%EOF\r", b"%%EOF\r\n", b"\r\n--bata", b"\r\n--"])
def test_a_file_arrives_to_the_last_byte_wherever_its_end_falls(client: FlaskClient, end: bytes) -> None:
    wrong = {}
    for size in range(CHUNK - 130, CHUNK + 10):
        content = secrets.token_bytes(size - len(end)) + end
        arrived = post(client, "/berkas", body(('name="berkas"; filename="a.pdf"', content)))
        if arrived != content:
            wrong[size] = arrived[-10:]
    assert not wrong


def test_fields_and_files_of_several_names_are_told_apart(client: FlaskClient) -> None:
    parts = (
        *(('name="judul"', "Rapat — sore".encode()), ('name="peran"', b"a"), ('name="peran"', b"b")),
        *(('name="berkas"; filename="ümlaut.pdf"', b"1"), ('name="berkas"; filename="b.pdf"', b"2")),
        ('name="kosong"; filename=""', b""),
        ('name="lain"', b"caf\xe9"),
    )
    parsed = client.post("/isian", data=body(*parts), content_type="multipart/form-data; boundary=batas").json
    assert parsed == {
        "fields": {"judul": ["Rapat — sore"], "peran": ["a", "b"], "lain": ["caf\ufffd"]},
        "files": {"berkas": ["ümlaut.pdf", "b.pdf"], "kosong": [""]},
    }


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"rubbish",
        body(('name="a"', b"1"), closing=b""),
    ],
    ids=["empty", "rubbish", "cut off"],
)
def test_what_is_no_form_has_neither_fields_nor_files(client: FlaskClient, content: bytes) -> None:
    answer = client.post("/isian", data=content, content_type="multipart/form-data; boundary=batas")
    assert (answer.status_code, answer.json) == (200, {"fields": {}, "files": {}})


def test_a_form_without_a_boundary_is_no_form(client: FlaskClient) -> None:
    answer = client.post("/isian", data=body(('name="a"', b"1")), content_type="multipart/form-data")
    assert answer.json == {"fields": {}, "files": {}}


def test_more_than_the_limits_is_refused(client: FlaskClient) -> None:
    def status(*parts: tuple[str, bytes]) -> int:
        return client.post("/isian", data=body(*parts), content_type="multipart/form-data; boundary=batas").status_code

    assert status(('name="a"', b"x" * FIELDS)) == 200
    assert status(('name="a"', b"x" * FIELDS), ('name="b"', b"x")) == 413
    assert status(*[('name="a"', b"")] * 1001) == 413
    assert status(('name="berkas"; filename="a.pdf"', b"x" * 5 * CHUNK)) == 413


def test_forms_without_files_are_read_as_ever(client: FlaskClient) -> None:
    parsed = client.post("/isian", data={"judul": "Rapat"}).json
    assert parsed == {"fields": {"judul": ["Rapat"]}, "files": {}}
