"""Dates as people write them in Indonesia: accepted spellings read back, everything else is refused, not guessed."""

from __future__ import annotations

import datetime as dt
import re

from parsers.complaints import quoted, wrong
from parsers.records import Problem

MONTHS = (
    "Januari",
    "Februari",
    "Maret",
    "April",
    "Mei",
    "Juni",
    "Juli",
    "Agustus",
    "September",
    "Oktober",
    "November",
    "Desember",
)
_ABBREVIATIONS = (
    ("jan",),
    ("feb", "peb", "pebruari"),
    ("mar", "mrt"),
    ("apr",),
    (),
    ("jun",),
    ("jul",),
    ("agu", "agt", "ags", "agus"),
    ("sep", "sept"),
    ("okt",),
    ("nov", "nop", "nopember"),
    ("des",),
)
_MONTH_OF = {
    spelling: number
    for number, (name, short) in enumerate(zip(MONTHS, _ABBREVIATIONS, strict=True), start=1)
    for spelling in (name.casefold(), *short)
}
_DAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
_WEEKDAY_OF = {name.casefold(): number for number, name in enumerate(_DAYS)} | {"ahad": 6}

_APOSTROPHE = re.compile("(?<=[a-z])['\N{RIGHT SINGLE QUOTATION MARK}](?=[a-z])")  # Jum'at
_DAY_NAME = re.compile(r"(?P<name>[a-z]+)(?:\s*,\s*|\s+)(?P<rest>.+)")
_IN_DIGITS = re.compile(r"(?P<day>[0-9]{1,2})\s?(?P<mark>[./-])\s?(?P<month>[0-9]{1,2})\s?(?P=mark)\s?(?P<year>[0-9]+)")
_IN_WORDS = re.compile(r"(?P<day>[0-9]{1,2})[\s./-]+(?P<month>[a-z]+)\.?[\s./-]*(?P<year>[0-9]+)")
_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{2})-(?P<day>[0-9]{2})")
_EARLIEST_YEAR = 1900
_YEAR_DIGITS = 4
_HINT = "Tulis tanggal seperti 7 April 2026 atau 07/04/2026 (tanggal, bulan, tahun empat angka)."


def indonesian_date(date: dt.date) -> str:
    """`7 April 2026`."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def read_date(text: str) -> dt.date | Problem:
    """`7 April 2026`, `Selasa, 7 Apr. 2026`, `07/04/2026`, `07-04-2026`, `7.4.2026` or ISO 8601; day before month.

    A day name that contradicts the date is refused like a date that does not exist: one of the two is a slip.
    """
    plain = _APOSTROPHE.sub("", " ".join(text.split()).casefold())
    weekday = None
    if (named := _DAY_NAME.fullmatch(plain)) and named["name"] in _WEEKDAY_OF:
        weekday, plain = _WEEKDAY_OF[named["name"]], named["rest"]
    found = _ISO.fullmatch(plain) or _IN_DIGITS.fullmatch(plain) or _IN_WORDS.fullmatch(plain)
    if found is None:
        return wrong(f"{quoted(text)} tidak terbaca sebagai tanggal.", _HINT)
    if len(found["year"]) != _YEAR_DIGITS:
        return wrong(f"Tahun pada {quoted(text)} harus ditulis dengan empat angka.", _HINT)
    month = int(found["month"]) if found["month"].isdigit() else _MONTH_OF.get(found["month"])
    if month is None:
        return wrong(f"Nama bulan pada {quoted(text)} tidak dikenal.", _HINT)
    try:
        date = dt.date(int(found["year"]), month, int(found["day"]))
    except ValueError:
        return wrong(f"{quoted(text)} bukan tanggal yang ada di kalender.", _HINT)
    if date.year < _EARLIEST_YEAR:
        return wrong(f"Tahun pada {quoted(text)} terlalu lampau.", _HINT)
    if weekday is not None and weekday != date.weekday():
        actual = _DAYS[date.weekday()]
        return wrong(f"{indonesian_date(date)} jatuh pada hari {actual}, bukan hari yang tertulis.", _HINT)
    return date
