"""Units renamed and merged by the command: all their people at once, from a day on, and never by a slip."""

from __future__ import annotations

from service.demo.sample import BIRO, PEOPLE, REGIONAL
from support.command import Run, objects

GITA, CAHYA = PEOPLE["gita"].nip, PEOPLE["cahya"].nip


def units(cmb: Run, day: str) -> list[str]:
    return [unit["unit"] for unit in objects(cmb("units", "list", "--on", day, "--json"))]


def test_a_unit_is_previewed_renamed_and_merged_from_a_day_on(cmb: Run) -> None:
    *changes, counts = objects(
        cmb("units", "rename", REGIONAL, "Kantor Baru", "--since", "2025-07-01", "--dry-run", "--json")
    )
    assert counts == {"new": 0, "changed": 5, "same": 0, "dry_run": True}
    assert {(change["column"], change["before"], change["after"]) for change in changes} == {
        ("unit_kerja", REGIONAL, "Kantor Baru")
    }
    assert units(cmb, "2025-07-01") == [BIRO, REGIONAL]

    cmb("units", "rename", REGIONAL, "Kantor Baru", "--since", "2025-07-01")
    assert (units(cmb, "2025-06-30"), units(cmb, "2025-07-01")) == ([BIRO, REGIONAL], [BIRO, "Kantor Baru"])
    assert objects(cmb("units", "rename", BIRO, "Biro X", "--since", "2025-07-01", "--dry-run", "--json"))

    answer = objects(cmb("units", "merge", BIRO, "Kantor Baru", "--into", BIRO, "--since", "2026-01-01", "--json"))
    assert answer == [{"new": 0, "changed": 5, "same": 0}]
    assert units(cmb, "2026-01-01") == [BIRO]
    assert [row["unit"] for row in objects(cmb("employees", "history", GITA, "--json"))] == [
        REGIONAL,
        "Kantor Baru",
        BIRO,
    ]
    assert len(objects(cmb("employees", "history", CAHYA, "--json"))) == 1


def test_slips_are_refused_with_what_was_perhaps_meant(cmb: Run) -> None:
    unknown = cmb("units", "rename", "Biro Sumber Daya Manusi", "Biro Y", expect=2)
    assert f"Mungkin yang dimaksud: {BIRO}" in unknown.stderr
    assert "sudah ada" in cmb("units", "rename", BIRO, BIRO, expect=2).stderr
    assert "kosong" in cmb("units", "rename", BIRO, " ", expect=2).stderr
    assert "belum tiba" in cmb("units", "rename", BIRO, "Biro Y", "--since", "2999-01-01", expect=2).stderr
    assert "Tidak ada unit lain" in cmb("units", "merge", BIRO, "--into", BIRO, expect=2).stderr
