"""`cmb recap`: a unit's quarter on paper, as a table and in JSON; sent, listed, corrected, late."""

from __future__ import annotations

import hashlib
from pathlib import Path

from service.config import read_settings
from service.store import open_store
from support.card_contents import cell_value, sheet
from support.command import Run, objects
from support.monitored_office import BIRO, CAHYA, KANREG, approve

ASKED = ("--unit", BIRO, "--quarter", "2025-Q1")


def approved(home: Path, day: str) -> None:
    settings = read_settings(home, {})
    with open_store(database_url=settings.database_url, storage_url=settings.storage_url) as store:
        approve(store, "coaching", day)


def test_a_recap_goes_from_draft_to_correction(cmb: Run, home: Path, tmp_path: Path) -> None:
    approved(home, "2025-03-04")
    (draft,) = objects(cmb("recap", *ASKED, "-o", tmp_path / "r.pdf", "--json"))
    assert draft["sha256"] == hashlib.sha256((tmp_path / "r.pdf").read_bytes()).hexdigest()
    assert (draft["quarter"], draft["sent"], draft["version"]) == ("2025-Q1", None, None)
    (row,) = [entry for entry in draft["rows"] if entry["nip"] == CAHYA]
    assert (row["coaching"], row["total"], row["shortfall"]) == ({"count": 1, "jp": "2"}, "2", "18")
    (sent,) = objects(cmb("recap", "send", *ASKED, "--json"))
    assert (sent["new"], sent["version"], sent["digest"]) == (True, 1, draft["digest"])
    assert "tidak ada yang berubah" in cmb("recap", "send", *ASKED).stdout
    approved(home, "2025-03-11")
    (changed,) = objects(cmb("recap", *ASKED, "--json"))
    assert changed["changed_since_sent"]
    corrected = cmb("recap", "send", *ASKED).stdout
    assert "Koreksi, versi 2" in corrected
    assert f"({CAHYA}), Coaching, JP: 2 → 4" in corrected
    (first,) = objects(cmb("recap", *ASKED, "--version", "1", "--json", "-o", tmp_path / "r.xlsx"))
    assert first["rows"] == draft["rows"]
    page = sheet((tmp_path / "r.xlsx").read_bytes())
    last = next(line[0].row for line in page.iter_rows() if line[0].value == "JUMLAH")
    assert cell_value(page, f"L{last}") == 2
    (listed,) = objects(cmb("recap", "list", "--year", "2025", "--json"))
    assert (listed["unit"], listed["quarter"], listed["version"]) == (BIRO, "2025-Q1", 2)


def test_units_that_have_not_sent_are_listed(cmb: Run) -> None:
    late = objects(cmb("recap", "late", "--year", "2025", "--json"))
    assert (KANREG, "2025-Q1") in {(entry["unit"], entry["quarter"]) for entry in late}
    assert "terlambat" in cmb("recap", "late", "--year", "2025").stdout


def test_the_command_says_what_is_wrong(cmb: Run, tmp_path: Path) -> None:
    assert "Sebutkan --unit" in cmb("recap", "--unit", BIRO, expect=2).stderr
    assert "bukan triwulan" in cmb("recap", "--unit", BIRO, "--quarter", "2025", "--json", expect=2).stderr
    assert "tidak mempunyai pegawai" in cmb("recap", "--unit", "X", "--quarter", "2025-Q1", "--json", expect=2).stderr
    assert "jenis rekapitulasi" in cmb("recap", *ASKED, "-o", tmp_path / "r.doc", expect=2).stderr
    assert "Versi 9" in cmb("recap", *ASKED, "--version", "9", "--json", expect=2).stderr
    assert "belum mulai" in cmb("recap", "--unit", BIRO, "--quarter", "2999-Q1", "--json", expect=2).stderr
    assert "belum berakhir" in cmb("recap", "send", "--unit", BIRO, "--quarter", "2999-Q4", expect=1).stderr
