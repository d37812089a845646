"""What a staff table may bring in: clean, printable, and no second unit by a slip of the pen."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.demo.sample import BIRO, PEOPLE
from support.command import Run, objects
from support.staff_tables import NEW, OTHER, row, table

ASKED = "199203152018012011"
LONG_UNIT = "Direktorat Pengembangan Sistem Informasi dan Layanan Kepegawaian Aparatur Sipil Negara Wilayah Contoh " * 2


def listed(cmb: Run) -> dict[str, dict[str, str]]:
    return {entry["nip"]: entry for entry in objects(cmb("employees", "list", "--json"))}


def test_a_name_pasted_with_marks_is_kept_clean_and_the_cleaning_is_said(cmb: Run, tmp_path: Path) -> None:
    path = table(tmp_path, [row(f"\u200e{NEW}\u200f", nama="E\u0301va  Con\u00adtoh")])
    said = cmb("employees", "import", path).stderr
    assert listed(cmb)[NEW]["name"] == "\u00c9va Contoh"
    assert f"Baris 2: kolom nip disimpan sebagai “{NEW}” (tanda tak terlihat dihapus)." in said
    assert "kolom nama disimpan sebagai “\u00c9va Contoh”" in said


@pytest.mark.parametrize("column", ["nama", "jabatan", "unit_kerja"])
def test_characters_that_no_form_can_show_are_refused_with_row_and_column(
    column: str, cmb: Run, tmp_path: Path
) -> None:
    refused = cmb("employees", "import", table(tmp_path, [row(NEW, **{column: "Éva \u0634"})]), expect=2)
    assert f"Baris 2: kolom {column}:" in refused.stderr
    assert "\u0634" in refused.stderr


def test_a_text_that_does_not_fit_on_the_form_is_imported_and_said_at_once(cmb: Run, tmp_path: Path) -> None:
    said = cmb("employees", "import", table(tmp_path, [row(NEW, unit_kerja=LONG_UNIT)])).stderr
    assert "Baris 2: kolom unit_kerja:" in said
    assert NEW in listed(cmb)
    named = "Dr. Ir. Contohwati Panjangnama, S.Kom., M.Kom., M.M."
    rows = [row(OTHER, nama=named), row(NEW, OTHER), row("199203152018012020", nama=named)]
    said = cmb("employees", "import", table(tmp_path, rows)).stderr
    assert "Baris 2: kolom nama:" in said  # the form of whom she supervises has less room for her name
    assert "Baris 4" not in said


def test_a_unit_that_looks_like_an_existing_one_is_asked_about_first(cmb: Run, tmp_path: Path) -> None:
    path = table(tmp_path, [row(ASKED, unit_kerja=BIRO.upper())])
    assert "mirip" in cmb("employees", "import", path, "--dry-run").stderr
    refused = cmb("employees", "import", path, expect=2).stderr
    assert f"“{BIRO.upper()}” mirip dengan “{BIRO}”" in refused
    assert "--new-units" in refused
    assert ASKED not in listed(cmb)
    cmb("employees", "import", path, "--new-units")
    assert listed(cmb)[ASKED]["unit"] == BIRO.upper()


def test_two_spellings_within_one_table_are_asked_about(cmb: Run, tmp_path: Path) -> None:
    rows = [row(NEW, unit_kerja="Pusat Kajian Uji"), row(OTHER, unit_kerja="Pusat Kajian Ujii")]
    refused = cmb("employees", "import", table(tmp_path, rows), expect=None)
    assert refused.exit_code == 0  # four letters are too few to call a slip
    rows = [row(NEW, unit_kerja="Pusat Penilaian"), row(OTHER, unit_kerja="Pusat Penilaan")]
    assert "Baris 3: unit “Pusat Penilaan”" in cmb("employees", "import", table(tmp_path, rows), expect=2).stderr


def test_a_renamed_unit_may_not_come_close_to_another_by_a_slip(cmb: Run, tmp_path: Path) -> None:
    cmb("employees", "import", table(tmp_path, [row(NEW)]))
    assert "mirip" in cmb("units", "rename", "Biro Uji", "Biro  SDM", expect=2).stderr
    cmb("units", "rename", "Biro Uji", "Biro  SDM", "--new-units")
    assert listed(cmb)[NEW]["unit"] == "Biro SDM"


def test_a_nip_is_understood_as_people_paste_it(cmb: Run) -> None:
    nip = PEOPLE["cahya"].nip
    pasted = f"\u200e{nip[:8]} {nip[8:14]} {nip[14]} {nip[15:]}\u00a0"
    assert objects(cmb("employees", "history", pasted, "--json"))[0]["nip"] == nip


def test_a_units_new_name_is_held_against_the_form_too(cmb: Run, tmp_path: Path) -> None:
    cmb("employees", "import", table(tmp_path, [row("199203152018012024", unit_kerja="Unit Contoh Lama")]))
    assert "\u0634" in cmb("units", "rename", "Unit Contoh Lama", "Unit \u0634", expect=2).stderr
    assert "kolom unit_kerja:" in cmb("units", "rename", "Unit Contoh Lama", LONG_UNIT, "--dry-run").stderr
