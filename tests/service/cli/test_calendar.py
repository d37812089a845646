"""`cmb calendar` and `cmb remind` by the command."""

from __future__ import annotations

from support.command import Run, objects


def test_the_calendar_of_a_year_says_who_has_to_do_what_until_when(cmb: Run) -> None:
    duties = objects(cmb("calendar", "--year", "2025", "--json"))
    assert [duty["part"] for duty in duties if duty["work"] == "recap"] == [
        f"2025-Q{quarter}" for quarter in (1, 2, 3, 4)
    ]
    assert duties[0]["roles"] == ["pengelola"]
    assert "setiap 3 (tiga) bulan sekali" in duties[0]["cites"][0]
    assert "1 April 2025 – 14 April 2025" in cmb("calendar", "--year", "2025").stdout


def test_a_preview_of_reminders_leaves_them_to_be_told(cmb: Run) -> None:
    shown = objects(cmb("remind", "--dry-run", "--json"))
    assert objects(cmb("remind", "--json")) == shown
    assert objects(cmb("remind", "--json")) == []
    assert "0 pengingat" in cmb("remind").stdout
