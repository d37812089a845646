"""Walks the field tree (ISO 32000-1 12.7.3) of an opened file within bounds, down to its terminal fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject, IndirectObject, NullObject, PdfObject, StreamObject

from parsers.refusals import tangled, too_complex

_DEEPEST = 32
_MOST_NODES = 2000


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """One terminal field. `kind` is /FT with inheritance ("" when absent), `widgets` are its places on pages."""

    name: str
    kind: str
    value: PdfObject | None
    source: DictionaryObject
    widgets: tuple[DictionaryObject, ...]


@dataclass(frozen=True, slots=True)
class _Node:
    source: object
    prefix: str
    kind: str
    value: PdfObject | None
    depth: int


def acroform_of(reader: PdfReader) -> DictionaryObject | None:
    """Give the interactive form dictionary; None for a file without one."""
    return dictionary(reader.root_object.get("/AcroForm"))


def terminals(reader: PdfReader) -> Iterator[Terminal]:
    """Yield every terminal field in document order. Unreadable for a cycle, or for more than 2000 nodes."""
    form = acroform_of(reader)
    if form is None:
        return
    seen: set[int] = set()
    waiting = [_Node(kid, "", "", None, 0) for kid in reversed(listed(form.get("/Fields")))]
    for _ in range(_MOST_NODES):
        if not waiting:
            return
        node = waiting.pop()
        field = dictionary(node.source)
        if field is None:
            continue
        if id(field) in seen or node.depth > _DEEPEST:
            raise tangled()
        seen.add(id(field))
        name = _joined(node.prefix, field.get("/T"))
        kind = str(plain(field.get("/FT")) or node.kind)
        # What a signature field holds is signing's to read, and long: thousands of digits nobody here looks at.
        value = None if kind == "/Sig" else plain(field.get("/V")) if "/V" in field else node.value
        kids = listed(field.get("/Kids"))
        inner = [kid for kid in kids if "/T" in (dictionary(kid) or ())]
        if inner:
            waiting.extend(_Node(kid, name, kind, value, node.depth + 1) for kid in reversed(inner))
            continue
        widgets = [widget for kid in kids if (widget := dictionary(kid)) is not None] if kids else [field]
        yield Terminal(name=name, kind=kind, value=value, source=field, widgets=tuple(widgets))
    if waiting:
        raise too_complex()


def plain(value: object) -> PdfObject | None:
    """Follow a reference; null is None."""
    found = value.get_object() if isinstance(value, IndirectObject) else value
    return found if isinstance(found, PdfObject) and not isinstance(found, NullObject) else None


def dictionary(value: object) -> DictionaryObject | None:
    """Follow a reference to a dictionary (not a stream); None for anything else."""
    found = plain(value)
    return found if isinstance(found, DictionaryObject) and not isinstance(found, StreamObject) else None


def listed(value: object) -> list[PdfObject]:
    """Follow a reference to an array; anything else is an empty list."""
    found = plain(value)
    return list(found) if isinstance(found, ArrayObject) else []


def _joined(prefix: str, partial: object) -> str:
    part = plain(partial)
    if part is None:
        return prefix
    return f"{prefix}.{part}" if prefix else str(part)
