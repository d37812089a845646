"""The English catalogue of the pages is complete, compiled, and used for those who chose English."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from forms.schema import Role
from service.language import Message, Reader, words
from service.verification.reasons import CODES
from support import clone
from support.office import CAHYA, HERI
from support.web_client import WebOffice, readable

WEB = clone.ROOT / "service" / "web"
HERE = WEB / "translations" / "en" / "LC_MESSAGES"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
THIS_YEAR = {"tanggal": "3 November 2026", "tanggal_tanda_tangan": "3 November 2026"}
PLACES = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (HERE / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def test_every_sentence_of_the_pages_has_its_english(english: Catalog) -> None:
    extracted = {
        message
        for _file, _line, message, _comments, _context in extract_from_dir(
            WEB, METHODS, keywords={"_": None, "gettext": None, "lazy_gettext": None}
        )
    }
    translations = {message.id: message.string for message in english if message.id}
    assert not sorted(str(text) for text in extracted if not translations.get(text))
    assert not sorted(str(text) for text in translations if text not in extracted)
    assert not [message.id for message in english if message.id and message.fuzzy]


def test_names_and_numbers_stand_in_both_languages(english: Catalog) -> None:
    wrong = [
        message.id
        for message in english
        if message.id and sorted(PLACES.findall(str(message.id))) != sorted(PLACES.findall(str(message.string)))
    ]
    assert not wrong


def test_the_compiled_catalogue_is_the_text_as_it_is_now(english: Catalog) -> None:
    made = BytesIO()
    write_mo(made, english)
    assert made.getvalue() == (HERE / "messages.mo").read_bytes()


def test_somebody_who_chose_english_reads_english(web: WebOffice) -> None:
    visit = web.visit(CAHYA)
    visit.post("/bahasa", at="/", language="en")
    assert "Welcome, Cahya Lestari" in readable(visit.get("/beranda"))


@pytest.mark.parametrize("language", ["id", "en"])
def test_every_reason_of_the_proof_has_a_title_and_says_what_to_do(language: str) -> None:
    reader = Reader(language=language)
    assert not sorted(code for code in CODES if not words(Message(code).title, reader))
    # Readers choose among several wordings of these, each with a hint of its own.
    several = {"too_long"}
    assert not sorted(code for code in CODES - several if not words(Message(code).hint, reader))


def test_a_refused_upload_says_in_english_why_and_whose_signature_is_missing(web: WebOffice) -> None:
    visit = web.visit(CAHYA)
    visit.post("/bahasa", at="/", language="en")
    half = web.office.sign(web.office.filled("coaching", **THIS_YEAR), Role.PEGAWAI, CAHYA)
    page = readable(visit.post("/unggah", files=[(BytesIO(half), "half.pdf")]))
    assert "Not complete yet The signature of the direct supervisor is still missing. Send this form to" in page
    assert "Kirimkan formulir ini kepada" not in page
    assert "Your file is kept safely under number K-" in page


def test_the_same_upload_in_indonesian_has_no_english(web: WebOffice) -> None:
    half = web.office.sign(web.office.filled("coaching", **THIS_YEAR), Role.PEGAWAI, CAHYA)
    page = readable(web.visit(CAHYA).post("/unggah", files=[(BytesIO(half), "separuh.pdf")]))
    assert "Belum lengkap" in page
    assert "Not complete yet" not in page


def test_the_unit_and_the_calendar_speak_english(web: WebOffice) -> None:
    with web.office.store.transaction() as tx:
        officer = tx.employees.get(HERI)
        assert officer is not None
        tx.employees.upsert([replace(officer, roles=("pegawai", "pengelola"))])
    visit = web.visit(HERI)
    visit.post("/bahasa", at="/", language="en")
    page = readable(visit.get("/unit"))
    assert "September–December of 2026" in page
    assert "Behind" in page
    assert "times until December." in page
    assert "Tertinggal" not in page
    assert "Each unit sends its summary of 2026-Q1 to Biro SDM." in readable(visit.get("/kalender?tahun=2026"))
