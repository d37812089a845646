"""Dates, numbers, NIP and a statutory sentence as Indonesian official papers write them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
# At the foot of certificates, cards and recaps.
ELECTRONIC_EVIDENCE = (
    "UU ITE No. 11 Tahun 2008 Pasal 5 Ayat 1: “Informasi Elektronik dan/atau Dokumen Elektronik dan/atau hasil "
    "cetaknya merupakan alat bukti hukum yang sah.”"
)


def long_date(day: dt.date) -> str:
    """Return a date such as `7 April 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def comma(number: Decimal) -> str:
    """Return a number such as `22,4`: decimal comma, no trailing zeros."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def spaced_nip(nip: str) -> str:
    """Return `19970821 202012 2 005`: a NIP as it is printed (8-6-1-3), with no-break spaces."""
    return "\u00a0".join((nip[:8], nip[8:14], nip[14:15], nip[15:]))
