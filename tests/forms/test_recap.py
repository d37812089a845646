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
from support.card_contents import DEWI, PRINTED, formulas, sheet, worth

HEAD = "No Nama NIP Gol Jabatan Coaching Mentoring Belajar Mandiri Total JP Target Kekurangan Keterangan Jumlah JP"


@pytest.fixture(scope="module")
def letters() -> FontFamily:
    return FontFamily()


def row(place: int) -> RecapRow:
    """Every tenth is above the target, every third has something that does not count."""
    return RecapRow(
        nip=str(199708212020122005 + place),
        name=f"Contoh Pegawai Nomor {place + 1}, S.Psi.",
        grade=("III/b", "IX")[place % 2],
        position="Analis SDM Aparatur Ahli Muda",
        coaching=KindSum(count=place % 4, jp=Decimal(2 * (place % 4))),
        mentoring=KindSum(count=1, jp=Decimal(4 if place % 10 else 20)),
        self_study=KindSum(count=2, jp=Decimal("4.4")),
        uncounted=0 if place % 3 else 1,
    )


def recap(count: int = 3, **changes: Any) -> RecapContent:
    told: dict[str, Any] = {
        "unit": "Biro Sumber Daya Manusia",
        "year": 2026,
        "quarter": 2,
        "through": dt.date(2026, 6, 30),
        "target": Decimal(20),
        "rows": tuple(map(row, range(count))),
        "officer": DEWI,
        "head": Officer(name="Dr. Diah Contohwati, M.Si.", nip="197801012003122001"),
    }
    return RecapContent(**told | changes)


CHANGE = Change(nip="199708212020122005", name="Cahya", column="Coaching, JP", before="2", after="4")


def pages(pdf: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in PdfReader(BytesIO(pdf)).pages]


def test_the_recap_says_which_unit_quarter_and_year_and_that_its_table_is_ours(letters: FontFamily) -> None:
    (page,) = pages(draw_recap(recap(), RecapStatus(), letters, PRINTED))
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


def test_a_row_says_how_much_of_each_kind_and_what_is_lacking(letters: FontFamily) -> None:
    (page,) = pages(draw_recap(recap(2), RecapStatus(), letters, PRINTED))
    assert (
        "1 Contoh Pegawai Nomor 1, S.Psi. 19970821 202012 2 005 III/b Analis SDM Aparatur Ahli Muda "
        "0 0 1 20 2 4,4 24,4 20 0 Terpenuhi. 1 kegiatan tidak dihitung."
    ) in page
    assert "1 2 1 4 2 4,4 10,4 20 9,6 Belum terpenuhi." in page


def test_a_large_unit_takes_several_pages_with_the_head_on_each(letters: FontFamily) -> None:
    told = pages(draw_recap(recap(70), RecapStatus(), letters, PRINTED))
    assert len(told) > 3
    assert all(HEAD in page for page in told)
    assert " ".join(told).count("Contoh Pegawai Nomor") == 70
    assert "Pimpinan Unit Kerja" in told[-1]
    assert "JUMLAH" in told[-1]


@pytest.mark.parametrize("count", [1, 2, 60])
def test_a_correction_says_what_it_changes(count: int, letters: FontFamily) -> None:
    standing = RecapStatus(version=2, sent="3 Juli 2026 09.12 WIB", changes=(CHANGE,) * count)
    told = " ".join(pages(draw_recap(recap(), standing, letters, PRINTED)))
    assert "STATUS : Koreksi, versi 2, dikirim 3 Juli 2026 09.12 WIB" in told
    assert (
        "Perubahan terhadap versi 1 NIP Nama Kolom Semula Menjadi 19970821 202012 2 005 Cahya Coaching, JP 2 4" in told
    )
    assert told.count("Cahya Coaching, JP 2 4") == count
    assert told.index("Perubahan") < told.index("Pimpinan Unit Kerja")


def test_what_changed_since_it_was_sent_is_said_before_the_correction_is(letters: FontFamily) -> None:
    told = " ".join(pages(draw_recap(recap(), RecapStatus(changes=(CHANGE,)), letters, PRINTED)))
    assert "STATUS : Berubah sejak dikirim; koreksinya belum dikirim" in told
    assert "Perubahan terhadap versi terakhir yang dikirim" in told


def test_the_content_comes_back_from_its_json_and_is_attached(letters: FontFamily) -> None:
    content = recap(5, officer=None, rows=(replace(row(1), moves=("Pensiun sejak 1 Mei 2026.",)),))
    assert RecapContent.from_json(json.loads(content.canonical())) == content
    with pikepdf.open(BytesIO(draw_recap(content, RecapStatus(), letters, PRINTED))) as pdf:
        assert json.loads(pdf.attachments[ATTACHMENT].get_file().read_bytes()) == content.to_json()


def test_whoever_stands_under_it_changes_nothing_that_is_reported() -> None:
    assert recap(officer=None, head=None).digest == recap().digest
    assert recap(4).digest != recap().digest
    assert recap(quarter=3).digest != recap().digest


def test_the_table_computes_its_totals_and_what_is_lacking() -> None:
    content = recap(12)
    page = sheet(recap_workbook(content, RecapStatus(), PRINTED))
    first = next(line[0].row for line in page.iter_rows() if line[0].value == 1)
    for place, each in enumerate(content.rows):
        assert page[f"C{first + place}"].value == each.nip
        assert worth(page, f"L{first + place}") == each.total
        assert worth(page, f"N{first + place}") == content.shortfall(each)
    last = first + 12
    assert worth(page, f"L{last}") == sum(each.total for each in content.rows)
    assert worth(page, f"N{last}") == sum(map(content.shortfall, content.rows))
    assert worth(page, f"F{last}") == sum(each.coaching.count for each in content.rows)


def test_no_name_becomes_a_formula_and_changes_have_a_sheet() -> None:
    lie = "=1+1"
    content = recap(1, rows=(replace(row(0), name=lie, position=lie),), unit=lie)
    workbook = recap_workbook(content, RecapStatus(version=2, sent="x", changes=(replace(CHANGE, after=lie),)), PRINTED)
    assert lie not in formulas(sheet(workbook)).values()
    changes = sheet(workbook, 1)
    assert [each.value for each in changes[4]] == ["199708212020122005", "Cahya", "Coaching, JP", "2", lie]
    assert not formulas(changes)
