"""Read untrusted PDFs with qpdf, within limits: objects, pages, fields, streams. Every failure is `Unreadable`."""

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
    broken_file,
    empty_file,
    encrypted,
    endless_structure,
    no_pages,
    not_pdf,
    too_complex,
    too_large,
    too_many_pages,
)

_DEEPEST = 32
LARGEST = 32 * 2**20
_HEADER_WITHIN = 1024
_LIMITS_WARNING = "limits error"
_T = TypeVar("_T")


def read_with_qpdf(pdf: bytes, read: Callable[[Pdf], _T]) -> _T:
    """Open the file, and return what `read` returns for it; Unreadable for any failure in there.

    MemoryError is left to the caller, who set the limit. Nothing is repaired: a file that opens only by guessing where
    its objects are may be read differently elsewhere, and people sign what they see, not what was guessed. `read` must
    unpack streams with this module, which limits their size.
    """
    refuse_oversized_or_not_pdf(pdf)
    try:
        with Pdf.open(BytesIO(pdf), attempt_recovery=False, suppress_warnings=True) as document:
            if document.is_encrypted:
                raise encrypted()
            result = read(document)
            # Most warnings are about habits of writers; this one says that something was not read.
            if any(_LIMITS_WARNING in warning for warning in document.get_warnings()):
                raise too_complex()
            return result
    except (ParsersError, MemoryError):
        raise
    except PasswordError as error:
        raise encrypted() from error
    except RecursionError as error:
        raise too_complex() from error
    except Exception as error:  # qpdf has one error for all files, pikepdf several for odd objects
        raise broken_file() from error


def refuse_oversized_or_not_pdf(pdf: bytes) -> None:
    """Raise Unreadable for an empty file, more than 32 MiB, or no PDF header in the first KiB."""
    if not pdf:
        raise empty_file()
    if len(pdf) > LARGEST:
        raise too_large(len(pdf), LARGEST)
    if b"%PDF-" not in pdf[:_HEADER_WITHIN]:
        raise not_pdf()


# --- Objects


def as_dictionary(value: object) -> Object | None:
    """Return a dictionary (not a stream); None for anything else."""
    return value if isinstance(value, Dictionary) else None


def name_of(value: object) -> str:
    """Return a name with its slash; "" for anything else, also for a string that looks like a name.

    Viewers ignore a string in the place of a name (ISO 32000-1 7.3.5): a /Subtype (/Widget) is no widget to them.
    """
    return str(value) if isinstance(value, Name) else ""


def as_list(value: object) -> list[Any]:
    """Return the members of an array; an empty list for anything else."""
    return list(value) if isinstance(value, Array) else []


def inherited(node: Object, key: str) -> object:
    """Return the value of a key of a page or widget, its own or inherited (ISO 32000-1 7.7.3.4, 12.7.3.1)."""
    holder = node
    for _ in range(_DEEPEST):
        if key in holder:
            return holder.get(key)
        parent = as_dictionary(holder.get("/Parent"))
        if parent is None:
            return None
        holder = parent
    return None


def lineage(node: Object) -> Iterator[Object]:
    """Yield a page or widget and the nodes above it, the nearest first; at most 32."""
    holder: Object | None = node
    for _ in range(_DEEPEST):
        if holder is None:
            return
        yield holder
        holder = as_dictionary(holder.get("/Parent"))


# --- Page tree (ISO 32000-1 7.7.3)

MOST_PAGES = 100


def pages_of(pdf: Pdf) -> tuple[Object, ...]:
    """Return the page dictionaries in order. Unreadable for no page, more than 100 pages, or a cycle."""
    pages: list[Object] = []
    seen: set[tuple[int, int]] = set()
    waiting: list[tuple[object, int]] = [(pdf.Root.get("/Pages"), 0)]
    while waiting:
        source, depth = waiting.pop()
        node = as_dictionary(source)
        if node is None:
            continue
        if node.objgen in seen or depth > _DEEPEST:
            raise endless_structure()
        if node.is_indirect:
            seen.add(node.objgen)
        if "/Kids" not in node:
            pages.append(node)
        # Kids are counted before they are read, so a long list is refused at once.
        elif len(kids := as_list(node.get("/Kids"))) + len(pages) > MOST_PAGES:
            raise too_many_pages(MOST_PAGES)
        else:
            waiting.extend((kid, depth + 1) for kid in reversed(kids))
        if len(pages) > MOST_PAGES:
            raise too_many_pages(MOST_PAGES)
    if not pages:
        raise no_pages()
    return tuple(pages)


# --- Field tree (ISO 32000-1 12.7.3)

_MOST_NODES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class TerminalField:
    """A terminal field. `kind` is /FT, own or inherited ("" when absent); `widgets` are its annotations."""

    name: str
    kind: str
    value: object
    source: Object
    widgets: tuple[Object, ...]


@dataclass(frozen=True, slots=True)
class _FieldNode:
    source: object
    prefix: str
    kind: str
    value: object
    depth: int
    parent: Object | None = None


def acroform_of(pdf: Pdf) -> Object | None:
    """Return the interactive form dictionary; None for a file without one."""
    return as_dictionary(pdf.Root.get("/AcroForm"))


def terminal_fields(pdf: Pdf) -> Iterator[TerminalField]:
    """Yield every terminal field in document order. Unreadable for a cycle, or for more than 2000 nodes."""
    form = acroform_of(pdf)
    if form is None:
        return
    seen: set[tuple[int, int]] = set()
    waiting = [_FieldNode(kid, "", "", None, 0) for kid in reversed(as_list(form.get("/Fields")))]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.pop()
        field = as_dictionary(node.source)
        if field is None:
            continue
        if field.objgen in seen or node.depth > _DEEPEST:
            raise endless_structure()
        if field.is_indirect:
            seen.add(field.objgen)
        if not _has_parent(field, node.parent):
            raise endless_structure()
        name = _full_name(node.prefix, field.get("/T"))
        kind = name_of(field.get("/FT")) or node.kind
        # The value of a signature is read by `signing`; here it would only cost time (thousands of digits).
        value = None if kind == "/Sig" else field.get("/V") if "/V" in field else node.value
        kids = as_list(field.get("/Kids")) if "/Kids" in field else []
        inner = [kid for kid in kids if "/T" in (as_dictionary(kid) or ())]
        if inner:
            waiting.extend(_FieldNode(kid, name, kind, value, node.depth + 1, field) for kid in reversed(inner))
            continue
        widgets = [widget for kid in kids if (widget := as_dictionary(kid)) is not None] if kids else [field]
        yield TerminalField(name=name, kind=kind, value=value, source=field, widgets=tuple(widgets))
    if waiting:
        raise too_complex()


def _has_parent(field: Object, parent: Object | None) -> bool:
    """Tell whether the /Parent of a field is the field whose kid it is; a field at the top must not have one.

    From another parent, viewers would inherit values, flags and actions (ISO 32000-1 12.7.3.1) that are not read here.
    """
    named_parent = field.get("/Parent")
    if named_parent is None or parent is None:
        return named_parent is None
    return isinstance(named_parent, Object) and named_parent.objgen == parent.objgen


def _full_name(prefix: str, partial: object) -> str:
    if partial is None:
        return prefix
    return f"{prefix}.{partial}" if prefix else str(partial)


# --- Streams, unpacked within limits: a few bytes may unpack to gigabytes

_LARGEST = 16 * 2**20
# Other filters than plain Flate are undone by qpdf, which has no limit; the worst of them packs a thousandfold.
_LARGEST_OTHERWISE_PACKED = 2**15
_DIGESTS_KEPT, _LONGEST_DIGESTED = 64, 100_000
_UNPACKED_HERE = {"/FlateDecode", "/LZWDecode", "/ASCII85Decode", "/ASCIIHexDecode", "/RunLengthDecode"}


def filters_of(stream: Object) -> tuple[str, ...]:
    """Return the filters of a stream in the order they are undone (ISO 32000-1 7.3.8.2)."""
    filters = stream.get("/Filter")
    return (
        tuple(map(name_of, filters)) if isinstance(filters, Array) else () if filters is None else (name_of(filters),)
    )


def unpack(stream: Object) -> bytes:
    """Return the content of a stream. Unreadable beyond 16 MiB, for pictures, and for broken data."""
    filters = filters_of(stream)
    packed = stream.read_raw_bytes()
    if not filters and len(packed) <= _LARGEST:
        return packed
    if filters == ("/FlateDecode",) and "/DecodeParms" not in stream:
        return _inflated(packed)
    if not set(filters) <= _UNPACKED_HERE or len(packed) > _LARGEST_OTHERWISE_PACKED:
        raise too_complex()
    return stream.read_bytes()


def inflate_unambiguous(stream: Object, *, most: int) -> bytes | None:
    """Return the content of a stream that every reader unpacks alike: uncompressed, or one whole Flate stream.

    None for other filters, for parameters, for a stream cut short or with data after its end, and beyond `most` bytes.
    """
    packed = stream.read_raw_bytes()
    filters = filters_of(stream)
    if "/DecodeParms" in stream or filters not in ((), ("/FlateDecode",)):
        return None
    if not filters or not packed:
        return packed if len(packed) <= most else None
    inflating = zlib.decompressobj()
    try:
        content = inflating.decompress(packed, most)
    except zlib.error:
        return None
    return content if inflating.eof and not inflating.unused_data.strip(b"\r\n") else None


def content_digest(stream: Object) -> bytes:
    """Return the SHA-256 of the content of a stream; Unreadable as `unpack`. Fonts recur in every file: cached."""
    if filters_of(stream) == ("/FlateDecode",) and "/DecodeParms" not in stream:
        packed = stream.read_raw_bytes()
        return (_known_digest if len(packed) <= _LONGEST_DIGESTED else _digest)(packed)
    return hashlib.sha256(unpack(stream)).digest()


def _digest(packed: bytes) -> bytes:
    return hashlib.sha256(_inflated(packed)).digest()


_known_digest = lru_cache(maxsize=_DIGESTS_KEPT)(_digest)


def _inflated(packed: bytes) -> bytes:
    inflating = zlib.decompressobj()
    try:
        content = inflating.decompress(packed, _LARGEST)
    except zlib.error as error:
        raise broken_file() from error
    if inflating.unconsumed_tail:
        raise too_complex()
    return content
