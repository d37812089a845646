"""Every page is there in English too: nothing untranslated, nothing left over, the compiled file as new as its text."""

from __future__ import annotations

import re
from io import BytesIO

import clone
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from office import CAHYA
from webdoor import WebDoor, readable

WEB = clone.ROOT / "service" / "web"
HERE = WEB / "translations" / "en" / "LC_MESSAGES"
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
PLACES = re.compile(r"%\(\w+\)[sd]")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (HERE / "messages.po").open("rb") as file:
        return read_po(file, locale="en")


def test_every_sentence_of_the_pages_has_its_english(english: Catalog) -> None:
    asked = {
        message
        for _file, _line, message, _comments, _context in extract_from_dir(
            WEB, METHODS, keywords={"_": None, "gettext": None, "lazy_gettext": None}
        )
    }
    told = {each.id: each.string for each in english if each.id}
    assert not sorted(str(each) for each in asked if not told.get(each))
    assert not sorted(str(each) for each in told if each not in asked)
    assert not [each.id for each in english if each.id and each.fuzzy]


def test_names_and_numbers_stand_in_both_languages(english: Catalog) -> None:
    wrong = [
        each.id
        for each in english
        if each.id and sorted(PLACES.findall(str(each.id))) != sorted(PLACES.findall(str(each.string)))
    ]
    assert not wrong


def test_the_compiled_catalogue_is_the_text_as_it_is_now(english: Catalog) -> None:
    made = BytesIO()
    write_mo(made, english)
    assert made.getvalue() == (HERE / "messages.mo").read_bytes()


def test_somebody_who_chose_english_reads_english(web: WebDoor) -> None:
    visit = web.visit(CAHYA)
    visit.post("/bahasa", at="/", language="en")
    assert "Welcome, Cahya Lestari" in readable(visit.get("/beranda"))
