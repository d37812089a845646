"""The evidence of other learning: a certificate or letter, looked at before it is kept."""

from __future__ import annotations

from dataclasses import dataclass

from service.errors import BadInput

MOST_BYTES = 10 * 1024 * 1024
_BEGINNINGS = (b"%PDF-", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A file as it was handed in."""

    name: str
    content: bytes


def require_evidence(evidence: Evidence) -> Evidence:
    """BadInput unless it is a PDF, PNG or JPEG of at most 10 MB."""
    if not evidence.content.startswith(_BEGINNINGS):
        raise BadInput(f"{evidence.name}: bukan PDF, PNG, atau JPEG.", "Unggah sertifikat atau surat tugasnya.")
    if len(evidence.content) > MOST_BYTES:
        raise BadInput(f"{evidence.name}: lebih dari 10 MB.", "Perkecil pindaiannya, lalu unggah lagi.")
    return evidence
