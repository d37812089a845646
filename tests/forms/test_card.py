"""The control card as a reader, a printer, a screen reader and a spreadsheet find it."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from typing import Any

import pikepdf
import pytest
from pypdf import PdfReader

from forms.card import ATTACHMENT, CardContent, CardNote, DrawnCard
from forms.card_pdf import draw_card, letter
from forms.errors import Undrawable
from forms.typesetting.fonts import FontFamily
from forms.typesetting.paper import MM
from forms.workbooks import card_workbook
from support.card_contents import NOTE, PRINTED, card, cell_value, formulas, row, sheet

LONG = "Direktorat Contoh Pengembangan dan Pengawasan Jabatan Fungsional, Kedeputian Contoh Pembinaan Manajemen " * 2
HEAD = "NO NAMA KEGIATAN COACHING MENTORING BELAJAR MANDIRI Tanggal Nama Coach Jumlah JP Tanggal Nama Mentor Jumlah JP"


@pytest.fixture(scope="module")
def fonts() -> FontFamily:
    return FontFamily()


def pages(drawn: DrawnCard) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(drawn.pdf)).pages]


def test_the_card_has_the_circulars_head_facts_columns_and_end(fonts: FontFamily) -> None:
    (page,) = pages(draw_card(card(3), fonts, PRINTED))
    for text in (
        "Lampiran II Surat Edaran Nomor : 3 Tahun 2022 Tanggal : 1 Februari 2022",
        "KARTU PENGENDALIAN PENGEMBANGAN KOMPETENSI MELALUI COACHING, MENTORING, DAN BELAJAR MANDIRI",
        "NAMA PEGAWAI : Cahya NIP : 199708212020122005 GOL RUANG : III/b JABATAN : Analis SDM Aparatur",
        "UNIT KERJA : Biro Sumber Daya Manusia PERIODE : 1 Januari 2026 - 31 Desember 2026",
        f"{HEAD} Tanggal Sumber Pembelajaran Jumlah JP",
        "JUMLAH JAM PELAJARAN 2 2,4 2 PEROLEHAN JAM PELAJARAN DALAM SETAHUN 6,4 JP",
        "Mengetahui, Pengelola Kepegawaian Dewi Anggraeni, S.Psi. NIP 19940630 201903 2 004",
        "UU ITE No. 11 Tahun 2008 Pasal 5 Ayat 1",
        "Dicetak 26 November 2026 09.12 WIB dari kegiatan yang sudah disahkan Biro SDM.",
        "Halaman 1 dari 1",
    ):
        assert text in page


def test_the_same_card_printed_at_the_same_moment_is_the_same_bytes(fonts: FontFamily) -> None:
    assert draw_card(card(), fonts, PRINTED) == draw_card(card(), FontFamily(), PRINTED)


def test_sixty_activities_take_several_pages_with_the_head_on_each_and_every_activity_once(fonts: FontFamily) -> None:
    texts = pages(draw_card(card(60), fonts, PRINTED))
    assert len(texts) > 4
    for number, page in enumerate(texts, 1):
        assert HEAD in page
        assert page.endswith(f"Cahya, NIP 19970821 202012 2 005, 2026 Halaman {number} dari {len(texts)}")
    whole = " ".join(texts)
    assert [whole.count(f"bagian {number} ") for number in range(1, 61)] == [1] * 60


@pytest.mark.parametrize("activities", range(12))
def test_nobody_signs_a_page_without_a_row_of_the_table(activities: int, fonts: FontFamily) -> None:
    drawn = draw_card(card(activities), fonts, PRINTED)
    last = pages(drawn)[drawn.page]
    assert "JUMLAH JAM PELAJARAN" in last
    assert "Pengelola Kepegawaian" in last
    assert f"bagian {activities} " in last or not activities


def test_a_card_without_activities_says_so_and_sums_to_nothing(fonts: FontFamily) -> None:
    (page,) = pages(draw_card(card(0, officer=None), fonts, PRINTED))
    assert "Belum ada kegiatan yang disahkan pada tahun 2026. JUMLAH JAM PELAJARAN 0 0 0" in page
    assert "SETAHUN 0 JP Mengetahui, Pengelola Kepegawaian Nama NIP" in page


def test_what_does_not_count_stands_there_with_nothing_and_why(fonts: FontFamily) -> None:
    page = " ".join(pages(draw_card(card(5), fonts, PRINTED)))
    assert "5 Mei 2026 Dr. Contoh Pembimbing, S.Psi., M.Si. 0 a)" in page
    assert f"Catatan a) {NOTE.because} ({NOTE.cites[0]}; {NOTE.cites[1]})" in page


def test_more_notes_than_letters_go_on_with_two_and_over_pages(fonts: FontFamily) -> None:
    assert [letter(number) for number in (1, 26, 27, 52, 53)] == ["a", "z", "aa", "az", "ba"]
    notes = tuple(CardNote(because=f"Alasan ke-{number}.", cites=("Angka contoh",)) for number in range(60))
    drawn = draw_card(card(5, notes=notes), fonts, PRINTED)
    texts = pages(drawn)
    assert len(texts) > 1
    assert "Alasan ke-59." in texts[drawn.page]
    assert "Pengelola Kepegawaian" in texts[drawn.page]


def test_long_texts_are_told_whole(fonts: FontFamily) -> None:
    long = replace(row(0), title=LONG.strip(), guide=LONG.strip())
    drawn = draw_card(card(1, activities=(long,), unit=LONG.strip(), name="A" * 120), fonts, PRINTED)
    whole = "".join(pages(drawn)).replace(" ", "")
    assert whole.count(LONG.strip().replace(" ", "")) == 3
    assert "A" * 120 in whole


def test_a_row_above_a_page_and_a_letter_we_cannot_print_are_refused(fonts: FontFamily) -> None:
    with pytest.raises(Undrawable, match="baris 1"):
        draw_card(card(1, activities=(replace(row(0), title="Sangat panjang. " * 400),)), fonts, PRINTED)
    with pytest.raises(Undrawable, match=r"“語” \(U\+8A9E\)"):
        draw_card(card(name="語"), fonts, PRINTED)


def test_the_place_to_sign_is_free_and_large_enough(fonts: FontFamily) -> None:
    for activities in (0, 4, 7, 60):
        drawn = draw_card(card(activities), fonts, PRINTED)
        left, bottom, right, top = drawn.box
        assert right - left >= 62 * MM
        assert top - bottom >= 24 * MM
        reached: list[tuple[float, float]] = []
        PdfReader(BytesIO(drawn.pdf)).pages[drawn.page].extract_text(
            visitor_text=lambda text, _cm, tm, *_rest, at=reached: at.append((tm[4], tm[5])) if text.strip() else None
        )
        assert reached
        assert not [at for at in reached if left < at[0] < right and bottom < at[1] < top]


def test_a_screen_reader_finds_a_table_whose_heads_span_what_they_head(fonts: FontFamily) -> None:
    with pikepdf.open(BytesIO(draw_card(card(5), fonts, PRINTED).pdf)) as pdf:
        assert str(pdf.Root.Lang) == "id-ID"
        (document,) = (
            pdf.Root.StructTreeRoot.K
            if isinstance(pdf.Root.StructTreeRoot.K, pikepdf.Array)
            else [pdf.Root.StructTreeRoot.K]
        )
        table = next(element for element in document.K if str(element.S) == "/Table")
        rows = [line for part in table.K for line in part.K]
        assert [_across(line) for line in rows] == [11, 9, *[11] * 6]
        heads = [cell for line in rows[:2] for cell in line.K]
        assert {str(cell.S) for cell in heads} == {"/TH"}
        assert {str(cell.A.Scope) for cell in heads} == {"/Column"}
        assert [int(cell.A.get("/RowSpan", 1)) for cell in rows[0].K] == [2, 2, 1, 1, 1]
        assert b'part="1"' in pdf.Root.Metadata.read_bytes()


def test_the_attached_json_is_what_the_card_says(fonts: FontFamily) -> None:
    content = card(7)
    with pikepdf.open(BytesIO(draw_card(content, fonts, PRINTED).pdf)) as pdf:
        attached = json.loads(pdf.attachments[ATTACHMENT].get_file().read_bytes())
    assert attached == content.to_json()
    assert attached["total"] == "12.4"


def test_another_moment_of_printing_is_the_same_card_another_jp_is_not() -> None:
    content = card()
    changed = replace(content, activities=(replace(content.activities[0], jp=Decimal(0)), *content.activities[1:]))
    assert content.basis == card().basis
    assert changed.basis != content.basis


def test_the_table_has_real_dates_and_numbers_and_sums_itself() -> None:
    content = card(12)
    page = sheet(card_workbook(content, PRINTED))
    first = next(line[0].row for line in page.iter_rows() if line[0].value == 1)
    assert page.cell(first, 3).value == dt.datetime(2026, 1, 1)  # noqa: DTZ001 - dates of a sheet know no zone
    assert page.cell(first, 3).is_date
    assert page.cell(first, 5).value == 2
    last = first + 12
    sums = [cell_value(page, page.cell(last, column).coordinate) for column in (5, 9, 13)]
    assert sums == [content.of_kind(kind) for kind in ("coaching", "mentoring", "belajar_mandiri")]
    assert cell_value(page, page.cell(last + 1, 3).coordinate) == content.total
    assert page.print_title_rows == f"${first - 2}:${first - 1}"


def test_no_formulaof_anybody_becomes_a_formula() -> None:
    lies = ('=HYPERLINK("http://contoh.example")', "+62 812", "-2+3", "@SUM(A1)", "=1\x00+1")
    activities = tuple(
        replace(row(number), title=formula, guide=formula, scope="nasional") for number, formula in enumerate(lies)
    )
    content: Any = card(
        5,
        activities=activities,
        name=lies[0],
        unit=lies[1],
        position=lies[2],
        grade=lies[3],
    )
    page = sheet(card_workbook(content, PRINTED))
    assert {text[:5] for text in formulas(page).values()} == {"=SUM(", "=E20+"}
    cells = [cell for line in page.iter_rows() for cell in line if cell.value in lies]
    assert len(cells) == 12
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in cells)


def _across(line: Any) -> int:
    return sum(int(cell.A.get("/ColSpan", 1)) if "/A" in cell else 1 for cell in line.K)


def test_a_card_says_who_left_in_the_year(fonts: FontFamily) -> None:
    content: CardContent = card(2, ends=dt.date(2026, 6, 30), remarks=("Pensiun sejak 1 Juli 2026.",))
    (page,) = pages(draw_card(content, fonts, PRINTED))
    assert "PERIODE : 1 Januari 2026 - 30 Juni 2026" in page
    assert "Catatan Pensiun sejak 1 Juli 2026." in page
