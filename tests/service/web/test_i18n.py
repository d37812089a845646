"""English of the sentences in packages below the web: the catalogue is complete, and sentences with values match."""

from __future__ import annotations

import re
from configparser import ConfigParser

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from service.verification.policy import POLICIES, VerificationPolicy
from service.web.i18n import to_english
from service.web.i18n_extract import extract
from support import clone

WEB = clone.ROOT / "service" / "web"
LEADING_PLACE = re.compile(r"^\{\w+\} (?=[A-Z][a-z])")  # a value before this sentence
PLACES = re.compile(r"\{\w*\}")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (WEB / "translations" / "en" / "LC_MESSAGES" / "house.po").open("rb") as file:
        return read_po(file, locale="en")


def extracted() -> set[str]:
    """Return the sentences that `make messages` finds, with the same configuration."""
    config = ConfigParser()
    config.read(WEB / "house.cfg", encoding="utf-8")
    methods = [tuple(reversed(section.split(": "))) for section in config.sections() if ": " in section]
    options = {where: dict(config[f"{how}: {where}"]) for where, how in methods}
    found = extract_from_dir(
        clone.ROOT, [(where, {"sentences": extract}.get(how, how)) for where, how in methods], options
    )
    return {str(message) for _file, _line, message, _comments, _context in found}


def test_every_sentence_of_the_house_has_its_english(english: Catalog) -> None:
    translations = {str(message.id): message.string for message in english if message.id}
    assert not sorted(text for text in extracted() if not translations.get(text))
    assert not sorted(translations.keys() - extracted())
    assert not [message.id for message in english if message.id and message.fuzzy]


def test_every_value_stands_in_both_languages(english: Catalog) -> None:
    wrong = [
        message.id
        for message in english
        if message.id and sorted(PLACES.findall(str(message.id))) != sorted(PLACES.findall(str(message.string)))
    ]
    assert not wrong


def test_every_sentence_is_known_again_with_values_in_it(english: Catalog) -> None:
    wrong = {}
    for message in english:
        if message.id and "}{" not in str(message.id):  # two adjacent values: tested below
            # A date is translated; a quoted value was typed by somebody and stays.
            indonesian, meant = str(message.id), str(message.string)
            if LEADING_PLACE.match(indonesian):
                indonesian, meant = (
                    LEADING_PLACE.sub("Coba lagi besok. ", indonesian),
                    PLACES.sub("Try again tomorrow.", meant, count=1),
                )
            indonesian, quoted = PLACES.sub("1 Mei 2026", indonesian), re.sub(r"“\{\w*\}", "“1 Mei 2026", meant)
            if (translated := to_english(indonesian)) != PLACES.sub("1 May 2026", quoted):
                wrong[indonesian] = translated
    assert not wrong


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_every_policy_is_told_to_its_end(policy: VerificationPolicy) -> None:
    translated = to_english(policy.text)
    assert translated is not None
    assert "yang" not in translated.split()


@pytest.mark.parametrize(
    ("indonesian", "english"),
    [
        (
            "Coaching dihitung paling tinggi 2 kali dalam satu bulan. Pada Maret 2025 sudah 2, yaitu tanggal 4 dan 11.",
            "Coaching counts at most 2 times a month. In March 2025 there are already 2, on the days 4 and 11.",
        ),
        (
            "Kunci segel “Layanan” terbuka; sertifikatnya berlaku sampai 1 Mei 2030. Siapkan penggantinya.",
            "The seal key “Layanan” opens; its certificate is valid until 1 May 2030. Prepare its replacement.",
        ),
        (
            "Halaman 1 ketika ditandatangani Budi – pada berkas yang diterima halaman ini tidak ada lagi",
            "Page 1 when Budi signed – in the file as received this page is no longer there",
        ),
    ],
)
def test_sentences_one_after_the_other_and_inside_each_other_are_told(indonesian: str, english: str) -> None:
    assert to_english(indonesian) == english


@pytest.mark.parametrize("typed", ["Lengkapi bagian A dan B.", "Sertifikat salah", "Rusak sejak kemarin.", ""])
def test_what_people_typed_is_left_alone(typed: str) -> None:
    assert to_english(typed) is None
