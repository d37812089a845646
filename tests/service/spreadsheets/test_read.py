"""Tables from anybody's spreadsheet: damaged ones are refused in a sentence, sound ones are read as they look."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from service.errors import BadInput
from service.spreadsheets.read import read_rows
from service.spreadsheets.templates import APPROVALS, template_bytes

SOUND = template_bytes(APPROVALS, xlsx=True, rows=[{"kiriman": "K-1", "keputusan": "sah"}])


def repacked(place: int, value: int) -> bytes:
    """The sheet's own XML with one byte changed, packed again."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(SOUND)) as sound, zipfile.ZipFile(out, "w") as damaged:
        for name in sound.namelist():
            content = bytearray(sound.read(name))
            if name in {"xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"}:
                content[place % len(content)] = value
            damaged.writestr(name, bytes(content))
    return out.getvalue()


# openpyxl warns of what it leaves out of a sheet it does not understand.
@pytest.mark.filterwarnings("ignore")
@settings(deadline=None, max_examples=60)
@given(st.integers(0, 5000), st.integers(0, 255), st.booleans())
def test_a_damaged_spreadsheet_is_read_or_refused_and_never_stumbled_over(place: int, value: int, packed: bool) -> None:
    content = repacked(place, value) if packed else SOUND[:place] + bytes([value]) + SOUND[place + 1 :]
    with suppress(BadInput):
        read_rows(content, APPROVALS, xlsx=True)


def test_a_spreadsheet_that_unpacks_to_too_much_is_not_unpacked() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed, packed.open("xl/a.xml", "w") as file:
        for _ in range(300):
            file.write(bytes(2**20))
    with pytest.raises(BadInput, match="terlalu besar"):
        read_rows(out.getvalue(), APPROVALS, xlsx=True)


def test_dates_and_numbers_read_as_they_look_and_empty_rows_are_passed_over() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["kiriman", "keputusan", "alasan", "tanggal"])
    sheet.append([None, "  ", None])
    sheet.append([12, "sah", 2.5, dt.date(2026, 7, 1)])
    out = io.BytesIO()
    book.save(out)
    (row,) = read_rows(out.getvalue(), APPROVALS, xlsx=True)
    assert (row.line, dict(row.cells)) == (
        3,
        {"kiriman": "12", "keputusan": "sah", "alasan": "2.5", "tanggal": "2026-07-01"},
    )


def test_an_apostrophe_of_a_name_stays_and_one_before_a_number_goes() -> None:
    content = b"kiriman;keputusan;alasan\n'12;sah;'Aisyah\n"
    (row,) = read_rows(content, APPROVALS, xlsx=False)
    assert (row.cells["kiriman"], row.cells["alasan"]) == ("12", "'Aisyah")
