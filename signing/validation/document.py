"""Find the signatures of a PDF, the bytes each of them covers, and what each allows after it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

from pyhanko.pdf_utils.generic import ByteStringObject, NumberObject, TextStringObject

from signing.pdf.history import History, Ref, Snapshot, only_blanks, raw, raw_items, ref_of

_DEEPEST = 32  # levels of a field tree; ours has one


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSignature:
    """A signature field with a value. `value_ref` is None when the dictionary is inside the field itself.

    `revision` is the one that wrote the dictionary last. `registered`: the form's field list leads to it.
    """

    name: str
    field_ref: Ref | None
    value_ref: Ref | None
    dictionary: Any = field(repr=False)
    revision: int
    registered: bool = True


def find_signatures(history: History) -> tuple[FoundSignature, ...]:
    """Return all signatures of the newest revision, oldest first; one signature in two places is found once.

    They are looked for wherever readers look: in the field tree, and among the widgets of pages.
    """
    now = Snapshot(history, history.last)
    found: dict[object, FoundSignature] = {}
    listed = list(_fields_in_tree(now))
    for position, (name, reference, node) in enumerate((*listed, *_fields_on_pages(now))):
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
                registered=position < len(listed),
            )
    return tuple(sorted(found.values(), key=lambda signature: (signature.revision, signature.name)))


def _fields_in_tree(now: Snapshot) -> Iterator[tuple[str, Ref | None, Any]]:
    fields = now.entry(now.entry(now.root, "/AcroForm"), "/Fields")
    seen: set[Ref] = set()
    stack = [(member, "", None, 0) for member in reversed(raw_items(fields))]
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
        name = ".".join(label for label in (above, str(part) if part is not None else "") if label)
        kind = now.entry(node, "/FT") or kind
        if kind == "/Sig":
            yield name, reference, node
        kids = [(kid, name, kind, depth + 1) for kid in raw_items(now.entry(node, "/Kids"))]
        stack.extend(reversed(kids))


def _fields_on_pages(now: Snapshot) -> Iterator[tuple[str, Ref | None, Any]]:
    """Yield the signature fields of page annotations: poppler 22 registers its fields nowhere else."""
    for _, page in now.pages():
        for reference, annotation in now.members(raw(page, "/Annots")):
            if now.entry(annotation, "/FT") == "/Sig" or raw(annotation, "/Parent") is not None:
                found = _field_of(now, reference, annotation)
                if found is not None:
                    yield found


def _field_of(now: Snapshot, reference: Ref | None, node: Any) -> tuple[str, Ref | None, Any] | None:
    """Return the signature field a widget belongs to: itself, or the field above it that holds the value."""
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


# --- Covered bytes (a whole revision from byte 0, without the signature's value)

_HEX = re.compile(rb"[0-9A-Fa-f]+")
_TAIL = re.compile(rb"startxref[\0\t\n\f\r ]+(\d+)[\0\t\n\f\r ]+%%EOF[\0\t\n\f\r ]*\Z")
_TAIL_ROOM = 2048
_NUMBERS = 4


class BadCoverage(ValueError):
    """The byte range or the value of a signature is not what ISO 32000-1 12.8.1 asks for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coverage:
    """The covered bytes are [0, `gap_start`) and [`gap_end`, `end`); `value` is in the gap (DER, padded)."""

    gap_start: int
    gap_end: int
    end: int
    value: bytes

    def covered(self, pdf: bytes) -> tuple[memoryview, memoryview]:
        """Return the two covered parts."""
        view = memoryview(pdf)
        return view[: self.gap_start], view[self.gap_end : self.end]


def coverage_of(signature: FoundSignature, history: History) -> Coverage:
    """Check byte range, gap and revision of a signature. Raises BadCoverage; the message is for the log, not for users.

    Against signature wrapping and byte-range tricks: the range is [0 a b c], the gap between a and b is one hexadecimal
    string and nothing else, and that string is the very /Contents a reader finds in the dictionary.
    """
    pdf = history.pdf
    numbers = raw_items(raw(signature.dictionary, "/ByteRange"))
    if len(numbers) != _NUMBERS or not all(isinstance(number, NumberObject) for number in numbers):
        raise BadCoverage("the byte range is not four numbers")
    start, gap_start, gap_end, rest = (int(number) for number in numbers)
    end = gap_end + rest
    if start != 0 or not 0 < gap_start < gap_end < end <= len(pdf):
        raise BadCoverage("the byte range does not lie in the file")
    gap = pdf[gap_start:gap_end]
    if gap[:1] != b"<" or gap[-1:] != b">" or not _HEX.fullmatch(gap[1:-1]) or len(gap) % 2:
        raise BadCoverage("the gap is not one hexadecimal string")
    value = bytes.fromhex(gap[1:-1].decode("ascii"))
    if _contents(signature.dictionary) != value:
        raise BadCoverage("the gap is not the signature's own value")
    _require_whole_revision(signature, history, end)
    return Coverage(gap_start=gap_start, gap_end=gap_end, end=end, value=value)


def _contents(dictionary: Any) -> bytes | None:
    written = raw(dictionary, "/Contents")
    if isinstance(written, TextStringObject | ByteStringObject):
        return bytes(written.original_bytes)
    return None


def _require_whole_revision(signature: FoundSignature, history: History, end: int) -> None:
    """Require that the covered bytes end with the revision and contain all of it. Raises BadCoverage."""
    if signature.value_ref is None:
        raise BadCoverage("the signature dictionary is not an indirect object")
    revision = signature.revision
    tail = _TAIL.search(history.pdf, max(0, end - _TAIL_ROOM), end)
    if tail is None or int(tail[1]) != history.startxref(revision):
        raise BadCoverage("the covered bytes do not end with the revision of the signature")
    for earlier in range(revision + 1):
        if any(xref_end > end for _, xref_end in history.xref_spans(earlier)):
            raise BadCoverage("cross-references of the signed revision lie outside the covered bytes")
        if any(offset >= end for offset in history.offsets(earlier).values()):
            raise BadCoverage("objects of the signed revision lie outside the covered bytes")
    revision_end = history.end(revision)
    if revision_end < 0 or not only_blanks(history.pdf[min(revision_end, end) : max(revision_end, end)]):
        raise BadCoverage("the covered bytes end inside a revision")


# --- DocMDP and FieldMDP (ISO 32000-2 12.8.2.2 and 12.8.2.4)

_NO_CHANGES = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureRules:
    """What a signature itself allows after it.

    `closed`: nothing but time stamps and revocation data may follow. `locks` are the fields it freezes by name.
    `all_but`: it freezes everything except these names; None when it does not.
    """

    closed: bool
    locks: tuple[str, ...]
    all_but: frozenset[str] | None

    def allow_signing(self, names: Collection[str]) -> bool:
        """Tell whether these signature fields may be signed after it."""
        if not names:
            return True
        if self.closed or any(_within(name, self.locks) for name in names):
            return False
        return self.all_but is None or all(_within(name, self.all_but) for name in names)


def _within(name: str, listed: Collection[str]) -> bool:
    """Tell whether a field is listed, by its own name or that of a field above it."""
    parts = name.split(".")
    return any(".".join(parts[: depth + 1]) in listed for depth in range(len(parts)))


def signature_rules(signature: FoundSignature, history: History) -> SignatureRules:
    """Return the rules as the signed revision wrote them. Raises ValueError for rules that cannot be understood."""
    then = Snapshot(history, signature.revision)
    closed, locks, all_but = False, [], None
    for _, reference in then.members(raw(signature.dictionary, "/Reference")):
        method, params = then.entry(reference, "/TransformMethod"), then.entry(reference, "/TransformParams")
        if method == "/DocMDP":
            closed |= _forbids_changes(then.entry(params, "/P"), absent=2)
        elif method == "/FieldMDP":
            names, exceptions = _frozen_fields(then, params)
            locks += names
            all_but = exceptions if all_but is None else all_but & exceptions if exceptions is not None else all_but
    field = history.get(signature.field_ref, signature.revision) if signature.field_ref is not None else None
    closed |= _forbids_changes(then.entry(then.entry(field, "/Lock"), "/P"), absent=None)
    return SignatureRules(closed=closed, locks=tuple(locks), all_but=all_but)


def _forbids_changes(permissions: Any, *, absent: int | None) -> bool:
    """Tell whether a /P entry forbids all changes; `absent` is the level where the entry is missing."""
    level = absent if permissions is None else int(permissions)
    return level is not None and level <= _NO_CHANGES


def _frozen_fields(then: Snapshot, params: Any) -> tuple[list[str], frozenset[str] | None]:
    """Return the fields frozen by name, and the exceptions when all others are frozen (else None)."""
    action = then.entry(params, "/Action")
    names = [str(name) for _, name in then.members(raw(params, "/Fields"))]
    if action == "/Include":
        return names, None
    if action == "/All":
        return [], frozenset()
    if action == "/Exclude":
        return [], frozenset(names)
    raise ValueError("an unknown kind of field lock")
