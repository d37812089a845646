"""Tables the service hands out: taken back as they are they say nothing wrong, filled in they are imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from service.demo.sample import PEOPLE
from service.spreadsheets.exports import TABLE_LAYOUTS
from support.command import Run, objects

NIP = "199203152018012044"


@pytest.mark.parametrize("subject", sorted(TABLE_LAYOUTS))
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_template_handed_in_as_it_is_is_only_empty(cmb: Run, tmp_path: Path, subject: str, kind: str) -> None:
    path = tmp_path / f"{subject}.{kind}"
    cmb("template", subject, "-o", path)
    assert "kosong" in cmb(subject, "import", path, expect=2).stderr


@pytest.mark.parametrize("subject", sorted(TABLE_LAYOUTS))
def test_a_spreadsheet_explains_its_columns_and_offers_their_choices(cmb: Run, tmp_path: Path, subject: str) -> None:
    cmb("template", subject, "-o", tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    layout = TABLE_LAYOUTS[subject]
    assert tuple(cell.value for cell in book.worksheets[0][1]) == layout.names
    assert [row[0].value for row in book["Petunjuk"].iter_rows(min_row=2)] == list(layout.names)
    offered = [validation.formula1 for validation in book.worksheets[0].data_validations.dataValidation]
    assert offered == [f'"{",".join(column.choices)}"' for column in layout.columns if column.choices]


def test_the_sample_row_of_each_template_is_one_the_import_takes(cmb: Run, tmp_path: Path) -> None:
    cmb("template", "employees", "-o", tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    cells = dict(TABLE_LAYOUTS["employees"].sample) | {"nip": NIP}
    for place, name in enumerate(TABLE_LAYOUTS["employees"].names, start=1):
        book.worksheets[0].cell(row=2, column=place, value=cells[name]).number_format = "@"
    book.save(tmp_path / "t.xlsx")
    assert objects(cmb("employees", "import", tmp_path / "t.xlsx", "--json"))[0]["new"] == 1


def test_what_is_known_from_paper_is_listed_with_its_jp_and_what_took_from_it(cmb: Run, tmp_path: Path) -> None:
    nip = PEOPLE["cahya"].nip
    rows = [f"{nip},coaching,2023-05-0{day},Coaching {day},Diah Contohwati" for day in (2, 3, 4)]
    heads = "nip,jenis_kegiatan,tanggal,nama_kegiatan,pembimbing_atau_sumber"
    (tmp_path / "kertas.csv").write_text("\n".join((heads, *rows)), encoding="utf-8")
    *shown, end = objects(cmb("past", "import", tmp_path / "kertas.csv", "--dry-run", "--json"))
    assert [(row["jp"], [found["rule"] for found in row["findings"]]) for row in shown] == [
        ("2", []),
        ("2", []),
        ("0", ["coaching_month_limit"]),
    ]
    assert end == {"rows": 3, "kept": 0, "dry_run": True}
    assert "5.c.1)c)" in cmb("past", "import", tmp_path / "kertas.csv").stdout
    assert len(objects(cmb("learning", "list", "--year", "2023", "--json"))) == 3


def test_another_kind_of_file_is_refused(cmb: Run, tmp_path: Path) -> None:
    assert "jenis berkas" in cmb("template", "employees", "-o", tmp_path / "t.ods", expect=2).stderr
    cmb("template", "employees", "--waiting", "-o", tmp_path / "t.csv", expect=2)
