"""Control cards for tests: realistic contents, and the values of the formulas of a table."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from forms.card import KINDS, CardActivity, CardContent, CardNote, Officer, PrintTime

PRINTED = PrintTime(day=dt.date(2026, 11, 26), moment="26 November 2026 09.12 WIB")
DEWI = Officer(name="Dewi Anggraeni, S.Psi.", nip="199406302019032004")
NOTE = CardNote(
    because="Coaching dihitung paling tinggi 2 kali dalam satu bulan. Pada April 2026 sudah 2, yaitu tanggal 7 dan 14.",
    cites=("SE Kepala BKN Nomor 3 Tahun 2022 angka 5.c.1)c)", "Keputusan layanan (pilihan yang dihitung)"),
)


def row(number: int) -> CardActivity:
    """Return an activity: every seventh is international, every fifth does not count."""
    abroad, out = number % 7 == 1, number % 5 == 4
    return CardActivity(
        date=dt.date(2026, 1 + number % 12, 1 + number % 28),
        kind=KINDS[number % 3],
        scope="internasional" if abroad else "nasional",
        title=f"Pemahaman pola karier dan penyusunan kesenjangan kompetensi, bagian {number + 1}",
        guide="Dr. Contoh Pembimbing, S.Psi., M.Si.",
        jp=Decimal(0) if out else Decimal("2.4") if abroad else Decimal(2),
        notes=(1,) if out else (),
    )


def card(count: int = 4, **changes: Any) -> CardContent:
    values: dict[str, Any] = {
        "year": 2026,
        "nip": "199708212020122005",
        "name": "Cahya",
        "grade": "III/b",
        "position": "Analis SDM Aparatur",
        "unit": "Biro Sumber Daya Manusia",
        "starts": dt.date(2026, 1, 1),
        "ends": dt.date(2026, 12, 31),
        "activities": tuple(map(row, range(count))),
        "notes": (NOTE,) if count > 4 else (),
        "officer": DEWI,
    }
    return CardContent(**values | changes)


def sheet(workbook: bytes, number: int = 0) -> Worksheet:
    worksheet = load_workbook(BytesIO(workbook)).worksheets[number]
    assert isinstance(worksheet, Worksheet)
    return worksheet


def cell_value(page: Worksheet, cell: str) -> Decimal:
    """Return the value of a cell: a number or one of our formulas, `=SUM(A1:A3)`, `=A1+B2`, `=MAX(0,A1-B1)`."""
    value = page[cell].value
    if value is None:
        return Decimal(0)
    if not isinstance(value, str):
        return Decimal(str(value))
    assert page[cell].data_type == "f", f"{cell} is text"
    span = re.fullmatch(r"=SUM\((\w+:\w+)\)", value)
    if span:
        return sum((cell_value(page, cell.coordinate) for row in page[span[1]] for cell in row), Decimal(0))
    most = re.fullmatch(r"=MAX\(0,(\w+)-(\w+)\)", value)
    if most:
        return max(Decimal(0), cell_value(page, most[1]) - cell_value(page, most[2]))
    return sum((cell_value(page, coordinate) for coordinate in value.removeprefix("=").split("+")), Decimal(0))


def formulas(page: Worksheet) -> dict[str, str]:
    """Return the formulas of a sheet by cell."""
    return {cell.coordinate: str(cell.value) for line in page.iter_rows() for cell in line if cell.data_type == "f"}
