"""NIP of civil servants (PNS) and contract staff (PPPK): no check digit exists, so plausibility is all a reader has."""

from __future__ import annotations

import datetime as dt
import re

from parsers.complaints import quoted, wrong
from parsers.records import Problem

_DIGITS = re.compile(r"[0-9]{18}")
_PREFIX = re.compile(r"^\s*NIP\b[\s.:]*", re.IGNORECASE)
_YOUNGEST, _OLDEST = 15, 70
_PPPK_FROM = 21
_MONTHS_OF_YEAR = range(1, 13)
_HINT = "Periksa kembali NIP: 18 angka, misalnya 19970821 202012 2 005."


def read_nip(text: str) -> str | Problem:
    """18 digits; spaces, dots and hyphens between them are dropped (printed 8-6-1-3).

    PNS: birth date, year and month of appointment, sex, sequence. PPPK: birth date, year of appointment, a number from
    21 on where PNS have the month, sex, sequence.
    """
    digits = re.sub(r"[\s.\-]", "", _PREFIX.sub("", text))
    if not _DIGITS.fullmatch(digits):
        return wrong(f"{quoted(text)} bukan NIP: NIP terdiri atas 18 angka.", _HINT)
    try:
        born = dt.date(int(digits[0:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return wrong(f"{quoted(text)} bukan NIP: delapan angka pertama bukan tanggal lahir yang ada.", _HINT)
    year, month = int(digits[8:12]), int(digits[12:14])
    if month not in _MONTHS_OF_YEAR and month < _PPPK_FROM:
        return wrong(f"{quoted(text)} bukan NIP: angka ke-13 dan ke-14 bukan bulan pengangkatan.", _HINT)
    # PPPK numbers carry no month: the end of the year is the kindest reading.
    last = month if month in _MONTHS_OF_YEAR else 12
    age = year - born.year - (last < born.month)
    if not _YOUNGEST <= age <= _OLDEST:
        return wrong(f"{quoted(text)} bukan NIP: tahun lahir dan tahun pengangkatan tidak masuk akal.", _HINT)
    if digits[14] not in "12":
        return wrong(f"{quoted(text)} bukan NIP: angka ke-15 harus 1 (pria) atau 2 (wanita).", _HINT)
    return digits
