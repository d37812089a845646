"""Dates, numbers and NIP as Indonesian official paper writes them."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)


def long_date(day: dt.date) -> str:
    """`7 April 2026`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def comma(number: Decimal) -> str:
    """`22,4`: decimal comma, no zeros behind the last digit that says something."""
    text = f"{number:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace(".", ",")


def spaced_nip(nip: str) -> str:
    """`19970821 202012 2 005`, as NIP are printed (8-6-1-3), with spaces at which no line breaks."""
    return "\u00a0".join((nip[:8], nip[8:14], nip[14:15], nip[15:]))
