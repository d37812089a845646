"""Tell whether a screen reader says the same of a received form as of the published one.

A screen reader follows the structure tree and says a description (/Alt), a replacement (/ActualText) or an expansion
(/E) instead of what is on the page (ISO 32000-1 14.9). So the tree is compared as a whole: every element in its order,
whether it is an object of its own or inside another one, with everything it refers to.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Pdf

from forms.catalog import blank_bytes
from forms.errors import NotThisForm
from forms.pdf import PageAnnotation, annotations_on, decoded_digest
from forms.schema import Form

# What a screen reader says instead of, or beside, what is seen (14.9.2 to 14.9.6; annotations: 12.5.2 table 164).
READ_ALOUD_KEYS = ("/ActualText", "/Alt", "/Contents", "/E", "/Lang", "/Phoneme", "/RC")
_REFERENCE = re.compile(rb"\b(\d+) (\d+) R\b")
_TREE_KEYS = {"/K", "/ParentTree", "/ParentTreeNextKey", "/Type"}
_DOCUMENT_KEYS = {"/K", "/P", "/S", "/Type"}
# Keys of the element of a signature field that a signer added; it may have any description.
_ADDED_SIGNATURE_KEYS = {"/Alt", "/ID", "/K", "/P", "/Pg", "/S", "/T", "/Type"}
_DEEPEST, _MOST = 60, 5000

Ref = tuple[int, int]


def reads_aloud_as_published(pdf: Pdf, form: Form, pages: Sequence[Sequence[PageAnnotation]]) -> bool:
    """Tell whether a screen reader says what the published form says, or less.

    `pages` are the annotations of its pages. Signature fields that signers added may have their own descriptions.
    """
    root, published = pdf.Root, _published(form)
    if "/Lang" in root and str(root.Lang) != published.language:
        return False
    if not _has_published_titles(pdf, published) or has_replacement_text(pdf) or not _slots_are_labelled(pages, form):
        return False
    root_element = root.get("/StructTreeRoot")
    return root_element is None or _is_published_tree(_StructureTree(pdf, root_element, pages), form, published)


def has_replacement_text(pdf: Pdf) -> bool:
    """Tell whether any object of the file has a replacement text; no published form has one.

    Elements inside others are compared with the tree; page content and its properties, with the page.
    """
    return any(isinstance(part, Dictionary) and "/ActualText" in part for part in pdf.objects)


# --- The published form


@dataclass(frozen=True, slots=True, kw_only=True)
class _Published:
    """What the blank says: its `elements` in order, as `_StructureTree.canonical` writes them; the digest of its XMP.

    `whole` are these elements and those of all slots, as in every form with slots.
    """

    language: str
    title: str
    metadata: str
    elements: tuple[bytes, ...]
    whole: bytes


@lru_cache(maxsize=8)
def _published(form: Form) -> _Published:
    """Read the published blank, once: it never changes."""
    with Pdf.open(io.BytesIO(blank_bytes(form))) as pdf:
        tree = _StructureTree(pdf, pdf.Root.StructTreeRoot, [annotations_on(page.obj) for page in pdf.pages])
        elements = tuple(tree.canonical(element) for element in tree.elements)
        slots = (_slot_element(slot.name, slot.label) for slot in form.slots)
        return _Published(
            language=str(pdf.Root.Lang),
            title=str(pdf.trailer.Info.Title),
            metadata=decoded_digest(pdf.Root.Metadata),
            elements=elements,
            whole=b"\n".join((*elements, *slots)),
        )


def _slot_element(name: str, label: str) -> bytes:
    """Return the element that `signing.fields` writes for a slot."""
    alt, slot = pikepdf.String(label).unparse(), pikepdf.String(name).unparse()
    return b"<< /Alt %s /K << /Obj %s /Pg page /Type /OBJR >> /P document /Pg page /S /Form /Type /StructElem >>" % (
        alt,
        slot,
    )


# --- The received file


def _has_published_titles(pdf: Pdf, published: _Published) -> bool:
    """Tell whether every title, which viewers show and say first, is the published one."""
    info = pdf.trailer.get("/Info")
    if info is not None and str(info.get("/Title", published.title)) != published.title:
        return False
    metadata = pdf.Root.get("/Metadata")
    if metadata is None or decoded_digest(metadata) == published.metadata:
        return True
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as entries:
        return str(entries.get("dc:title", published.title)) == published.title


def _slots_are_labelled(pages: Sequence[Sequence[PageAnnotation]], form: Form) -> bool:
    """Tell whether every slot is one object with the published label (/TU) and no other description."""
    labels = {slot.name: slot.label for slot in form.slots}
    for page in pages:
        for annotation, plain in page:
            entries = annotation if plain is None else plain.entries
            if plain is None and not labels.keys().isdisjoint(_names_above(annotation)):
                return False
            label = labels.get(str(annotation.get("/T")) if plain is None else plain.name)
            if label is not None and (
                str(entries.get("/TU", label)) != label or any(key in entries for key in READ_ALOUD_KEYS)
            ):
                return False
    return True


def _names_above(annotation: Any) -> Iterator[str]:
    node = annotation
    for _ in range(_DEEPEST):
        if "/Parent" not in node:
            return
        node = node.Parent
        yield str(node.get("/T"))


def _is_published_tree(tree: _StructureTree, form: Form, published: _Published) -> bool:
    if not tree.has_plain_root or not tree.has_known_parents:
        return False
    if tree.whole() == published.whole:
        return True
    elements, first = tree.elements, len(published.elements)
    if tuple(tree.canonical(element) for element in elements[:first]) != published.elements:
        return False
    slots = {_slot_element(slot.name, slot.label) for slot in form.slots}
    for element in elements[first:]:
        if tree.is_of_added_signature(element, form):
            continue
        canonical = tree.canonical(element)
        if canonical not in slots:
            return False
        slots.remove(canonical)
    return True


class _StructureTree:
    """A structure tree; elements of the same meaning have the same canonical text.

    Every reference is replaced by what it refers to: `page`, `document`, `tree`, a widget by the name of its field,
    anything else by its own text.
    """

    def __init__(self, pdf: Pdf, tree: Any, pages: Sequence[Sequence[PageAnnotation]]) -> None:
        self._pdf, self._tree = pdf, tree
        kids = tree.get("/K")
        self._document = kids[0] if isinstance(kids, Array) and len(kids) == 1 else kids
        self._names: dict[Ref, bytes] = {page.obj.objgen: b"page" for page in pdf.pages}
        self._signatures: dict[Ref, str] = {}
        for page in pages:
            for annotation, plain in page:
                name = str(annotation.get("/T")) if plain is None else plain.name
                self._names[annotation.objgen] = pikepdf.String(name).unparse()
                if (str(annotation.get("/FT")) if plain is None else plain.kind) == "/Sig":
                    self._signatures[annotation.objgen] = name
        self._names |= {tree.objgen: b"tree", self._document.objgen: b"document"}
        self._left = _MOST
        inside = self._document.get("/K")
        self.elements: list[Any] = list(inside) if isinstance(inside, Array) else [inside]

    @property
    def has_plain_root(self) -> bool:
        """Tell whether tree and document have no entries but the elements."""
        tree, document = self._tree, self._document
        return (
            set(tree.keys()) <= _TREE_KEYS
            and set(document.keys()) <= _DOCUMENT_KEYS
            and str(document.get("/S")) == "/Document"
            and document.P.objgen == tree.objgen
        )

    def canonical(self, value: Any, depth: int = 0) -> bytes:
        """Return the text of an element or a number; NotThisForm beyond the limits, and for anything else."""
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            raise NotThisForm("Susunan objek berkas terlalu dalam atau terlalu besar.")
        if isinstance(value, int):
            return b"%d" % value
        return self._with_names(value.unparse(resolved=True), depth)

    def whole(self) -> bytes:
        """Return the text of all elements, one a line."""
        return self._with_names(b"\n".join(element.unparse(resolved=True) for element in self.elements), 0)

    def _with_names(self, written: bytes, depth: int) -> bytes:
        return _REFERENCE.sub(lambda found: self._replacement(found, depth), written)

    def _replacement(self, found: re.Match[bytes], depth: int) -> bytes:
        ref = (int(found[1]), int(found[2]))
        return self._names.get(ref) or self.canonical(self._pdf.get_object(ref), depth + 1)

    def is_of_added_signature(self, element: Any, form: Form) -> bool:
        """Tell whether the element is only that of a signature field which is not a slot."""
        if not isinstance(element, Dictionary) or not set(element.keys()) <= _ADDED_SIGNATURE_KEYS:
            return False
        kids, slots = element.get("/K"), {slot.name for slot in form.slots}
        return all(
            isinstance(kid, Dictionary)
            and str(kid.get("/Type")) == "/OBJR"
            and kid.Obj.objgen in self._signatures
            and self._signatures[kid.Obj.objgen] not in slots
            for kid in (list(kids) if isinstance(kids, Array) else [kids])
        )

    @property
    def has_known_parents(self) -> bool:
        """Tell whether the parent tree, by which readers find the element of a content, has these elements only."""
        known = {element.objgen for element in self.elements if element.is_indirect} | {self._document.objgen}
        parents = self._tree.get("/ParentTree")
        return parents is None or self._names_only(parents, known, 0)

    def _names_only(self, node: Any, known: set[Ref], depth: int) -> bool:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            return False
        inside = [node.get("/Nums"), node.get("/Kids")] if isinstance(node, Dictionary) else [node]
        if isinstance(node, Dictionary) and not set(node.keys()) <= {"/Kids", "/Limits", "/Nums", "/Type"}:
            return False
        for member in inside:
            if member is None or isinstance(member, int):
                continue
            if not isinstance(member, Array):
                return False
            written = member.unparse(resolved=True)
            if b"<<" in written:
                return False
            for found in _REFERENCE.finditer(written):
                ref = (int(found[1]), int(found[2]))
                if ref not in known and not self._names_only(self._pdf.get_object(ref), known, depth + 1):
                    return False
        return True
