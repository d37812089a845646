"""Streams of files from outside, unpacked within limits: a few bytes may unpack to gigabytes."""

from __future__ import annotations

import hashlib
import zlib
from functools import lru_cache
from typing import Any

import pikepdf

from forms.errors import NotThisForm

# No part of a published form is above 100 KB.
_LARGEST = 8_000_000
# Fonts and pictures of the published page come back in every file; what they unpack to is digested once.
_KEPT, _LONGEST = 64, 100_000


def decoded(stream: Any) -> bytes:
    """What the stream holds; NotThisForm when it is packed otherwise than our forms are, or holds too much."""
    return _unpacked(*_packed(stream))


def decoded_digest(stream: Any) -> str:
    """SHA-256 (hex) of what the stream holds; NotThisForm as `decoded`."""
    packed, plain = _packed(stream)
    digest = _known_digest if len(packed) <= _LONGEST else _digest
    return digest(packed, plain)


def _packed(stream: Any) -> tuple[bytes, bool]:
    """Its bytes in the file, and whether they are what it holds."""
    filters = stream.get("/Filter")
    named = list(filters) if isinstance(filters, pikepdf.Array) else [filters] if filters is not None else []
    if named and (named != [pikepdf.Name.FlateDecode] or "/DecodeParms" in stream):
        raise NotThisForm("Berkas memakai pemampatan yang tidak dipakai formulir kami.")
    if "/F" in stream:
        raise NotThisForm("Berkas mengambil isinya dari berkas lain.")  # ISO 32000-1 table 5
    return bytes(stream.read_raw_bytes()), not named


def _unpacked(packed: bytes, plain: bool) -> bytes:
    if plain or not packed:
        return packed
    unpacking = zlib.decompressobj()
    held = unpacking.decompress(packed, _LARGEST)
    if unpacking.unconsumed_tail:
        raise NotThisForm("Berkas memuat bagian yang terlalu besar.")
    # Some readers show what a stream cut short has until there, others nothing of it.
    if not unpacking.eof or unpacking.unused_data.strip(b"\r\n"):
        raise NotThisForm("Berkas memuat bagian yang terpotong.")
    return held


def _digest(packed: bytes, plain: bool) -> str:
    return hashlib.sha256(_unpacked(packed, plain)).hexdigest()


_known_digest = lru_cache(maxsize=_KEPT)(_digest)
