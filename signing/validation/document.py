"""Every signature a PDF holds, wherever readers look for one: the field tree, and widgets only a page knows of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from signing.history import History, Ref, Snapshot, raw, raws, ref_of

_DEEPEST = 32  # levels of a field tree; ours has one


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSignature:
    """A signature field with a value. `value_ref` is None when the dictionary stands inside the field itself.

    `revision` is the one in which the dictionary was written last. `registered`: the form's field list leads to it.
    """

    name: str
    field_ref: Ref | None
    value_ref: Ref | None
    dictionary: Any = field(repr=False)
    revision: int
    registered: bool = True


def find_signatures(history: History) -> tuple[FoundSignature, ...]:
    """All signatures of the newest revision, oldest first; one signature in two places is found once."""
    now = Snapshot(history, history.last)
    found: dict[object, FoundSignature] = {}
    listed = list(_tree(now))
    for place, (name, reference, node) in enumerate((*listed, *_pages(now))):
        value = raw(node, "/V")
        dictionary = now.resolved(value)
        if dictionary is None or now.entry(node, "/FT") not in {"/Sig", None}:
            continue
        value_ref = ref_of(value)
        written = history.version(value_ref or reference or (0, 0), history.last)
        key = value_ref or ("direct", reference, name)
        if key not in found:
            found[key] = FoundSignature(
                name=name,
                field_ref=reference,
                value_ref=value_ref,
                dictionary=dictionary,
                revision=history.last if written is None else written,
                registered=place < len(listed),
            )
    return tuple(sorted(found.values(), key=lambda each: (each.revision, each.name)))


def _tree(now: Snapshot) -> Iterator[tuple[str, Ref | None, Any]]:
    fields = now.entry(now.entry(now.root, "/AcroForm"), "/Fields")
    seen: set[Ref] = set()
    stack = [(each, "", None, 0) for each in reversed(raws(fields))]
    while stack:
        written, above, kind, depth = stack.pop()
        reference, node = ref_of(written), now.resolved(written)
        if depth > _DEEPEST:
            raise ValueError("the field tree is too deep")
        if reference is not None:
            if reference in seen:
                continue
            seen.add(reference)
        part = now.entry(node, "/T")
        name = ".".join(each for each in (above, str(part) if part is not None else "") if each)
        kind = now.entry(node, "/FT") or kind
        if kind == "/Sig":
            yield name, reference, node
        kids = [(each, name, kind, depth + 1) for each in raws(now.entry(node, "/Kids"))]
        stack.extend(reversed(kids))


def _pages(now: Snapshot) -> Iterator[tuple[str, Ref | None, Any]]:
    """Signature widgets among the annotations of pages: poppler 22 registers its fields nowhere else."""
    for _, page in now.pages():
        for reference, annotation in now.members(raw(page, "/Annots")):
            if now.entry(annotation, "/FT") == "/Sig" or raw(annotation, "/Parent") is not None:
                found = _field_of(now, reference, annotation)
                if found is not None:
                    yield found


def _field_of(now: Snapshot, reference: Ref | None, node: Any) -> tuple[str, Ref | None, Any] | None:
    """The signature field a widget belongs to: itself, or the field above it that holds the value."""
    names: list[str] = []
    holder: tuple[Ref | None, Any] | None = None
    kind = None
    for _ in range(_DEEPEST):
        part = now.entry(node, "/T")
        names += [] if part is None else [str(part)]
        kind = kind or now.entry(node, "/FT")
        if holder is None and raw(node, "/V") is not None:
            holder = reference, node
        above = raw(node, "/Parent")
        if above is None:
            break
        reference, node = ref_of(above), now.resolved(above)
    return (".".join(reversed(names)), *holder) if holder is not None and kind == "/Sig" else None
