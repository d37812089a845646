"""Dates, numbers, NIP and a statutory sentence as Indonesian official papers write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
ZONES = {7: "WIB", 8: "WITA", 9: "WIT"}  # hours east of UTC
# At the foot of certificates, cards and recaps.
ELECTRONIC_EVIDENCE = (
    "UU ITE No. 11 Tahun 2008 Pasal 5 Ayat 1: “Informasi Elektronik dan/atau Dokumen Elektronik dan/atau hasil "
    "cetaknya merupakan alat bukti hukum yang sah.”"
)


def long_date(day: dt.date) -> str:
    """Return a date such as `7 April 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def moment_text(at: dt.datetime, zone: dt.tzinfo) -> str:
    """Return a moment such as `8 April 2026 09.12 WIB`, where the agency is."""
    local = at.astimezone(zone)
    offset = local.utcoffset() or dt.timedelta(0)
    name = ZONES.get(int(offset.total_seconds() // 3600), local.tzname() or "")
    return f"{long_date(local.date())} {local:%H.%M} {name}".rstrip()


def comma(number: Decimal) -> str:
    """Return a number such as `22,4`: decimal comma, no trailing zeros."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def spaced_nip(nip: str) -> str:
    """Return `19970821 202012 2 005`: a NIP as it is printed (8-6-1-3), with no-break spaces."""
    return "\u00a0".join((nip[:8], nip[8:14], nip[14:15], nip[15:]))
