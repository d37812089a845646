"""Wall-clock times as forms carry them: `09.00`, `09:00`, `9.00 WIB`."""

from __future__ import annotations

import datetime as dt
import re

from parsers.complaints import quoted, wrong
from parsers.records import Problem

_TIME = re.compile(
    r"(?:(?:pukul|jam|pkl\.?)\s*)?(?P<hour>[0-9]{1,2})\s?[.:]\s?(?P<minute>[0-9]{2})(?:\s*(?P<zone>wib|wita|wit))?"
)
_HINT = "Tulis waktu seperti 09.00 atau 09:00 (00.00 sampai 23.59)."


def read_time(text: str) -> dt.time | Problem:
    """Read a wall-clock time; a zone word may follow and is read by `zone_of`."""
    found = _TIME.fullmatch(_plain(text))
    if found is None:
        return wrong(f"{quoted(text)} tidak terbaca sebagai waktu.", _HINT)
    try:
        # Naive on purpose: the form states the clock on the wall at its place (records.ActivityRecord).
        return dt.time(int(found["hour"]), int(found["minute"]))
    except ValueError:
        return wrong(f"{quoted(text)} bukan waktu yang ada.", _HINT)


def zone_of(text: str) -> str | None:
    """`WIB`, `WITA` or `WIT` when the text names one."""
    found = _TIME.fullmatch(_plain(text))
    return found["zone"].upper() if found and found["zone"] else None


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()
