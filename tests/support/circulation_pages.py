"""Steps on the pages of a circulating form: start a draft, read its revision, sign."""

from __future__ import annotations

import io
import re

from support.office import HERI, keys
from support.web_client import Visit, readable

PASSPHRASE = "rahasia"
TYPED = {
    "tanggal": "2026-11-03",
    "waktu_mulai": "09:00",
    "waktu_selesai": "10:30",
    "tempat": "Jakarta",
    "nama_kegiatan": "Mentoring analisis kebutuhan",
    "identifikasi_kebutuhan": "Memahami pola karier.",
    "hubungan_tanggung_jawab": "Tugas analis.",
    "kegiatan_pengembangan": "Diskusi dan latihan.",
    "hasil_pengembangan": "Rencana karier tersusun.",
    "tempat_tanda_tangan": "Jakarta",
    "tanggal_tanda_tangan": "2026-11-03",
}


def start_draft(visit: Visit, kind: str = "mentoring") -> str:
    """Start a draft and return its path."""
    guide = HERI if kind == "mentoring" else ""
    page = visit.post("/kegiatan/baru", kind=kind, scope="nasional", meeting="1", pembimbing=guide)
    found = re.search(r'data-save="(/formulir/[^/]+)/draf"', page)
    assert found, readable(page)
    return found.group(1)


def revision(page: str) -> str:
    """Return the revision that a page's form sends."""
    found = re.search(r'name="revision" value="(\d+)"', page)
    assert found
    return found.group(1)


def key(nip: str) -> tuple[io.BytesIO, str]:
    """Return a person's key file and its name, for an upload."""
    return io.BytesIO(keys().people[nip].pkcs12(PASSPHRASE.encode())), "kunci.p12"


def sign(visit: Visit, serial: str, nip: str, *, passphrase: str = PASSPHRASE, expect: int = 200) -> str:
    """Open the document and sign it with a person's key; return the page that follows."""
    page = visit.get(f"/tanda-tangan/{serial}")
    visit.client.get(f"/tanda-tangan/{serial}/dokumen.pdf")
    return visit.post(
        f"/tanda-tangan/{serial}/kunci",
        at=f"/tanda-tangan/{serial}",
        revision=revision(page),
        key=key(nip),
        passphrase=passphrase,
        expect=expect,
    )
