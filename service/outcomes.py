"""The contract's stable words for what became of a file or certificate, as people read them on a line."""

from __future__ import annotations

_SAID = {
    "passed": "lulus pemeriksaan",
    "verified": "lulus pemeriksaan",
    "review": "perlu dilihat seseorang",
    "failed": "belum dapat diterima",
    "refused": "belum dapat diterima",
    "duplicate": "sudah ada",
    "valid": "berlaku",
    "revoked": "dicabut",
    "superseded": "digantikan",
    "altered": "berubah",
    "unknown": "tidak dikenal",
}


def said_of(state: str) -> str:
    """`lulus pemeriksaan` for `verified`; the word itself where people have none."""
    return _SAID.get(state, state)
