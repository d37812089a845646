"""Tables the service hands out: taken back as they are they say nothing wrong, filled in they are imported."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from service.demo.sample import PEOPLE
from service.exports import OFFERED
from support.command import Run, objects

NIP = "199203152018012044"


@pytest.mark.parametrize("subject", sorted(OFFERED))
@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_template_handed_in_as_it_is_is_only_empty(cmb: Run, tmp_path: Path, subject: str, kind: str) -> None:
    path = tmp_path / f"{subject}.{kind}"
    cmb("template", subject, "-o", path)
    assert "kosong" in cmb(subject, "import", path, expect=2).stderr


@pytest.mark.parametrize("subject", sorted(OFFERED))
def test_a_spreadsheet_explains_its_columns_and_offers_their_choices(cmb: Run, tmp_path: Path, subject: str) -> None:
    cmb("template", subject, "-o", tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    layout = OFFERED[subject]
    assert tuple(cell.value for cell in book.worksheets[0][1]) == layout.names
    assert [row[0].value for row in book["Petunjuk"].iter_rows(min_row=2)] == list(layout.names)
    offered = [each.formula1 for each in book.worksheets[0].data_validations.dataValidation]
    assert offered == [f'"{",".join(each.choices)}"' for each in layout.columns if each.choices]


def test_the_sample_row_of_each_template_is_one_the_import_takes(cmb: Run, tmp_path: Path) -> None:
    cmb("template", "employees", "-o", tmp_path / "t.xlsx")
    book = load_workbook(tmp_path / "t.xlsx")
    told = dict(OFFERED["employees"].sample) | {"nip": NIP}
    for place, name in enumerate(OFFERED["employees"].names, start=1):
        book.worksheets[0].cell(row=2, column=place, value=told[name]).number_format = "@"
    book.save(tmp_path / "t.xlsx")
    assert objects(cmb("employees", "import", tmp_path / "t.xlsx", "--json"))[0]["new"] == 1


def test_what_is_known_from_paper_is_listed_with_its_jp_and_what_took_from_it(cmb: Run, tmp_path: Path) -> None:
    nip = PEOPLE["cahya"].nip
    rows = [f"{nip},coaching,2023-05-0{day},Coaching {day},Diah Contohwati" for day in (2, 3, 4)]
    heads = "nip,jenis_kegiatan,tanggal,nama_kegiatan,pembimbing_atau_sumber"
    (tmp_path / "kertas.csv").write_text("\n".join((heads, *rows)), encoding="utf-8")
    *told, end = objects(cmb("past", "import", tmp_path / "kertas.csv", "--dry-run", "--json"))
    assert [(each["jp"], [found["rule"] for found in each["findings"]]) for each in told] == [
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
