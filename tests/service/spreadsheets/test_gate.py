"""What a table may bring into the register: clean text, and nothing that a spreadsheet damaged."""

from __future__ import annotations

import io
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from parsers.values import read_nip
from service.errors import BadInput
from service.identifiers import as_typed, nip_as_typed
from service.names import Likeness, cleaned, cleanings, likeness
from service.spreadsheets.read import Column, Layout, Row, read_rows, rows_in

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
    assert row.cells == {"nip": NIP, "nama": "Cahya R\u00e9ne", "atasan_nip": "197801012003122001"}
    assert [note.partition(": ")[0] for note in row.notes] == ["Baris 2", "Baris 2"]


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


def test_cells_under_a_column_without_a_title_are_refused() -> None:
    table = f"nip,,nama,atasan_nip\n{NIP},{{}},Cahya,\n"
    (row,) = read_rows(table.format("hilang").encode(), LAYOUT, xlsx=False)
    assert row.wrong
    (row,) = read_rows(table.format("").encode(), LAYOUT, xlsx=False)
    assert not row.wrong


def test_a_formula_without_a_stored_result_is_not_empty() -> None:
    assert "kolom atasan_nip" in of_xlsx(NIP, "Cahya", "=A1").wrong[0]


def test_a_true_cell_is_refused_and_a_missing_last_cell_is_not() -> None:
    assert "kolom nama" in of_xlsx(NIP, True).wrong[0]
    assert not of_xlsx(NIP, "Cahya").wrong


@settings(deadline=None)
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


LINES = (("nip", "nama", "atasan_nip"), (NIP, "Cahya, S.E.", ""))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("named", [False, True])
def test_every_usual_separator_and_encoding_is_read(encoding: str, delimiter: str, named: bool) -> None:
    head = f"sep={delimiter}\r\n" if named else ""
    text = head + "\r\n".join(delimiter.join(f'"{cell}"' for cell in line) for line in LINES)
    (row,) = read_rows(text.encode(encoding), LAYOUT, xlsx=False)
    assert (row.line, dict(row.cells)) == (2, dict(zip(*LINES, strict=True)))


def test_another_separator_is_named() -> None:
    with pytest.raises(BadInput, match="“:”"):
        read_rows(b"nip:nama:atasan_nip\n1:2:3\n", LAYOUT, xlsx=False)


def test_a_spreadsheet_under_another_name_is_read_and_an_old_one_is_named() -> None:
    book, stream = Workbook(), io.BytesIO()
    for line in LINES:
        book.worksheets[0].append(line)
    book.save(stream)
    assert rows_in(stream.getvalue(), LAYOUT, "tabel.csv")[0].cells["nama"] == "Cahya, S.E."
    with pytest.raises(BadInput, match=r"\.xls"):
        rows_in(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", LAYOUT, "tabel.xls")


def test_what_a_spreadsheet_hides_is_said() -> None:
    book, stream = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    for line in (*LINES, LINES[1]):
        sheet.append(line)
    sheet.row_dimensions[3].hidden = True
    sheet.column_dimensions["C"].hidden = True
    for title, filled, state in (("Arsip", True, "hidden"), ("Catatan", True, "visible"), ("Sheet4", False, "visible")):
        other = book.create_sheet(title)
        other.sheet_state = state
        if filled:
            other.append(["isi"])
    book.save(stream)
    first, second = read_rows(stream.getvalue(), LAYOUT, xlsx=True)
    assert [note.split(" ")[0] for note in first.notes] == ["Kolom", "Lembar", "Lembar"]
    assert "atasan_nip" in first.notes[0]
    assert ("tersembunyi “Arsip”" in first.notes[1], "“Catatan”" in first.notes[2]) == (True, True)
    assert second.notes == ("Baris 3: tersembunyi pada lembar kerja; tetap dibaca.",)


def test_a_hidden_first_sheet_is_read_and_said() -> None:
    book, stream = Workbook(), io.BytesIO()
    for line in LINES:
        book.worksheets[0].append(line)
    book.worksheets[0].sheet_state = "hidden"
    book.create_sheet("Kosong")
    book.save(stream)
    (row,) = read_rows(stream.getvalue(), LAYOUT, xlsx=True)
    assert "tersembunyi" in row.notes[0]


@settings(deadline=None)
@given(st.text(max_size=30))
def test_cleaning_is_done_once_and_said_exactly_when_it_changes_more_than_the_ends(text: str) -> None:
    kept = cleaned(text)
    assert cleaned(kept) == kept
    assert not cleanings(kept)
    if not cleanings(text):
        assert kept == text.strip()


@pytest.mark.parametrize("end", ["", ".", "/", "?utm=wa", "#hasil", ")"])
@pytest.mark.parametrize("begin", ["", "cmb.contoh.go.id/periksa/", "http://x.id/cmb/periksa/", "("])
def test_a_certificate_number_is_found_in_what_was_copied(begin: str, end: str) -> None:
    assert as_typed(f"{begin}CMB-2026-000123-K7Q2M9XD{end}") == "CMB-2026-000123-K7Q2M9XD"


@pytest.mark.parametrize(
    "typed", [" 19970821 202012 2 005", "19970821.202012.2.005", f"\u200f{NIP}\u200e", f"{NIP}\u00a0"]
)
def test_a_nip_is_understood_as_pasted(typed: str) -> None:
    assert nip_as_typed(typed) == NIP
    assert read_nip(typed) == NIP


def test_names_are_compared_in_one_form() -> None:
    assert likeness("Re\u0301ne\u200b Contoh", "R\u00e9ne Contoh, S.E.") is Likeness.SAME
