"""Streams of files from outside, unpacked within limits: a few bytes may unpack to gigabytes."""

from __future__ import annotations

import zlib
from typing import Any

import pikepdf

from forms.errors import NotThisForm

# No part of a published form is above 100 KB.
_LARGEST = 8_000_000


def decoded(stream: Any) -> bytes:
    """What the stream holds; NotThisForm when it is packed otherwise than our forms are, or holds too much."""
    filters = stream.get("/Filter")
    named = [str(each) for each in filters] if isinstance(filters, pikepdf.Array) else [str(filters)] if filters else []
    if not named:
        return bytes(stream.read_raw_bytes())
    if named != ["/FlateDecode"] or "/DecodeParms" in stream:
        raise NotThisForm("Berkas memakai pemampatan yang tidak dipakai formulir kami.")
    unpacking = zlib.decompressobj()
    held = unpacking.decompress(stream.read_raw_bytes(), _LARGEST)
    if unpacking.unconsumed_tail:
        raise NotThisForm("Berkas memuat bagian yang terlalu besar.")
    return held
