"""Why a file could not be read, in words for people; never the word forged, where only the reader gave up."""

from __future__ import annotations

from signing.report import Trouble

LARGEST = 64 * 1024 * 1024
_HEADER = b"%PDF-"
_HEADER_ROOM = 1024


def trouble_before_reading(pdf: bytes) -> Trouble | None:
    """What size and first bytes already tell."""
    if len(pdf) > LARGEST:
        return Trouble(
            code="too_large",
            message=f"Berkas sebesar {len(pdf) / 2**20:.0f} MB terlalu besar untuk diperiksa.",
            hint="Kirim formulirnya saja, langsung dari aplikasi tanda tangan, tanpa lampiran.",
        )
    if pdf.startswith(_HEADER):
        return None
    place = pdf.find(_HEADER, 0, _HEADER_ROOM + len(_HEADER))
    if place > 0:
        return Trouble(
            code="bytes_before_header",
            message=f"Ada {place} bita sebelum awal PDF, sehingga tanda tangannya tidak dapat dicocokkan.",
            hint="Berkas tergeser saat dikirim atau diunduh. Minta berkas asli dan unggah tanpa dibuka ulang.",
        )
    return broken()


def broken() -> Trouble:
    """The reader cannot follow this file."""
    return Trouble(
        code="broken_pdf",
        message="Berkas ini tidak dapat dibaca sebagai PDF yang utuh.",
        hint="Unduh atau minta ulang berkas aslinya. Jangan dicetak, digabung, atau dikompres sebelum diunggah.",
    )


def encrypted() -> Trouble:
    """A password stands before the contents."""
    return Trouble(
        code="encrypted",
        message="Berkas ini dikunci dengan kata sandi.",
        hint="Unggah berkas tanpa kata sandi, sebagaimana keluar dari aplikasi tanda tangan.",
    )


def too_many() -> Trouble:
    """More signatures or revisions than any form has."""
    return Trouble(
        code="too_large",
        message="Berkas ini memuat terlalu banyak tanda tangan atau perubahan untuk diperiksa.",
        hint="Kirim formulir aslinya; satu formulir cukup ditandatangani oleh pihak-pihak yang disebut di dalamnya.",
    )
