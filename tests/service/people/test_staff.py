"""The staff register's import by the command: any order, every wrong row at once, nothing kept of a wrong table."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.command import Run, objects
from support.staff_tables import DIAH, NEW, OTHER, row, table


def test_employees_come_in_any_order_and_again_without_change(cmb: Run, tmp_path: Path) -> None:
    path = table(tmp_path, [row(NEW, OTHER), row(OTHER, DIAH)])
    assert objects(cmb("employees", "import", path, "--json"))[0] == {"new": 2, "changed": 0, "same": 0}
    assert objects(cmb("employees", "import", path, "--json"))[0] == {"new": 0, "changed": 0, "same": 2}
    listed = {row["nip"]: row for row in objects(cmb("employees", "list", "--json"))}
    assert listed[NEW]["grade"] == "III/b"
    assert listed[NEW]["supervisor_nip"] == OTHER


def test_a_table_that_says_nothing_of_roles_takes_none_away(cmb: Run, tmp_path: Path) -> None:
    nip = "199001012015031031"

    def roles(peran: str | None) -> list[str]:
        cells = {
            name: cell for name, cell in row(nip, peran=peran or "").items() if peran is not None or name != "peran"
        }
        cmb("employees", "import", table(tmp_path, [cells]))
        return next(row["roles"] for row in objects(cmb("employees", "list", "--json")) if row["nip"] == nip)

    assert roles("") == ["pegawai"]
    assert roles("pegawai pengelola") == ["pegawai", "pengelola"]
    assert roles("") == roles(None) == ["pegawai", "pengelola"]
    assert roles("pegawai") == ["pegawai"]


def test_every_wrong_row_is_named_at_once_and_nothing_is_kept(cmb: Run, tmp_path: Path) -> None:
    rows = [
        row("123"),
        row("199001012015031008", "199001012015031008"),
        row("199001012015031009", gol="V/z"),
        row("199001012015032001", nama=""),
        row("199001012015032002"),
        row("199001012015032002"),
        row("199001012015032003", "199912312020121001"),
    ]
    result = cmb("employees", "import", table(tmp_path, rows), expect=2)
    for place in range(2, 9):
        assert f"Baris {place}:" in result.stderr or place == 6, result.stderr
    listed = {row["nip"] for row in objects(cmb("employees", "list", "--json"))}
    assert "199001012015032002" not in listed


def test_a_circle_of_supervisors_is_refused(cmb: Run, tmp_path: Path) -> None:
    one, two = "199001012015031011", "199001012015031012"
    result = cmb("employees", "import", table(tmp_path, [row(one, two), row(two, one)]), expect=2)
    assert "melingkar" in result.stderr


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"nip,nama\n1,2\n", "Judul kolom"),
        (b"nip,nama,jabatan,gol,unit_kerja,atasan_nip,email\n", "kosong"),
        ("nip,nama,jabatan,gol,unit_kerja,atasan_nip,email\n1,É,x,x,x,,\n".encode("latin-1"), "bukan UTF-8"),
        (b"", "Judul kolom"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(cmb: Run, tmp_path: Path, content: bytes, sentence: str) -> None:
    (tmp_path / "staf.csv").write_bytes(content)
    assert sentence in cmb("employees", "import", tmp_path / "staf.csv", expect=2).stderr


def test_employees_come_from_xlsx_too(cmb: Run, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.worksheets[0]
    wrong_row = row("199203152018012005", DIAH, gol="IX")
    sheet.append(list(wrong_row))
    sheet.append(list(wrong_row.values()))
    book.save(tmp_path / "staf.xlsx")
    assert objects(cmb("employees", "import", tmp_path / "staf.xlsx", "--json"))[0]["new"] == 1
    (tmp_path / "rusak.xlsx").write_bytes(b"bukan xlsx")
    assert "XLSX" in cmb("employees", "import", tmp_path / "rusak.xlsx", expect=2).stderr


def test_a_nip_kept_as_a_number_by_the_spreadsheet_is_refused_not_rounded(cmb: Run, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    new_row = row(NEW)
    book.worksheets[0].append(list(new_row))
    book.worksheets[0].append([int(NEW), *list(new_row.values())[1:]])
    book.save(tmp_path / "angka.xlsx")
    assert "tersimpan sebagai angka" in cmb("employees", "import", tmp_path / "angka.xlsx", expect=2).stderr


def test_columns_that_come_twice_are_refused(cmb: Run, tmp_path: Path) -> None:
    (tmp_path / "dua.csv").write_text("nip,nama,nama,jabatan,gol,unit_kerja,atasan_nip,email\n1,a,b,c,d,e,,\n")
    assert "kolom berulang: nama" in cmb("employees", "import", tmp_path / "dua.csv", expect=2).stderr
