"""What a table may bring into the register: clean text, and nothing that a spreadsheet damaged."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from service.identifiers import as_typed
from service.spreadsheets.read import Column, Layout, Row, read_rows

LAYOUT = Layout(
    subject="uji",
    title="Tabel uji",
    columns=tuple(Column(name=name, meaning="") for name in ("nip", "nama", "atasan_nip")),
    sample={},
)
NIP = "199708212020122005"


def of_csv(line: str) -> Row:
    return read_rows(f"nip,nama,atasan_nip\n{line}\n".encode(), LAYOUT, xlsx=False)[0]


def of_xlsx(*cells: object) -> Row:
    book, stream = Workbook(), io.BytesIO()
    for row in (LAYOUT.names, cells):
        book.worksheets[0].append(row)
    book.save(stream)
    return read_rows(stream.getvalue(), LAYOUT, xlsx=True)[0]


def test_invisible_marks_and_double_spaces_are_removed() -> None:
    row = of_csv(f"\u202a{NIP}\u202c,Cahya \u200b Re\u0301ne,1978 0101 2003 1220 01")
    assert row == Row(2, {"nip": NIP, "nama": "Cahya R\u00e9ne", "atasan_nip": "197801012003122001"})


@pytest.mark.parametrize(
    "cell", ["#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#SPILL!", "Err:508", "####", "BENAR"]
)
def test_errors_and_truth_values_are_refused_with_their_column(cell: str) -> None:
    assert "kolom nama" in of_csv(f"{NIP},{cell},").wrong[0]


@pytest.mark.parametrize("nip", ["199708212020122000", '"1,99708E+17"', "1.99708E+17"])
def test_a_nip_damaged_by_a_spreadsheet_is_refused_in_each_column(nip: str) -> None:
    assert len(of_csv(f"{nip},Cahya,{nip}").wrong) == 2


def test_cells_beyond_the_header_and_rows_that_end_early_are_refused() -> None:
    assert of_csv(f"{NIP},Cahya,,tambahan").wrong
    assert of_csv(f"{NIP},Cahya").wrong
    assert not of_csv(f"{NIP},Cahya,").wrong


def test_a_formula_without_a_stored_result_is_not_empty() -> None:
    assert "kolom atasan_nip" in of_xlsx(NIP, "Cahya", "=A1").wrong[0]


def test_a_true_cell_is_refused_and_a_missing_last_cell_is_not() -> None:
    assert "kolom nama" in of_xlsx(NIP, True).wrong[0]
    assert not of_xlsx(NIP, "Cahya").wrong


@given(st.text(st.characters(exclude_characters="\"\r\n,'", exclude_categories=["Cs"]), max_size=20))
def test_whatever_is_read_is_normal_and_has_no_format_character(cell: str) -> None:
    kept = of_csv(f'{NIP},"{cell}",').cells["nama"]
    assert kept == unicodedata.normalize("NFC", kept)
    assert all(unicodedata.category(char) != "Cf" for char in kept)


@pytest.mark.parametrize(
    "typed",
    [
        "https://cmb.contoh.go.id/periksa/CMB-2026-000123-K7Q2M9XD",
        " cmb-2026-000123-k7q2m9xd. ",
        "\u200bCMB-2026-000123-K7Q2M9XD\u202c",
    ],
)
def test_a_certificate_number_is_understood_as_pasted(typed: str) -> None:
    assert as_typed(typed) == "CMB-2026-000123-K7Q2M9XD"
