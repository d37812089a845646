"""Unpacks streams of strangers within limits: a few bytes may unpack to gigabytes."""

from __future__ import annotations

import hashlib
import zlib
from functools import lru_cache

from pikepdf import Array, Object

from parsers.objects import name_of
from parsers.refusals import broken, too_complex

_LARGEST = 16 * 2**20
# Packed otherwise than by plain Flate, qpdf unpacks without a limit; the worst of them packs a thousandfold.
_LARGEST_ODDLY_PACKED = 2**15
_KEPT, _LONGEST = 64, 100_000
_UNPACKED_HERE = {"/FlateDecode", "/LZWDecode", "/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode"}


def filters_of(stream: Object) -> tuple[str, ...]:
    """Name the filters of a stream in the order they are undone (ISO 32000-1 7.3.8.2)."""
    named = stream.get("/Filter")
    return tuple(map(name_of, named)) if isinstance(named, Array) else () if named is None else (name_of(named),)


def unpacked(stream: Object) -> bytes:
    """Give what a stream holds. Unreadable beyond 16 MiB, for pictures, and for what does not unpack."""
    filters = filters_of(stream)
    packed = stream.read_raw_bytes()
    if not filters and len(packed) <= _LARGEST:
        return packed
    if filters == ("/FlateDecode",) and "/DecodeParms" not in stream:
        return _inflated(packed)
    if not set(filters) <= _UNPACKED_HERE or len(packed) > _LARGEST_ODDLY_PACKED:
        raise too_complex()
    return stream.read_bytes()


def inflated_whole(stream: Object, *, most: int) -> bytes | None:
    """Give what a stream holds where every reader unpacks it alike: plain, or one Flate stream with its true end.

    None for other filters, parameters, a stream cut short or with something behind it, and beyond `most` bytes.
    """
    packed = stream.read_raw_bytes()
    filters = filters_of(stream)
    if "/DecodeParms" in stream or filters not in ((), ("/FlateDecode",)):
        return None
    if not filters or not packed:
        return packed if len(packed) <= most else None
    inflating = zlib.decompressobj()
    try:
        held = inflating.decompress(packed, most)
    except zlib.error:
        return None
    return held if inflating.eof and not inflating.unused_data.strip(b"\r\n") else None


def unpacked_digest(stream: Object) -> bytes:
    """SHA-256 of what a stream holds; Unreadable as `unpacked`. Fonts come back in every file and are unpacked once."""
    if filters_of(stream) == ("/FlateDecode",) and "/DecodeParms" not in stream:
        packed = stream.read_raw_bytes()
        return (_known_digest if len(packed) <= _LONGEST else _digest)(packed)
    return hashlib.sha256(unpacked(stream)).digest()


def _digest(packed: bytes) -> bytes:
    return hashlib.sha256(_inflated(packed)).digest()


_known_digest = lru_cache(maxsize=_KEPT)(_digest)


def _inflated(packed: bytes) -> bytes:
    inflating = zlib.decompressobj()
    try:
        held = inflating.decompress(packed, _LARGEST)
    except zlib.error as error:
        raise broken() from error
    if inflating.unconsumed_tail:
        raise too_complex()
    return held
