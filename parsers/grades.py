"""Golongan of PNS (with pangkat) and PPPK, in the spellings seen on real forms, normalised to `III/b` or `IX`."""

from __future__ import annotations

import re

from parsers.complaints import quoted, wrong
from parsers.records import Problem

_PANGKAT = {
    "I/a": "Juru Muda",
    "I/b": "Juru Muda Tingkat I",
    "I/c": "Juru",
    "I/d": "Juru Tingkat I",
    "II/a": "Pengatur Muda",
    "II/b": "Pengatur Muda Tingkat I",
    "II/c": "Pengatur",
    "II/d": "Pengatur Tingkat I",
    "III/a": "Penata Muda",
    "III/b": "Penata Muda Tingkat I",
    "III/c": "Penata",
    "III/d": "Penata Tingkat I",
    "IV/a": "Pembina",
    "IV/b": "Pembina Tingkat I",
    "IV/c": "Pembina Utama Muda",
    "IV/d": "Pembina Utama Madya",
    "IV/e": "Pembina Utama",
}
_PPPK = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV", "XVI", "XVII")

_WORD = re.compile(r"\bgol(?:ongan)?\b\.?(?:\s*/?\s*ruang\b)?\s*:?")
_ROOM = r"(?P<golongan>i{1,3}|iv)\s*[./\-]?\s*(?P<room>[a-e])"
_PNS_LAST = re.compile(rf"(?:(?P<rank>.*?)[\s,;/(\-–]+)?{_ROOM}\s*\)?")
_PNS_FIRST = re.compile(rf"{_ROOM}[\s,;/(\-–]+(?P<rank>[^()]*?)\s*\)?")
_PPPK_ONLY = re.compile(r"(?:pppk\b[\s,:\-]*)?(?P<golongan>[ivx]+)")
_HINT = "Tulis golongan seperti III/b (PNS), boleh dengan pangkatnya, atau IX (PPPK)."


def pangkat(grade: str) -> str | None:
    """Give the rank that goes with a normalised golongan of PNS; None for PPPK, who have none."""
    return _PANGKAT.get(grade)


def read_grade(text: str) -> str | Problem:
    """`III/b` for `III.b`, `IIIb`, `III/B`, `Penata Muda Tk. I, III/b`, `III/b (Penata Muda Tk.I)`; `IX` for PPPK.

    A pangkat that belongs to another golongan is a problem, not something to choose from.
    """
    plain = " ".join(_WORD.sub(" ", text.casefold()).split())
    found = _PNS_LAST.fullmatch(plain) or _PNS_FIRST.fullmatch(plain)
    if found is None:
        contract = _PPPK_ONLY.fullmatch(plain)
        if contract and contract["golongan"].upper() in _PPPK:
            return contract["golongan"].upper()
        return wrong(f"{quoted(text)} tidak terbaca sebagai golongan.", _HINT)
    grade = f"{found['golongan'].upper()}/{found['room']}"
    rank = _PANGKAT.get(grade)
    if rank is None:
        return wrong(f"Golongan {grade} tidak ada.", _HINT)
    if found["rank"] and _letters(found["rank"]) != _letters(rank):
        return wrong(f"Pangkat pada {quoted(text)} tidak sesuai: golongan {grade} berpangkat {rank}.", _HINT)
    return grade


def _letters(rank: str) -> str:
    """Write the rank without spelling habits: `Tk.I`, `Tkt 1` and `Tingkat I` are one."""
    spelled = re.sub(r"\bt(?:ing)?kt?(?:at)?\b\.?\s*", "tingkat ", rank.casefold().strip(" ,;/-–"))
    return " ".join(re.sub(r"\b1\b", "i", spelled).split())
