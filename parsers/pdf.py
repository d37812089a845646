"""Opens untrusted PDF bytes with qpdf inside limits; whatever the library raises leaves here as `Unreadable`."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from typing import Any, TypeVar

from pikepdf import Array, Dictionary, Name, Object, PasswordError, Pdf

from parsers.errors import (
    ParsersError,
    broken,
    empty,
    encrypted,
    no_pages,
    not_pdf,
    tangled,
    too_complex,
    too_large,
    too_many_pages,
)

_DEEPEST = 32

LARGEST = 32 * 2**20
_HEADER_WITHIN = 1024
_LEFT_OUT = "limits error"
_T = TypeVar("_T")


def looking_into(pdf: bytes, look: Callable[[Pdf], _T]) -> _T:
    """Give the opened file to `look` and return its answer; Unreadable for whatever goes wrong in there.

    MemoryError is left to whoever set the limit. Nothing is repaired: a file that only opens by guessing where its
    objects are may read otherwise elsewhere, and people sign what they see, not what was guessed. Streams are unpacked
    by `parsers.pdf`, within its limits.
    """
    refuse_at_once(pdf)
    try:
        with Pdf.open(BytesIO(pdf), attempt_recovery=False, suppress_warnings=True) as opened:
            if opened.is_encrypted:
                raise encrypted()
            found = look(opened)
            # Most warnings are habits of writers; this one says that something was left out of what was read.
            if any(_LEFT_OUT in each for each in opened.get_warnings()):
                raise too_complex()
            return found
    except (ParsersError, MemoryError):
        raise
    except PasswordError as error:
        raise encrypted() from error
    except RecursionError as error:
        raise too_complex() from error
    except Exception as error:  # qpdf has one error for every file, its Python side several for odd objects
        raise broken() from error


def refuse_at_once(pdf: bytes) -> None:
    """Unreadable for what needs no reader: nothing at all, more than 32 MiB, or no PDF header in the first KiB."""
    if not pdf:
        raise empty()
    if len(pdf) > LARGEST:
        raise too_large(len(pdf), LARGEST)
    if b"%PDF-" not in pdf[:_HEADER_WITHIN]:
        raise not_pdf()


# --- What an object of an opened file is, said so that code reads it without asking twice


def dictionary(value: object) -> Object | None:
    """Give a dictionary (not a stream); None for anything else."""
    return value if isinstance(value, Dictionary) else None


def name_of(value: object) -> str:
    """Give a name with its slash; "" for anything else, a string that only looks like one included.

    Viewers pass over a string where a name belongs (ISO 32000-1 7.3.5): a /Subtype (/Widget) is no widget to them.
    """
    return str(value) if isinstance(value, Name) else ""


def listed(value: object) -> list[Any]:
    """Give the members of an array; anything else is an empty list."""
    return list(value) if isinstance(value, Array) else []


# --- Walks the page tree (ISO 32000-1 7.7.3) of an opened file within bounds

MOST_PAGES = 100


def pages_of(pdf: Pdf) -> tuple[Object, ...]:
    """List the page dictionaries in order. Unreadable for no page, more than 100 pages, or a cycle."""
    pages: list[Object] = []
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[object, int]] = [(pdf.Root.get("/Pages"), 0)]
    while waiting:
        source, depth = waiting.pop()
        node = dictionary(source)
        if node is None:
            continue
        if node.objgen in seen or depth > _DEEPEST:
            raise tangled()
        if node.is_indirect:
            seen.add(node.objgen)
        if "/Kids" not in node:
            pages.append(node)
        # Kids are counted before they are read: a long list costs nothing but its length.
        elif len(kids := listed(node.get("/Kids"))) + len(pages) > MOST_PAGES:
            raise too_many_pages(MOST_PAGES)
        else:
            waiting.extend((kid, depth + 1) for kid in reversed(kids))
        if len(pages) > MOST_PAGES:
            raise too_many_pages(MOST_PAGES)
    if not pages:
        raise no_pages()
    return tuple(pages)


# --- Walks the field tree (ISO 32000-1 12.7.3) of an opened file within bounds, down to its terminal fields

_MOST_NODES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """One terminal field. `kind` is /FT with inheritance ("" when absent), `widgets` are its places on pages."""

    name: str
    kind: str
    value: object
    source: Object
    widgets: tuple[Object, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    source: object
    prefix: str
    kind: str
    value: object
    depth: int
    above: Object | None = None


def acroform_of(pdf: Pdf) -> Object | None:
    """Give the interactive form dictionary; None for a file without one."""
    return dictionary(pdf.Root.get("/AcroForm"))


def terminals(pdf: Pdf) -> Iterator[Terminal]:
    """Yield every terminal field in document order. Unreadable for a cycle, or for more than 2000 nodes."""
    form = acroform_of(pdf)
    if form is None:
        return
    seen: set[tuple[int, int]] = set()
    waiting = [_Node(kid, "", "", None, 0) for kid in reversed(listed(form.get("/Fields")))]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.pop()
        field = dictionary(node.source)
        if field is None:
            continue
        if field.objgen in seen or node.depth > _DEEPEST:
            raise tangled()
        if field.is_indirect:
            seen.add(field.objgen)
        if not _hangs_from(field, node.above):
            raise tangled()
        name = _joined(node.prefix, field.get("/T"))
        kind = name_of(field.get("/FT")) or node.kind
        # What a signature field holds is signing's to read, and long: thousands of digits nobody here looks at.
        value = None if kind == "/Sig" else field.get("/V") if "/V" in field else node.value
        kids = listed(field.get("/Kids")) if "/Kids" in field else []
        inner = [kid for kid in kids if "/T" in (dictionary(kid) or ())]
        if inner:
            waiting.extend(_Node(kid, name, kind, value, node.depth + 1, field) for kid in reversed(inner))
            continue
        widgets = [widget for kid in kids if (widget := dictionary(kid)) is not None] if kids else [field]
        yield Terminal(name=name, kind=kind, value=value, source=field, widgets=tuple(widgets))
    if waiting:
        raise too_complex()


def _hangs_from(field: Object, above: Object | None) -> bool:
    """Tell whether a field names as its /Parent the one whose kid it is, and none where it is nobody's.

    From another one viewers would inherit values, flags and actions (ISO 32000-1 12.7.3.1) that nobody here looks at.
    """
    named = field.get("/Parent")
    if named is None or above is None:
        return named is None
    return isinstance(named, Object) and named.objgen == above.objgen


def _joined(prefix: str, partial: object) -> str:
    if partial is None:
        return prefix
    return f"{prefix}.{partial}" if prefix else str(partial)


# --- Unpacks streams of strangers within limits: a few bytes may unpack to gigabytes

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
