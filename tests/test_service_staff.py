"""The staff register's import by the command: any order, every wrong row at once, nothing kept of a wrong table."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from command import Run, objects

from service.sample import PEOPLE

DIAH = PEOPLE["diah"].nip


def table(tmp_path: Path, rows: list[dict[str, str]], *, name: str = "staf.csv", encoding: str = "utf-8") -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["nip", "nama", "jabatan", "gol", "unit_kerja", "atasan_nip", "email"])
    writer.writeheader()
    writer.writerows(rows)
    (tmp_path / name).write_bytes(out.getvalue().encode(encoding))
    return tmp_path / name


def row(nip: str, supervisor: str = "", **changed: str) -> dict[str, str]:
    told = {
        "nip": nip,
        "nama": "Éva Contoh",
        "jabatan": "Analis",
        "gol": "III.b",
        "unit_kerja": "Biro Uji",
        "atasan_nip": supervisor,
        "email": "",
    }
    return told | changed


NEW, OTHER = "199203152018012003", "199203152018011004"


def test_employees_come_in_any_order_and_again_without_change(cmb: Run, tmp_path: Path) -> None:
    path = table(tmp_path, [row(NEW, OTHER), row(OTHER, DIAH)])
    assert objects(cmb("employees", "import", path, "--json"))[0] == {"new": 2, "changed": 0, "same": 0}
    assert objects(cmb("employees", "import", path, "--json"))[0] == {"new": 0, "changed": 0, "same": 2}
    listed = {each["nip"]: each for each in objects(cmb("employees", "list", "--json"))}
    assert listed[NEW]["grade"] == "III/b"
    assert listed[NEW]["supervisor_nip"] == OTHER


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
    listed = {each["nip"] for each in objects(cmb("employees", "list", "--json"))}
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
    told = row("199203152018012005", DIAH, gol="IX")
    sheet.append(list(told))
    sheet.append(list(told.values()))
    book.save(tmp_path / "staf.xlsx")
    assert objects(cmb("employees", "import", tmp_path / "staf.xlsx", "--json"))[0]["new"] == 1
    (tmp_path / "rusak.xlsx").write_bytes(b"bukan xlsx")
    assert "XLSX" in cmb("employees", "import", tmp_path / "rusak.xlsx", expect=2).stderr


def test_a_dry_run_shows_what_would_change_and_keeps_nothing(cmb: Run, tmp_path: Path) -> None:
    nip = "199203152018012011"
    assert objects(cmb("employees", "import", table(tmp_path, [row(nip)]), "--json"))[0]["new"] == 1
    changed = table(tmp_path, [row(nip, unit_kerja="Biro Lain", email="baru@contoh.go.id"), row("199203152018012012")])
    *told, counts = objects(cmb("employees", "import", changed, "--since", "2026-03-01", "--dry-run", "--json"))
    assert counts == {"new": 1, "changed": 1, "same": 0, "dry_run": True}
    mine = {each["column"]: (each["before"], each["after"], each["since"]) for each in told if each["nip"] == nip}
    assert mine == {
        "unit_kerja": ("Biro Uji", "Biro Lain", "2026-03-01"),
        "email": ("", "baru@contoh.go.id", None),
    }
    shown = cmb("employees", "import", changed, "--dry-run").stdout
    assert "Pratinjau" in shown
    assert "(baru)" in shown
    assert len(objects(cmb("employees", "history", nip, "--json"))) == 1


def test_history_says_what_held_since_when(cmb: Run, tmp_path: Path) -> None:
    nip = "199203152018012013"
    cmb("employees", "import", table(tmp_path, [row(nip)]))
    cmb("employees", "import", table(tmp_path, [row(nip, unit_kerja="Biro Lain")]), "--since", "1 Maret 2026")
    told = [(each["since"], each["unit"]) for each in objects(cmb("employees", "history", nip, "--json"))]
    assert told == [(None, "Biro Uji"), ("2026-03-01", "Biro Lain")]
    assert "sejak awal" in cmb("employees", "history", nip).stdout
    listed = objects(cmb("employees", "list", "--on", "2026-02-28", "--unit", "Biro Uji", "--json"))
    assert nip in {each["nip"] for each in listed}
    cmb("employees", "history", "199203152018019999", expect=2)
    cmb("employees", "list", "--unit", "Biro Uji", expect=2)


def dated(tmp_path: Path, *rows: dict[str, str]) -> Path:
    out = io.StringIO()
    writer = csv.DictWriter(out, [*row(NEW), "berlaku_sejak", "status"])
    writer.writeheader()
    writer.writerows(rows)
    (tmp_path / "berjangka.csv").write_text(out.getvalue(), encoding="utf-8")
    return tmp_path / "berjangka.csv"


def test_joining_leaving_and_retiring_come_with_their_own_days(cmb: Run, tmp_path: Path) -> None:
    joins, leaves = "199203152018012014", "199203152018012015"
    cmb("employees", "import", table(tmp_path, [row(leaves)]))
    told = (
        row(joins) | {"berlaku_sejak": "2026-04-01"},
        row(leaves) | {"berlaku_sejak": "01/05/2026", "status": "Pensiun"},
    )
    cmb("employees", "import", dated(tmp_path, *told))
    for day, there in (("2026-03-31", {leaves}), ("2026-04-01", {joins, leaves}), ("2026-05-01", {joins})):
        listed = {each["nip"] for each in objects(cmb("employees", "list", "--on", day, "--json"))}
        assert listed & {joins, leaves} == there
    assert objects(cmb("employees", "history", leaves, "--json"))[-1]["status"] == "pensiun"


def test_days_that_have_not_come_and_unknown_states_are_named_with_their_row(cmb: Run, tmp_path: Path) -> None:
    told = (
        row("199203152018012016") | {"berlaku_sejak": "2999-01-01"},
        row("199203152018012017") | {"status": "cuti"},
        row("199203152018012018") | {"berlaku_sejak": "kemarin"},
    )
    result = cmb("employees", "import", dated(tmp_path, *told), expect=2)
    for sentence in ("Baris 2: kolom berlaku_sejak: 1 Januari 2999 belum tiba", "Baris 3: kolom status: “cuti”",
                     "Baris 4: kolom berlaku_sejak"):  # fmt: skip
        assert sentence in result.stderr
    cmb("employees", "import", table(tmp_path, [row(NEW)]), "--since", "2999-01-01", expect=2)


def test_a_nip_kept_as_a_number_by_the_spreadsheet_is_refused_not_rounded(cmb: Run, tmp_path: Path) -> None:
    from openpyxl import Workbook

    book = Workbook()
    told = row(NEW)
    book.worksheets[0].append(list(told))
    book.worksheets[0].append([int(NEW), *list(told.values())[1:]])
    book.save(tmp_path / "angka.xlsx")
    assert "tersimpan sebagai angka" in cmb("employees", "import", tmp_path / "angka.xlsx", expect=2).stderr


def test_columns_that_come_twice_are_refused(cmb: Run, tmp_path: Path) -> None:
    (tmp_path / "dua.csv").write_text("nip,nama,nama,jabatan,gol,unit_kerja,atasan_nip,email\n1,a,b,c,d,e,,\n")
    assert "kolom berulang: nama" in cmb("employees", "import", tmp_path / "dua.csv", expect=2).stderr
