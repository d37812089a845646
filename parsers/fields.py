"""Walks the field tree (ISO 32000-1 12.7.3) of an opened file within bounds, down to its terminal fields."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from pikepdf import Object, Pdf

from parsers.objects import dictionary, listed, name_of
from parsers.refusals import tangled, too_complex

_DEEPEST = 32
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
