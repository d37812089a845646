"""The recap of a unit as a reader, a printer and a spreadsheet find it."""

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

from forms.card import Officer
from forms.recap import ATTACHMENT, Change, KindSum, RecapContent, RecapRow, RecapStatus
from forms.recap_pdf import draw_recap
from forms.typesetting.fonts import FontFamily
from forms.workbooks import recap_workbook
from support.card_contents import DEWI, PRINTED, cell_value, formulas, sheet

HEAD = "No Nama NIP Gol Jabatan Coaching Mentoring Belajar Mandiri Total JP Target Kekurangan Keterangan Jumlah JP"


@pytest.fixture(scope="module")
def fonts() -> FontFamily:
    return FontFamily()


def row(number: int) -> RecapRow:
    """Return the row of an employee: every tenth is above the target, every third has an uncounted activity."""
    return RecapRow(
        nip=str(199708212020122005 + number),
        name=f"Contoh Pegawai Nomor {number + 1}, S.Psi.",
        grade=("III/b", "IX")[number % 2],
        position="Analis SDM Aparatur Ahli Muda",
        coaching=KindSum(count=number % 4, jp=Decimal(2 * (number % 4))),
        mentoring=KindSum(count=1, jp=Decimal(4 if number % 10 else 20)),
        self_study=KindSum(count=2, jp=Decimal("4.4")),
        uncounted=0 if number % 3 else 1,
    )


def recap(count: int = 3, **changes: Any) -> RecapContent:
    values: dict[str, Any] = {
        "unit": "Biro Sumber Daya Manusia",
        "year": 2026,
        "quarter": 2,
        "through": dt.date(2026, 6, 30),
        "target": Decimal(20),
        "rows": tuple(map(row, range(count))),
        "officer": DEWI,
        "head": Officer(name="Dr. Diah Contohwati, M.Si.", nip="197801012003122001"),
    }
    return RecapContent(**values | changes)


CHANGE = Change(nip="199708212020122005", name="Cahya", column="Coaching, JP", before="2", after="4")


def pages(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def test_the_recap_says_which_unit_quarter_and_year_and_that_its_table_is_ours(fonts: FontFamily) -> None:
    (page,) = pages(draw_recap(recap(), RecapStatus(), fonts, PRINTED))
    for text in (
        "Lampiran III Surat Edaran Nomor : 3 Tahun 2022",
        "UNIT KERJA : Biro Sumber Daya Manusia TRIWULAN : II (kumulatif Januari - Juni 2026) TAHUN : 2026",
        "STATUS : Belum dikirim",
        HEAD,
        "JUMLAH 3 6 3 28 6 13,2 47,2 17,2 1 dari 3 pegawai terpenuhi.",
        "Susunan tabel ini dibuat layanan CMB: tabel Lampiran III tidak terdapat pada salinan surat edaran",
        "Mengetahui, Pimpinan Unit Kerja Dr. Diah Contohwati, M.Si. NIP 19780101 200312 2 001",
        "Pengelola Kepegawaian Dewi Anggraeni, S.Psi. NIP 19940630 201903 2 004",
    ):
        assert text in page


def test_a_row_says_how_much_of_each_kind_and_what_is_lacking(fonts: FontFamily) -> None:
    (page,) = pages(draw_recap(recap(2), RecapStatus(), fonts, PRINTED))
    assert (
        "1 Contoh Pegawai Nomor 1, S.Psi. 19970821 202012 2 005 III/b Analis SDM Aparatur Ahli Muda "
        "0 0 1 20 2 4,4 24,4 20 0 Terpenuhi. 1 kegiatan tidak dihitung."
    ) in page
    assert "1 2 1 4 2 4,4 10,4 20 9,6 Belum terpenuhi." in page


def test_a_large_unit_takes_several_pages_with_the_head_on_each(fonts: FontFamily) -> None:
    texts = pages(draw_recap(recap(70), RecapStatus(), fonts, PRINTED))
    assert len(texts) > 3
    assert all(HEAD in page for page in texts)
    assert " ".join(texts).count("Contoh Pegawai Nomor") == 70
    assert "Pimpinan Unit Kerja" in texts[-1]
    assert "JUMLAH" in texts[-1]


@pytest.mark.parametrize("count", [1, 2, 60])
def test_a_correction_says_what_it_changes(count: int, fonts: FontFamily) -> None:
    status = RecapStatus(version=2, sent="3 Juli 2026 09.12 WIB", changes=(CHANGE,) * count)
    text = " ".join(pages(draw_recap(recap(), status, fonts, PRINTED)))
    assert "STATUS : Koreksi, versi 2, dikirim 3 Juli 2026 09.12 WIB" in text
    assert (
        "Perubahan terhadap versi 1 NIP Nama Kolom Semula Menjadi 19970821 202012 2 005 Cahya Coaching, JP 2 4" in text
    )
    assert text.count("Cahya Coaching, JP 2 4") == count
    assert text.index("Perubahan") < text.index("Pimpinan Unit Kerja")


def test_what_changed_since_it_was_sent_is_said_before_the_correction_is(fonts: FontFamily) -> None:
    text = " ".join(pages(draw_recap(recap(), RecapStatus(changes=(CHANGE,)), fonts, PRINTED)))
    assert "STATUS : Berubah sejak dikirim; koreksinya belum dikirim" in text
    assert "Perubahan terhadap versi terakhir yang dikirim" in text


def test_the_content_comes_back_from_its_json_and_is_attached(fonts: FontFamily) -> None:
    content = recap(5, officer=None, rows=(replace(row(1), moves=("Pensiun sejak 1 Mei 2026.",)),))
    assert RecapContent.from_json(json.loads(content.canonical())) == content
    with pikepdf.open(BytesIO(draw_recap(content, RecapStatus(), fonts, PRINTED))) as pdf:
        assert json.loads(pdf.attachments[ATTACHMENT].get_file().read_bytes()) == content.to_json()


def test_whoever_stands_under_it_changes_nothing_that_is_reported() -> None:
    assert recap(officer=None, head=None).digest == recap().digest
    assert recap(4).digest != recap().digest
    assert recap(quarter=3).digest != recap().digest


def test_the_table_computes_its_totals_and_what_is_lacking() -> None:
    content = recap(12)
    page = sheet(recap_workbook(content, RecapStatus(), PRINTED))
    first = next(line[0].row for line in page.iter_rows() if line[0].value == 1)
    for number, row in enumerate(content.rows):
        assert page[f"C{first + number}"].value == row.nip
        assert cell_value(page, f"L{first + number}") == row.total
        assert cell_value(page, f"N{first + number}") == content.shortfall(row)
    last = first + 12
    assert cell_value(page, f"L{last}") == sum(row.total for row in content.rows)
    assert cell_value(page, f"N{last}") == sum(map(content.shortfall, content.rows))
    assert cell_value(page, f"F{last}") == sum(row.coaching.count for row in content.rows)


def test_no_name_becomes_a_formula_and_changes_have_a_sheet() -> None:
    lie = "=1+1"
    content = recap(1, rows=(replace(row(0), name=lie, position=lie),), unit=lie)
    workbook = recap_workbook(content, RecapStatus(version=2, sent="x", changes=(replace(CHANGE, after=lie),)), PRINTED)
    assert lie not in formulas(sheet(workbook)).values()
    changes = sheet(workbook, 1)
    assert [cell.value for cell in changes[4]] == ["199708212020122005", "Cahya", "Coaching, JP", "2", lie]
    assert not formulas(changes)
