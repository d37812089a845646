"""Texts that people write in fields, and the values they are read as."""

from __future__ import annotations

import datetime as dt
import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from forms.schema import Field, Kind
from parsers.records import Problem
from parsers.values import (
    _INVISIBLE,
    MONTHS,
    coerce,
    indonesian_date,
    pangkat,
    read_date,
    read_grade,
    read_nip,
    read_time,
)
from support.said import advice, said

DATE = dt.date(2026, 4, 7)
DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")


@pytest.mark.parametrize(
    "text",
    [
        "7 April 2026",
        "07 APRIL 2026",
        "  7   april 2026 ",
        "7 Apr 2026",
        "7 Apr. 2026",
        "7-Apr-2026",
        "07/04/2026",
        "7/4/2026",
        "07-04-2026",
        "7.4.2026",
        "2026-04-07",
        "Selasa, 7 April 2026",
        "selasa 7 april 2026",
        "Selasa, 07-04-2026",
        "7\N{NO-BREAK SPACE}April 2026",
    ],
)
def test_every_accepted_spelling_of_a_date_is_understood(text: str) -> None:
    assert read_date(text) == DATE


@pytest.mark.parametrize(
    ("short", "month"),
    [
        *(("Jan", 1), ("Feb", 2), ("Mar", 3), ("Apr", 4), ("Mei", 5), ("Jun", 6), ("Jul", 7), ("Agu", 8), ("Agt", 8)),
        *(("Ags", 8), ("Sep", 9), ("Sept", 9), ("Okt", 10), ("Nov", 11), ("Nop", 11), ("Des", 12)),
    ],
)
def test_the_usual_short_names_of_months_are_understood(short: str, month: int) -> None:
    assert read_date(f"3 {short} 2026") == dt.date(2026, month, 3)


@pytest.mark.parametrize(
    "text",
    [
        "04/13/2026",
        "31 April 2026",
        "29 Februari 2026",
        "0/4/2026",
        "7/4/26",
        "7 April 26",
        "April 2026",
        "7 Foo 2026",
        "7 April 20266",
        "07-04/2026",
        "Senin, 7 April 2026",
        "besok",
        "7 April 2026 pagi",
        "7 April 0026",
        "٧ April 2026",
        "2026-4-7-1",
        "45000",
    ],
)
def test_a_date_that_cannot_be_is_refused_and_never_guessed(text: str) -> None:
    problem = read_date(text)
    assert isinstance(problem, Problem)
    assert problem.code == "invalid_value"
    assert "7 April 2026" in advice(problem)


@given(st.dates(dt.date(1900, 1, 1), dt.date(9999, 12, 31)), st.data())
def test_a_date_in_any_accepted_spelling_reads_back(date: dt.date, data: st.DataObject) -> None:
    day, month, year = date.day, date.month, f"{date.year:04}"
    name = MONTHS[month - 1]
    spellings = [
        f"{day} {name} {year}",
        f"{day:02} {name.upper()} {year}",
        f"{day:02}/{month:02}/{year}",
        f"{day:02}-{month:02}-{year}",
        f"{day}.{month}.{year}",
        date.isoformat(),
        indonesian_date(date),
    ]
    spelling = data.draw(st.sampled_from(spellings))
    prefix = data.draw(st.sampled_from(["", f"{DAYS[date.weekday()]}, ", f"{DAYS[date.weekday()].lower()} "]))
    assert read_date(f"{prefix}{spelling}") == date


@given(st.text())
def test_no_text_makes_a_reader_of_values_fall_over(text: str) -> None:
    for kind in Kind:
        field = Field(name="a", kind=kind, label="A", tooltip="A", options=(("1", "Satu"),))
        value = coerce(text, field)
        assert not isinstance(value, Problem) or (
            value.field == "a" and value.params["label"].wording == "form_field.a"
        )


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("09.00", dt.time(9)),
        ("09:00", dt.time(9)),
        ("9.00", dt.time(9)),
        ("9.05 WIB", dt.time(9, 5)),
        ("23:59wit", dt.time(23, 59)),
        ("Pukul 10.30 WITA", dt.time(10, 30)),
    ],
)
def test_times_are_read_with_dot_or_colon_and_zone(text: str, time: dt.time) -> None:
    assert read_time(text) == time


@pytest.mark.parametrize("text", ["24.00", "9", "09.60", "0900", "9.0", "09.00-10.30", "09.00 GMT", "9 pagi"])
def test_times_that_do_not_exist_are_refused(text: str) -> None:
    assert isinstance(read_time(text), Problem)


@pytest.mark.parametrize(
    "text",
    ["199708212020122005", "19970821 202012 2 005", "19970821.202012.2.005", "NIP. 19970821 202012 2 005"],
)
def test_a_nip_is_read_with_its_usual_gaps(text: str) -> None:
    assert read_nip(text) == "199708212020122005"


def test_a_nip_of_contract_staff_is_read() -> None:
    assert read_nip("19900512 2023 21 1 007") == "199005122023211007"


@pytest.mark.parametrize(
    "text",
    [
        "19970821202012200",
        "1997082120201220055",
        "199713212020122005",
        "199702302020122005",
        "199708212020132005",
        "199708212020202005",
        "199708212020002005",
        "199708212020123005",
        "199708212005122005",
        "189708212020122005",
        "19970821202012200A",
        "１９９７０８２１２０２０１２２００５",
        "",
    ],
)
def test_a_nip_that_cannot_be_is_refused(text: str) -> None:
    problem = read_nip(text)
    assert isinstance(problem, Problem)
    assert "18 angka" in advice(problem)


@pytest.mark.parametrize(
    "text",
    [
        *("III/b", "III.b", "IIIb", "III/B", "iii/b", "III b", "Gol. III/b", "Golongan III/b"),
        *("Penata Muda Tk. I, III/b", "Penata Muda Tk.I (III/b)", "Penata Muda Tingkat I / III/b"),
        *("PENATA MUDA TK I III/B", "III/b, Penata Muda Tk. I", "III/b (Penata Muda Tingkat I)"),
        *("Penata Muda Tkt. 1 - III/b", "Penata Muda Tk. I Gol. III/b"),
    ],
)
def test_a_grade_is_read_in_the_spellings_seen(text: str) -> None:
    assert read_grade(text) == "III/b"


@pytest.mark.parametrize(("text", "grade"), [("IX", "IX"), ("xvii", "XVII"), ("PPPK IX", "IX"), ("Golongan V", "V")])
def test_a_grade_of_contract_staff_has_no_letter(text: str, grade: str) -> None:
    assert read_grade(text) == grade


@pytest.mark.parametrize(
    "text",
    [
        *("III/e", "V/a", "XVIII", "IIII", "Penata, III/b", "Penata Muda, III/b", "Kapten III/b", "9", "", "IVf"),
        "Penata Muda Tk. I",
    ],
)
def test_a_grade_that_does_not_exist_or_contradicts_its_rank_is_refused(text: str) -> None:
    assert isinstance(read_grade(text), Problem)


def test_every_rank_goes_with_its_grade_and_reads_back() -> None:
    grades = [f"{number}/{room}" for number in ("I", "II", "III", "IV") for room in "abcde"]
    ranked = {grade: rank for grade in grades if (rank := pangkat(grade))}
    assert len(ranked) == 17
    assert all(read_grade(f"{rank}, {grade}") == grade for grade, rank in ranked.items())
    assert pangkat("IX") is None


def test_a_choice_is_read_by_its_value_and_by_what_is_shown() -> None:
    field = Field(
        name="jenis", kind=Kind.CHOICE, label="Jenis", tooltip="", options=(("belajar_mandiri", "Belajar Mandiri"),)
    )
    assert coerce("belajar_mandiri", field) == "belajar_mandiri"
    assert coerce("Belajar  mandiri", field) == "belajar_mandiri"
    problem = coerce("Seminar", field)
    assert isinstance(problem, Problem)
    assert "Belajar Mandiri" in advice(problem)


def test_text_that_cannot_be_seen_is_refused() -> None:
    field = Field(name="nama", kind=Kind.TEXT, label="Nama", tooltip="")
    for text in ("a\N{RIGHT-TO-LEFT OVERRIDE}b", "a\x00b", "\N{ZERO WIDTH SPACE}", "\N{SOFT HYPHEN}"):
        assert isinstance(coerce(text, field), Problem)


def test_long_text_keeps_its_lines_and_its_limit() -> None:
    field = Field(name="a", kind=Kind.LONG_TEXT, label="A", tooltip="", max_length=13)
    assert coerce(" satu  dua \r\ntiga\r", field) == "satu dua\ntiga"
    problem = coerce("x" * 14, field)
    assert isinstance(problem, Problem)
    assert (problem.code, problem.field) == ("too_long", "a")
    assert "13" in said(problem)


def test_nothing_invisible_is_printable() -> None:
    # `read_text` relies on this before it checks every character.
    characters = map(chr, range(sys.maxunicode + 1))
    assert not [
        character
        for character in characters
        if character.isprintable() and unicodedata.category(character) in _INVISIBLE
    ]
