"""Serials: which form a blank is, typed by people without harm, and drawn so that a lie shows."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.catalog import LAMPIRAN_I_V1, blank_bytes
from forms.errors import UnknownForm
from forms.serial import form_of_serial, is_serial, new_serial, serial_of
from support.filled_forms import SERIAL, prefilled_blank, tampered

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
randomness = st.binary(min_size=12, max_size=12)


@given(randomness)
def test_a_new_serial_names_its_form_and_version(random: bytes) -> None:
    serial = new_serial(LAMPIRAN_I_V1, lambda _: random)
    assert is_serial(serial)
    assert form_of_serial(serial) == ("lampiran-i", 1)


@given(randomness, st.integers(0, 16), st.sampled_from(ALPHABET))
def test_one_mistyped_character_is_noticed(random: bytes, number: int, typed: str) -> None:
    serial = new_serial(LAMPIRAN_I_V1, lambda _: random)
    number += len("L1V1-")
    number = min(number, len(serial) - 1)
    if serial[number] in {"-", typed}:
        return
    assert not is_serial(serial[:number] + typed + serial[number + 1 :])


def test_two_swapped_characters_are_noticed() -> None:
    assert is_serial(SERIAL)
    swapped = SERIAL.replace("0123", "0132")
    assert swapped != SERIAL
    assert not is_serial(swapped)


@pytest.mark.parametrize("text", ["", "L1V1", "L1V1-0000-0000-0000", "l1v1-0123-4567-89ab4", "../../etc/passwd"])
def test_other_texts_are_no_serials(text: str) -> None:
    assert not is_serial(text)
    with pytest.raises(UnknownForm, match="tidak dikenal"):
        form_of_serial(text)


def test_sixty_random_bits_are_all_used() -> None:
    asked: list[int] = []

    def source(count: int) -> bytes:
        asked.append(count)
        return bytes(range(count))

    new_serial(LAMPIRAN_I_V1, source)
    assert sum(asked) * 5 >= 60
    bodies = {
        new_serial(LAMPIRAN_I_V1, lambda count, at=at: bytes(at == position for position in range(count)))
        for at in range(12)
    }
    assert len(bodies) == 12


def test_the_serial_is_read_from_a_prefilled_blank_and_is_absent_from_the_published_one() -> None:
    assert serial_of(prefilled_blank()) == SERIAL
    assert serial_of(blank_bytes(LAMPIRAN_I_V1)) is None


def test_a_serial_that_says_one_thing_and_draws_another_is_not_believed() -> None:
    other = new_serial(LAMPIRAN_I_V1, lambda count: bytes(reversed(range(count))))

    def relabel(pdf: pikepdf.Pdf, _: dict[str, Any]) -> None:
        pdf.pages[0].obj.Resources.XObject.Serial["/CMBSerial"] = pikepdf.String(other)

    assert serial_of(tampered(prefilled_blank(), relabel)) is None


def test_the_serial_is_printed_in_words_on_the_page() -> None:
    with pikepdf.open(BytesIO(prefilled_blank())) as pdf:
        drawn = pdf.pages[0].obj.Resources.XObject.Serial
        assert drawn.read_bytes().count(b" re\n") > 100
    import pdfplumber

    with pdfplumber.open(BytesIO(prefilled_blank())) as document:
        assert f"Nomor seri\n{SERIAL}" in document.pages[0].crop((400, 700, 595, 841)).extract_text()


@pytest.mark.parametrize("junk", [b"", b"%PDF-1.7", b"not a pdf", blank_bytes(LAMPIRAN_I_V1)[:5000]])
def test_a_file_without_a_readable_page_has_no_serial(junk: bytes) -> None:
    assert serial_of(junk) is None
