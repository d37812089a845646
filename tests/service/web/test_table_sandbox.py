"""Uploaded spreadsheets are read in the sandbox, and one that is too large does not harm the web service."""

from __future__ import annotations

import io
import zipfile
from unittest.mock import patch

import pytest
from openpyxl import Workbook

from service.spreadsheets.exports import TABLE_LAYOUTS
from service.spreadsheets.read import Layout
from service.spreadsheets.templates import APPROVALS, STAFF
from support.office import CAHYA
from support.web_client import Visit, readable

LEARNING = TABLE_LAYOUTS["learning"]
SHEET = "xl/worksheets/sheet1.xml"
CELLS = {"nip": CAHYA, "kiriman": "K-TIDAKADA", "keputusan": "sah", "atasan_nip": ""}


def spreadsheet(layout: Layout) -> io.BytesIO:
    """Return a workbook with the layout's sample row about an employee of the office."""
    book, out = Workbook(), io.BytesIO()
    sheet = book.worksheets[0]
    sheet.append(list(layout.names))
    sheet.append([CELLS.get(name, layout.sample.get(name, "")) for name in layout.names])
    book.save(out)
    return io.BytesIO(out.getvalue())


@pytest.mark.parametrize(
    ("page", "layout", "expected"),
    [
        ("/biro/pegawai", STAFF, "Yang akan berubah"),
        ("/biro/pembelajaran", LEARNING, "Pelatihan Analisis Jabatan"),
        ("/biro/pengesahan", APPROVALS, "K-TIDAKADA"),
    ],
)
def test_a_spreadsheet_is_read_in_another_process(page: str, layout: Layout, expected: str, biro: Visit) -> None:
    with patch("openpyxl.load_workbook", side_effect=AssertionError("read by the web service")):
        expect = 422 if layout is APPROVALS else 200
        text = readable(biro.post(page, file=(spreadsheet(layout), "tabel.xlsx"), expect=expect))
    assert expected in text


def test_a_spreadsheet_that_is_too_much_for_its_reader_is_refused_with_a_sentence(biro: Visit) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(spreadsheet(STAFF)) as honest, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bomb:
        for name in honest.namelist():
            content = honest.read(name)
            if name == SHEET:
                content = content.replace(b">nip<", b">" + b"1" * (200 * 2**20) + b"<", 1)
            bomb.writestr(name, content)
    assert packed.tell() < 2**20
    packed.seek(0)
    text = readable(biro.post("/biro/pegawai", file=(packed, "bom.xlsx"), expect=422))
    assert "Tabel bom.xlsx tidak selesai dibaca" in text
    assert "Impor tabel" in readable(biro.get("/biro/pegawai"))
