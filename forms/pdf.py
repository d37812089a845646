"""Widgets and streams of received PDFs; those that recur in every file of a form are read once and cached."""

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

# Raised by pikepdf and by our code on objects that are broken, or not of the expected kind.
MALFORMED = (pikepdf.PdfError, zlib.error, RecursionError, ValueError, TypeError, AttributeError, KeyError)
# Field flag, ISO 32000-1 table 221.
READ_ONLY = 1

# --- Widgets
#
# A widget without its answer (/V) and its drawing (/AP) has the same bytes in every file made from one blank, so these
# bytes are parsed once. A widget that refers to more than its page and its lock, or that inherits, is not cached.

# As qpdf writes an object: keys in order, one space between words, parentheses inside strings escaped.
_DRAWING = re.compile(rb"<< /AP << /N \d+ 0 R >> ")
_ANSWER = re.compile(rb" /V (?:\((?:[^()\\]|\\[\s\S])*+\)|<[0-9a-f]*+>|\d+ 0 R) >>\Z")
_REFERENCE = re.compile(rb" /(P|Lock) (\d+) 0 R(?= )")
_REFERRING = ("/P", "/Lock")
_WIDGETS_KEPT, _LONGEST_WIDGET = 1024, 2048
_NOT_PLAIN = ("/Parent", "/Kids", "/V", "/AP")


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PlainWidget:
    """A widget without answer and drawing; the same object for the same bytes while it is cached.

    `entries` is its dictionary, which belongs to no file; `name` is its own /T; `kind` is /FT, None unless it is a
    widget; `inert` means that it is a widget without action.
    """

    entries: Any = field(repr=False)
    name: str
    kind: str | None
    inert: bool


# An annotation of a file, and what its bytes say when it is a plain widget.
PageAnnotation = tuple[Any, PlainWidget | None]
# What was read of the annotations of one file, by object number: several checks look at the same ones.
KnownWidgets = dict[tuple[int, int], PlainWidget | None]


class WrittenRepr:
    """A value whose `repr` was computed before."""

    __slots__ = ("_text",)

    def __init__(self, text: str) -> None:
        self._text = text

    def __repr__(self) -> str:
        return self._text


def annotations_on(page: Any, known: KnownWidgets | None = None) -> list[PageAnnotation]:
    """Return the annotations of a page, each with its plain widget where it is one."""
    return [(annotation, plain_widget(annotation, known)) for annotation in page.get("/Annots", [])]


def plain_widget(annotation: Any, known: KnownWidgets | None = None) -> PlainWidget | None:
    """Return the widget without answer and drawing; None for an annotation that is not written plainly."""
    if known is None or not isinstance(annotation, pikepdf.Object) or not annotation.is_indirect:
        return _plain_widget(annotation)
    ref = annotation.objgen
    if ref not in known:
        known[ref] = _plain_widget(annotation)
    return known[ref]


def _plain_widget(annotation: Any) -> PlainWidget | None:
    if not isinstance(annotation, pikepdf.Dictionary):
        return None
    written = annotation.unparse(resolved=True)
    if len(written) > _LONGEST_WIDGET:
        return None
    drawing, answer = _DRAWING.match(written), _ANSWER.search(written)
    begin, end = drawing.end() if drawing else len(b"<< "), answer.start() if answer else -len(b" >>")
    return _parsed(written[begin:end])


@lru_cache(maxsize=_WIDGETS_KEPT)
def _parsed(written: bytes) -> PlainWidget | None:
    """Parse the entries of a plain widget; references to its page and its lock are replaced by names."""
    named, count = _REFERENCE.subn(rb" /\1 /-\2", b"<< " + written + b" >>")
    try:
        entries = pikepdf.Object.parse(named)
    except (pikepdf.PdfError, RuntimeError, ValueError, TypeError):
        return None  # it refers to other objects
    if (
        not isinstance(entries, pikepdf.Dictionary)
        or entries.unparse(resolved=True) != named
        or _any(entries, _NOT_PLAIN)
    ):
        return None
    # A reference that was replaced inside a string is not one of the dictionary.
    if count != sum(key in entries and str(entries[key]).startswith("/-") for key in _REFERRING):
        return None
    is_widget = entries.get("/Subtype") == pikepdf.Name.Widget
    kind = str(entries["/FT"]) if is_widget and isinstance(entries.get("/FT"), pikepdf.Name) else None
    inert = is_widget and not _any(entries, ("/A", "/AA", "/OC"))
    return PlainWidget(entries=entries, name=str(entries.get("/T")), kind=kind, inert=inert)


def _any(entries: Any, keys: Iterable[str]) -> bool:
    return any(key in entries for key in keys)


# --- Streams of received files, unpacked within limits: a few bytes may unpack to gigabytes

# No part of a published form exceeds 100 KB.
_LARGEST = 8_000_000
# Fonts and pictures of the published page recur in every file; each is unpacked and digested once.
_DIGESTS_KEPT, _LONGEST_STREAM = 64, 100_000


def decoded(stream: Any) -> bytes:
    """Return the content of a stream; NotThisForm for filters our forms do not use, and for too much content."""
    return _unpacked(*_packed(stream))


def decoded_digest(stream: Any) -> str:
    """Return the SHA-256 (hex) of the content of a stream; NotThisForm as `decoded`."""
    packed, plain = _packed(stream)
    digest = _known_digest if len(packed) <= _LONGEST_STREAM else _content_digest
    return digest(packed, plain)


def _packed(stream: Any) -> tuple[bytes, bool]:
    """Return the bytes of a stream in the file, and whether they are its content (not compressed)."""
    filters = stream.get("/Filter")
    names = list(filters) if isinstance(filters, pikepdf.Array) else [filters] if filters is not None else []
    if names and (names != [pikepdf.Name.FlateDecode] or "/DecodeParms" in stream):
        raise NotThisForm("Berkas memakai pemampatan yang tidak dipakai formulir kami.")
    if "/F" in stream:
        raise NotThisForm("Berkas mengambil isinya dari berkas lain.")  # ISO 32000-1 table 5
    return bytes(stream.read_raw_bytes()), not names


def _unpacked(packed: bytes, plain: bool) -> bytes:
    if plain or not packed:
        return packed
    unpacking = zlib.decompressobj()
    held = unpacking.decompress(packed, _LARGEST)
    if unpacking.unconsumed_tail:
        raise NotThisForm("Berkas memuat bagian yang terlalu besar.")
    # Of a stream that is cut short, some readers show the beginning, others nothing.
    if not unpacking.eof or unpacking.unused_data.strip(b"\r\n"):
        raise NotThisForm("Berkas memuat bagian yang terpotong.")
    return held


def _content_digest(packed: bytes, plain: bool) -> str:
    return hashlib.sha256(_unpacked(packed, plain)).hexdigest()


_known_digest = lru_cache(maxsize=_DIGESTS_KEPT)(_content_digest)
