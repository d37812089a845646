"""Widgets written plainly: what they say of themselves is told by their own bytes, answer and drawing apart.

The widgets of a form say the same in every file made from one blank. What such bytes say is read once and kept between
files; a widget that points to more than its page and its lock, or that inherits, is left to whoever asks the file.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import pikepdf

from forms.errors import NotThisForm

# As qpdf writes an object out: keys in their order, a blank between words, parentheses inside strings escaped.
_DRAWING = re.compile(rb"<< /AP << /N \d+ 0 R >> ")
_ANSWER = re.compile(rb" /V (?:\((?:[^()\\]|\\[\s\S])*+\)|<[0-9a-f]*+>|\d+ 0 R) >>\Z")
_POINTER = re.compile(rb" /(P|Lock) (\d+) 0 R(?= )")
_POINTERS = ("/P", "/Lock")
_KEPT, _LONGEST = 1024, 2048
_ELSEWHERE = ("/Parent", "/Kids", "/V", "/AP")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Plain:
    """What a widget says of itself, the same object for the same bytes while it is kept.

    `told` is its dictionary without answer and drawing, of no file; `kind` is /FT. `inert`: nothing in it acts.
    """

    told: Any = field(repr=False)
    kind: str | None
    inert: bool


Shown = tuple[Any, Plain | None]


class Spelled:
    """Words already written out, to stand among others that are not yet."""

    __slots__ = ("_words",)

    def __init__(self, words: str) -> None:
        self._words = words

    def __repr__(self) -> str:
        return self._words


def shown_on(page: Any) -> list[Shown]:
    """The annotations of a page, with what those say that are written plainly."""
    return [(each, plain(each)) for each in page.get("/Annots", [])]


def plain(annotation: Any) -> Plain | None:
    """What the widget says apart from its answer and its drawing; None when it is not written plainly."""
    if not isinstance(annotation, pikepdf.Dictionary):
        return None
    written = annotation.unparse(resolved=True)
    if len(written) > _LONGEST:
        return None
    drawing, answer = _DRAWING.match(written), _ANSWER.search(written)
    begin, end = drawing.end() if drawing else len(b"<< "), answer.start() if answer else -len(b" >>")
    return _said(written[begin:end])


@lru_cache(maxsize=_KEPT)
def _said(entries: bytes) -> Plain | None:
    written = b"<< " + entries + b" >>"
    named, count = _POINTER.subn(rb" /\1 /-\2", written)
    try:
        told = pikepdf.Object.parse(named)
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError):
        return None  # it points to more
    if not isinstance(told, pikepdf.Dictionary) or told.unparse(resolved=True) != named or _any(told, _ELSEWHERE):
        return None
    # A pointer that was named inside of a string is none of the dictionary's.
    if count != sum(key in told and str(told[key]).startswith("/-") for key in _POINTERS):
        return None
    kind = str(told["/FT"]) if isinstance(told.get("/FT"), pikepdf.Name) else None
    return Plain(told=told, kind=kind, inert=not _any(told, ("/A", "/AA", "/OC")))


def _any(told: Any, keys: Iterable[str]) -> bool:
    return any(key in told for key in keys)


# --- Streams of files from outside, unpacked within limits: a few bytes may unpack to gigabytes

# No part of a published form is above 100 KB.
_LARGEST = 8_000_000
# Fonts and pictures of the published page come back in every file; what they unpack to is digested once.
_KEPT_STREAMS, _LONGEST_STREAM = 64, 100_000


def decoded(stream: Any) -> bytes:
    """What the stream holds; NotThisForm when it is packed otherwise than our forms are, or holds too much."""
    return _unpacked(*_packed(stream))


def decoded_digest(stream: Any) -> str:
    """SHA-256 (hex) of what the stream holds; NotThisForm as `decoded`."""
    packed, plain = _packed(stream)
    digest = _known_digest if len(packed) <= _LONGEST_STREAM else _digest
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


_known_digest = lru_cache(maxsize=_KEPT_STREAMS)(_digest)
