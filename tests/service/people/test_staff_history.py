"""The register's import over time: previewed, from a day on, with people who join, leave and retire."""

from __future__ import annotations

from pathlib import Path

from support.command import Run, objects
from support.staff_tables import NEW, dated, row, table


def test_a_dry_run_shows_what_would_change_and_keeps_nothing(cmb: Run, tmp_path: Path) -> None:
    nip = "199203152018012011"
    assert objects(cmb("employees", "import", table(tmp_path, [row(nip)]), "--json"))[0]["new"] == 1
    changed = table(tmp_path, [row(nip, unit_kerja="Biro Lain", email="baru@contoh.go.id"), row("199203152018012012")])
    *changes, counts = objects(cmb("employees", "import", changed, "--since", "2026-03-01", "--dry-run", "--json"))
    assert counts == {"new": 1, "changed": 1, "same": 0, "dry_run": True}
    mine = {row["column"]: (row["before"], row["after"], row["since"]) for row in changes if row["nip"] == nip}
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
    history = [(row["since"], row["unit"]) for row in objects(cmb("employees", "history", nip, "--json"))]
    assert history == [(None, "Biro Uji"), ("2026-03-01", "Biro Lain")]
    assert "sejak awal" in cmb("employees", "history", nip).stdout
    listed = objects(cmb("employees", "list", "--on", "2026-02-28", "--unit", "Biro Uji", "--json"))
    assert nip in {piece["nip"] for piece in listed}
    cmb("employees", "history", "199203152018019999", expect=2)
    cmb("employees", "list", "--unit", "Biro Uji", expect=2)


def test_joining_leaving_and_retiring_come_with_their_own_days(cmb: Run, tmp_path: Path) -> None:
    joins, leaves = "199203152018012014", "199203152018012015"
    cmb("employees", "import", table(tmp_path, [row(leaves)]))
    rows = (
        row(joins) | {"berlaku_sejak": "2026-04-01"},
        row(leaves) | {"berlaku_sejak": "01/05/2026", "status": "Pensiun"},
    )
    cmb("employees", "import", dated(tmp_path, *rows))
    for day, there in (("2026-03-31", {leaves}), ("2026-04-01", {joins, leaves}), ("2026-05-01", {joins})):
        listed = {row["nip"] for row in objects(cmb("employees", "list", "--on", day, "--json"))}
        assert listed & {joins, leaves} == there
    assert objects(cmb("employees", "history", leaves, "--json"))[-1]["status"] == "pensiun"


def test_days_that_have_not_come_and_unknown_states_are_named_with_their_row(cmb: Run, tmp_path: Path) -> None:
    rows = (
        row("199203152018012016") | {"berlaku_sejak": "2999-01-01"},
        row("199203152018012017") | {"status": "cuti"},
        row("199203152018012018") | {"berlaku_sejak": "kemarin"},
    )
    result = cmb("employees", "import", dated(tmp_path, *rows), expect=2)
    for sentence in ("Baris 2: kolom berlaku_sejak: 1 Januari 2999 belum tiba", "Baris 3: kolom status: “cuti”",
                     "Baris 4: kolom berlaku_sejak"):  # fmt: skip
        assert sentence in result.stderr
    cmb("employees", "import", table(tmp_path, [row(NEW)]), "--since", "2999-01-01", expect=2)
