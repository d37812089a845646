"""The values inside an Indonesian sentence, as an English one says them: words, dates, times, numbers."""

from __future__ import annotations

import re
from collections.abc import Mapping

_MONTHS = {
    "Januari": "January",
    "Februari": "February",
    "Maret": "March",
    "Mei": "May",
    "Juni": "June",
    "Juli": "July",
    "Agustus": "August",
    "Oktober": "October",
    "Desember": "December",
}
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})(?= \d{{4}}\b)")
_TIME = re.compile(r"\b([01]\d|2[0-3])\.([0-5]\d)(?= (?:WIB|WITA|WIT|UTC)\b|$)")
_DECIMAL = re.compile(r"\d+,\d+")
_DAYS = re.compile(r"(\d,?) dan (\d)")
_WORDS: Mapping[str, str] = {
    "pegawai": "employee",
    "pembimbing": "coach or mentor",
    "atasan": "direct supervisor",
    "Belajar Mandiri": "Self-Study",
    "belajar mandiri": "self-study",
    "belajar_mandiri": "self-study",
    "berhenti": "left",
    "disahkan": "approved",
    "ditolak": "rejected",
    "pensiun": "retired",
}


def value(text: str) -> str:
    """A date, a time, a number, or one of the few words that stand as values; anything else as it is."""
    if all(each in _WORDS for each in text.split(", ")):
        return ", ".join(_WORDS[each] for each in text.split(", "))
    if _DECIMAL.fullmatch(text):
        return text.replace(",", ".")
    told = _MONTH.sub(lambda found: _MONTHS[found.group()], text)
    return _DAYS.sub(r"\1 and \2", _TIME.sub(r"\1:\2", told))
