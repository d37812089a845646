"""A stored answer holds codes and parameters; words are made for the reader, older sentences stay as they are."""

from __future__ import annotations

import json

import pytest

from forms.schema import Role
from service.language import Reader
from service.verification.wording import shown_answer, shown_reason
from support.office import CAHYA, Office

OLDER = {
    "code": "missing_signature",
    "title": "Belum lengkap",
    "message": "Tanda tangan atasan langsung belum ada.",
    "hint": "Kirimkan formulir ini kepada Diah.",
    "cites": [],
    "weight": "failed",
}


def test_what_an_earlier_version_stored_is_shown_as_it_is() -> None:
    assert [shown_reason(OLDER, Reader(language=language)) for language in ("id", "en")] == [OLDER, OLDER]
    problem = {"code": "broken_pdf", "message": "Berkas ini bukan PDF.", "hint": "Unggah ulang."}
    shown = shown_answer({"reasons": [OLDER], "problem": problem}, Reader(language="en"))
    assert (shown["reasons"], shown["problem"]) == ([OLDER], problem)


@pytest.mark.parametrize(
    ("language", "title", "message"),
    [
        ("id", "Belum lengkap", "Tanda tangan atasan langsung belum ada."),
        ("en", "Not complete yet", "The signature of the direct supervisor is still missing."),
    ],
)
def test_an_answer_is_stored_without_a_sentence_and_shown_in_the_reader_s_language(
    office: Office, language: str, title: str, message: str
) -> None:
    kept = office.submit(office.sign(office.filled("coaching"), Role.PEGAWAI, CAHYA)).answer
    missing = [reason for reason in kept["reasons"] if reason["code"] == "missing_signature"][-1]
    assert missing["params"]["role"] == {"message": {"code": "role.atasan", "params": {}}}
    assert not {"title", "message", "hint"} & missing.keys()
    assert "belum ada" not in json.dumps(kept["reasons"])
    shown = shown_reason(missing, Reader(language=language))
    assert (shown["title"], shown["message"], shown["params"]["role"]) == (title, message, "atasan")
    assert shown["cites"] == missing["cites"]


def test_a_file_that_cannot_be_read_says_why_in_both_languages(office: Office) -> None:
    kept = office.submit(b"not a PDF").answer
    said = [shown_answer(kept, Reader(language=language))["problem"] for language in ("id", "en")]
    assert [problem["code"] for problem in said] == ["broken_pdf", "broken_pdf"]
    assert [problem["message"] for problem in said] == [
        "Berkas ini tidak dapat dibaca sebagai PDF yang utuh.",
        "This file cannot be read as a whole PDF.",
    ]
