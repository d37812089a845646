"""Two hundred files in a batch in the browser: live progress, cancel, resume, results."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections import Counter
from pathlib import Path

from openpyxl import load_workbook

from support.accessibility import look
from support.browser_people import BrowserUsers
from support.job_rows import until_done
from support.running_service import LAST_YEAR, Served

MANY = 200


def packed(served: Served, path: Path) -> Path:
    """Write a ZIP of 200 files: four signed forms, copies of them, a repeated activity, and rubbish."""
    day = dt.date(LAST_YEAR, 3, 4)
    real = [served.signed("indra", day=day + dt.timedelta(weeks=5 * week)) for week in range(4)]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, content in enumerate(real):
            archive.writestr(f"asli/{number}.pdf", content)
            archive.writestr(f"salinan/{number}.pdf", content)
        archive.writestr("lagi.pdf", served.signed("indra", day=day))
        archive.writestr("terpotong.pdf", real[0][:20_000])
        for number in range(2 * len(real) + 2, MANY):
            archive.writestr(f"bukan/{number:03}.pdf", f"bukan PDF {number}")
    return path


def test_two_hundred_files_are_watched_stopped_and_finished(lobby: BrowserUsers, tmp_path: Path) -> None:
    archive = packed(lobby.served, tmp_path / "kiriman.zip")
    biro = lobby.guest("diah")
    biro.go("/biro/periksa")
    look(biro, "banyak-berkas")
    biro.page.fill("#f-title", "Kiriman Kantor Regional")
    biro.page.set_input_files("#f-files", archive)
    biro.press("Serahkan untuk diperiksa")
    until_done(lobby.served, biro.path.rsplit("/", 1)[-1], 1)
    # The files are verified within about a second, so the worker is held while the button is pressed.
    with lobby.served.programs.worker_held():
        biro.page.locator("#words", has_text=re.compile(rf"[1-9]\d* dari {MANY} berkas")).wait_for()
        biro.press("Hentikan pekerjaan ini")
    biro.page.get_by_role("button", name="Lanjutkan yang tersisa").wait_for()
    look(biro, "pekerjaan-dihentikan")
    done = biro.page.locator("#words").inner_text()
    assert int(done.split()[0]) < MANY
    biro.press("Lanjutkan yang tersisa")
    batch_path = biro.path
    # The page can be left and opened again.
    assert "Kiriman Kantor Regional" in biro.go("/biro/periksa")
    biro.go(batch_path)
    biro.page.locator("#state", has_text="Selesai").wait_for(timeout=240_000)
    text = biro.read()
    assert f"{MANY} dari {MANY} berkas" in text
    # An exact copy is the same submission with the same verdict.
    assert "Lulus: 8" in text
    assert "Sudah ada: 1" in text
    assert f"Belum dapat diterima: {MANY - 9}" in text
    look(biro, "pekerjaan-selesai")
    with biro.page.expect_download() as saved:
        biro.page.get_by_role("link", name="CSV").click()
    saved.value.save_as(table := tmp_path / "ringkasan.csv")
    assert len(table.read_text(encoding="utf-8-sig").splitlines()) == MANY + 1
    with biro.page.expect_download() as saved:
        biro.page.get_by_role("link", name="XLSX").click()
    saved.value.save_as(book := tmp_path / "ringkasan.xlsx")
    (sheet,) = load_workbook(book).worksheets
    head, *rows = sheet.iter_rows(values_only=True)
    results = Counter(dict(zip(head, row, strict=True))["hasil"] for row in rows)
    assert results == {"verified": 8, "duplicate": 1, "refused": MANY - 9}
