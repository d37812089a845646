"""A unit's workbook downloaded in the browser has the figures of the page."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from pathlib import Path

from openpyxl import load_workbook

from support.browser_people import BrowserUsers
from support.running_service import LAST_YEAR


def test_the_units_workbook_holds_the_figures_of_the_page(lobby: BrowserUsers, tmp_path: Path) -> None:
    lobby.served.approved("eko", day=dt.date(LAST_YEAR, 11, 11))
    dewi = lobby.guest("dewi")
    dewi.go(f"/unit?tahun={LAST_YEAR}")
    shown = {}
    for row in dewi.page.locator("table").first.locator("tbody tr").all():
        cells = [row.locator(f'td[data-label="{label}"]').inner_text() for label in ("Pegawai", "JP", "Target")]
        shown[cells[0].split("\n")[0]] = [figure(cell) for cell in cells[1:]]
    with dewi.page.expect_download() as saved:
        dewi.page.get_by_role("link", name="Unduh XLSX").click()
    saved.value.save_as(book := tmp_path / saved.value.suggested_filename)
    assert str(LAST_YEAR) in book.name
    head, *rows = load_workbook(book).worksheets[0].iter_rows(values_only=True)
    found = {}
    for row in rows:
        cells_by_head = dict(zip(head, row, strict=True))
        found[str(cells_by_head["Nama"])] = [Decimal(str(cells_by_head[column])) for column in ("Jumlah JP", "Target")]
    assert found == shown
    assert found["Eko Nugroho"][0] >= 2


def figure(text: str) -> Decimal:
    return Decimal(text.strip().replace(",", "."))
