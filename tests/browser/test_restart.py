"""Server and worker are killed during a batch and a draft, and started again.

Windows stay open: nobody has to sign in again, nothing typed is lost, nothing is done twice.
"""

from __future__ import annotations

import zipfile
from pathlib import Path

from support.browser_people import BrowserUsers
from support.job_rows import done, until_done
from support.running_service import LAST_YEAR

MANY, ENOUGH = 120, 5


def test_a_killed_service_goes_on_where_it_was_and_so_do_its_people(lobby: BrowserUsers, tmp_path: Path) -> None:
    served = lobby.served
    with zipfile.ZipFile(archive := tmp_path / "banyak.zip", "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(MANY):
            packed.writestr(f"{number:03}.pdf", f"bukan PDF, nomor {number}")
    kartika = lobby.guest("kartika")
    path = kartika.start_draft()
    kartika.type("Coaching di tengah gangguan", f"{LAST_YEAR}-12-09")
    kartika.page.locator("#saving", has_text="Tersimpan").wait_for()
    biro = lobby.guest("diah")
    biro.go("/biro/periksa")
    biro.page.fill("#f-title", "Kiriman saat listrik padam")
    biro.page.set_input_files("#f-files", archive)
    biro.press("Serahkan untuk diperiksa")
    batch_id = biro.path.rsplit("/", 1)[-1]
    until_done(served, batch_id, ENOUGH)

    served.programs.kill()
    before = {item.place: item.done_at for item in done(served, batch_id)}
    assert ENOUGH <= len(before) < MANY
    kartika.page.fill("#f-tempat", "Bogor")
    kartika.page.locator("#saving", has_text="Belum tersimpan").wait_for()
    served.programs.start()

    kartika.page.fill("#f-hasil_pengembangan", "Tetap tersusun.")
    kartika.page.locator("#saving", has_text="Tersimpan").wait_for()
    kartika.press("Simpan draf")
    kartika.wait_for_text("Draf tersimpan")
    assert kartika.path == path
    values = [kartika.page.input_value(f"#f-{name}") for name in ("tempat", "hasil_pengembangan")]
    assert values == ["Bogor", "Tetap tersusun."]
    # The window of the batch reconnects by itself.
    biro.page.locator("#state", has_text="Selesai").wait_for()
    assert f"{MANY} dari {MANY} berkas" in biro.read()
    after = {item.place: item.done_at for item in done(served, batch_id)}
    assert len(after) == MANY
    assert before.items() <= after.items()
