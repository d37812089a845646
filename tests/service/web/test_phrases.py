"""What other rooms say has its English too: every sentence in their source, with its values, known again on a page."""

from __future__ import annotations

import re
from configparser import ConfigParser

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from service.verification.policy import POLICIES, VerificationPolicy
from service.web.i18n import in_english
from service.web.i18n_extract import extract
from support import clone

WEB = clone.ROOT / "service" / "web"
AFTER = re.compile(r"^\{\w+\} (?=[A-Z][a-z])")  # a sentence stands before this one
PLACES = re.compile(r"\{\w*\}")


@pytest.fixture(scope="module")
def english() -> Catalog:
    with (WEB / "translations" / "en" / "LC_MESSAGES" / "house.po").open("rb") as file:
        return read_po(file, locale="en")


def asked() -> set[str]:
    """What `make messages` finds, by the same file of rooms."""
    rooms = ConfigParser()
    rooms.read(WEB / "house.cfg", encoding="utf-8")
    methods = [tuple(reversed(section.split(": "))) for section in rooms.sections() if ": " in section]
    options = {where: dict(rooms[f"{how}: {where}"]) for where, how in methods}
    found = extract_from_dir(
        clone.ROOT, [(where, {"sentences": extract}.get(how, how)) for where, how in methods], options
    )
    return {str(message) for _file, _line, message, _comments, _context in found}


def test_every_sentence_of_the_house_has_its_english(english: Catalog) -> None:
    told = {str(message.id): message.string for message in english if message.id}
    assert not sorted(text for text in asked() if not told.get(text))
    assert not sorted(told.keys() - asked())
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
        if message.id and "}{" not in str(message.id):  # two values side by side: below
            # A date is told in English; what is quoted was typed by somebody and stays.
            said, meant = str(message.id), str(message.string)
            if AFTER.match(said):
                said, meant = AFTER.sub("Coba lagi besok. ", said), PLACES.sub("Try again tomorrow.", meant, count=1)
            said, quoted = PLACES.sub("1 Mei 2026", said), re.sub(r"“\{\w*\}", "“1 Mei 2026", meant)
            if (told := in_english(said)) != PLACES.sub("1 May 2026", quoted):
                wrong[said] = told
    assert not wrong


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy.id)
def test_every_policy_is_told_to_its_end(policy: VerificationPolicy) -> None:
    told = in_english(policy.text)
    assert told is not None
    assert "yang" not in told.split()


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
        ("Kolom “Nama Kegiatan” belum diisi.", "The field “Name of the Activity” is not filled in yet."),
        (
            "Sama dengan “Tempat dan tanggal” tanggal 7 Maret 2026 (kiriman K-1).",
            "The same as “Tempat dan tanggal” on 7 March 2026 (submission K-1).",
        ),
    ],
)
def test_sentences_one_after_the_other_and_inside_each_other_are_told(indonesian: str, english: str) -> None:
    assert in_english(indonesian) == english


@pytest.mark.parametrize("typed", ["Lengkapi bagian A dan B.", "Sertifikat salah", "Rusak sejak kemarin.", ""])
def test_what_people_typed_is_left_alone(typed: str) -> None:
    assert in_english(typed) is None
