"""What a form says to people who listen to it: its structure, its title, its language, as published and nothing else.

A reader that speaks follows the structure tree and says a description (/Alt), a replacement (/ActualText) or an
expansion (/E) instead of what stands on the page (ISO 32000-1 14.9). So the tree is compared as a whole: every element
in its order, whether it is an object of its own or stands inside another one, with what it points to.
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
from forms.pdf import Shown, decoded_digest, shown_on
from forms.schema import Form

# What a reader says instead of, or beside, what is seen (14.9.2 to 14.9.6; of annotations 12.5.2 table 164).
SPOKEN = ("/ActualText", "/Alt", "/Contents", "/E", "/Lang", "/Phoneme", "/RC")
_REFERENCE = re.compile(rb"\b(\d+) (\d+) R\b")
_TREE_KEYS = {"/K", "/ParentTree", "/ParentTreeNextKey", "/Type"}
_DOCUMENT_KEYS = {"/K", "/P", "/S", "/Type"}
# Of the element of a signature field that a signer brought along: it may call itself what it likes.
_OWN_KEYS = {"/Alt", "/ID", "/K", "/P", "/Pg", "/S", "/T", "/Type"}
_DEEPEST, _MOST = 60, 5000

Ref = tuple[int, int]


def says_as_published(pdf: Pdf, form: Form, shown: Sequence[Sequence[Shown]]) -> bool:
    """Whether whoever listens to the file hears what the published form says; a file may also say less.

    `shown` are the annotations of its pages. Signature fields that signers brought along may describe themselves.
    """
    root, published = pdf.Root, _published(form)
    if "/Lang" in root and str(root.Lang) != published.language:
        return False
    if not _is_titled(pdf, published) or says_instead(pdf) or not _slots_are_labelled(shown, form):
        return False
    tree = root.get("/StructTreeRoot")
    return tree is None or _is_as_published(_Spelling(pdf, tree, shown), form, published)


def says_instead(pdf: Pdf) -> bool:
    """Whether any object of the file is spoken in the place of what is seen; no published form has such a thing.

    Elements inside of others are compared with the tree, page content and its properties with the page.
    """
    return any(isinstance(each, Dictionary) and "/ActualText" in each for each in pdf.objects)


# --- The published form ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class _Published:
    """What the blank says: `elements` as `_Spelling` writes them, in their order; `metadata` the digest of its XMP.

    `whole` are these elements and those of all slots, as every form that was handed out has them.
    """

    language: str
    title: str
    metadata: str
    elements: tuple[bytes, ...]
    whole: bytes


@lru_cache(maxsize=8)
def _published(form: Form) -> _Published:
    """A published blank never changes, so it is read once."""
    with Pdf.open(io.BytesIO(blank_bytes(form))) as pdf:
        spelling = _Spelling(pdf, pdf.Root.StructTreeRoot, [shown_on(page.obj) for page in pdf.pages])
        elements = tuple(spelling.spelled(each) for each in spelling.elements)
        slots = (_slot_element(slot.name, slot.label) for slot in form.slots)
        return _Published(
            language=str(pdf.Root.Lang),
            title=str(pdf.trailer.Info.Title),
            metadata=decoded_digest(pdf.Root.Metadata),
            elements=elements,
            whole=b"\n".join((*elements, *slots)),
        )


def _slot_element(name: str, label: str) -> bytes:
    """The element `signing.fields` writes for a slot."""
    alt, slot = pikepdf.String(label).unparse(), pikepdf.String(name).unparse()
    return b"<< /Alt %s /K << /Obj %s /Pg page /Type /OBJR >> /P document /Pg page /S /Form /Type /StructElem >>" % (
        alt,
        slot,
    )


# --- What a file says ------------------------------------------------------------------------------------------------


def _is_titled(pdf: Pdf, published: _Published) -> bool:
    """Whether every title, which viewers show and say first, is the published one."""
    info = pdf.trailer.get("/Info")
    if info is not None and str(info.get("/Title", published.title)) != published.title:
        return False
    metadata = pdf.Root.get("/Metadata")
    if metadata is None or decoded_digest(metadata) == published.metadata:
        return True
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as told:
        return str(told.get("dc:title", published.title)) == published.title


def _slots_are_labelled(shown: Sequence[Sequence[Shown]], form: Form) -> bool:
    """Whether every slot is one object with its own label (/TU), and describes itself in no other way."""
    labels = {slot.name: slot.label for slot in form.slots}
    for page in shown:
        for annotation, said in page:
            told = annotation if said is None else said.told
            if said is None and not labels.keys().isdisjoint(_names_above(annotation)):
                return False
            label = labels.get(str(told.get("/T")))
            if label is not None and (str(told.get("/TU", label)) != label or any(key in told for key in SPOKEN)):
                return False
    return True


def _names_above(annotation: Any) -> Iterator[str]:
    node = annotation
    for _ in range(_DEEPEST):
        if "/Parent" not in node:
            return
        node = node.Parent
        yield str(node.get("/T"))


def _is_as_published(spelling: _Spelling, form: Form, published: _Published) -> bool:
    if not spelling.is_framed or not spelling.has_known_parents:
        return False
    if spelling.whole() == published.whole:
        return True
    elements, first = spelling.elements, len(published.elements)
    if tuple(spelling.spelled(each) for each in elements[:first]) != published.elements:
        return False
    slots = {_slot_element(slot.name, slot.label) for slot in form.slots}
    for each in elements[first:]:
        if spelling.is_of_own_signature(each, form):
            continue
        spelled = spelling.spelled(each)
        if spelled not in slots:
            return False
        slots.remove(spelled)
    return True


class _Spelling:
    """A structure tree whose elements are written out the same for the same meaning.

    What they refer to stands in the place of the reference: page, document, tree, a widget by the name of its field,
    and anything else as it is.
    """

    def __init__(self, pdf: Pdf, tree: Any, shown: Sequence[Sequence[Shown]]) -> None:
        self._pdf, self._tree = pdf, tree
        kids = tree.get("/K")
        self._document = kids[0] if isinstance(kids, Array) and len(kids) == 1 else kids
        self._names: dict[Ref, bytes] = {page.obj.objgen: b"page" for page in pdf.pages}
        self._signatures: dict[Ref, str] = {}
        for page in shown:
            for annotation, said in page:
                told = annotation if said is None else said.told
                self._names[annotation.objgen] = pikepdf.String(str(told.get("/T"))).unparse()
                if str(told.get("/FT")) == "/Sig":
                    self._signatures[annotation.objgen] = str(told.get("/T"))
        self._names |= {tree.objgen: b"tree", self._document.objgen: b"document"}
        self._left = _MOST
        inside = self._document.get("/K")
        self.elements: list[Any] = list(inside) if isinstance(inside, Array) else [inside]

    @property
    def is_framed(self) -> bool:
        """Whether tree and document hold nothing but the elements."""
        tree, document = self._tree, self._document
        return (
            set(tree.keys()) <= _TREE_KEYS
            and set(document.keys()) <= _DOCUMENT_KEYS
            and str(document.get("/S")) == "/Document"
            and document.P.objgen == tree.objgen
        )

    def spelled(self, value: Any, depth: int = 0) -> bytes:
        """NotThisForm beyond the limits, and for what is neither element nor number."""
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            raise NotThisForm("Susunan objek berkas terlalu dalam atau terlalu besar.")
        if isinstance(value, int):
            return b"%d" % value
        return self._with_names(value.unparse(resolved=True), depth)

    def whole(self) -> bytes:
        """All elements, one a line."""
        return self._with_names(b"\n".join(each.unparse(resolved=True) for each in self.elements), 0)

    def _with_names(self, written: bytes, depth: int) -> bytes:
        return _REFERENCE.sub(lambda found: self._named(found, depth), written)

    def _named(self, found: re.Match[bytes], depth: int) -> bytes:
        ref = (int(found[1]), int(found[2]))
        return self._names.get(ref) or self.spelled(self._pdf.get_object(ref), depth + 1)

    def is_of_own_signature(self, element: Any, form: Form) -> bool:
        """Whether the element stands for a signature field that is no slot, and for nothing else."""
        if not isinstance(element, Dictionary) or not set(element.keys()) <= _OWN_KEYS:
            return False
        kids, slots = element.get("/K"), {slot.name for slot in form.slots}
        return all(
            isinstance(each, Dictionary)
            and str(each.get("/Type")) == "/OBJR"
            and each.Obj.objgen in self._signatures
            and self._signatures[each.Obj.objgen] not in slots
            for each in (list(kids) if isinstance(kids, Array) else [kids])
        )

    @property
    def has_known_parents(self) -> bool:
        """Whether the parent tree, by which readers find the element of a content, names the elements and no others."""
        known = {each.objgen for each in self.elements if each.is_indirect} | {self._document.objgen}
        parents = self._tree.get("/ParentTree")
        return parents is None or self._names_only(parents, known, 0)

    def _names_only(self, node: Any, known: set[Ref], depth: int) -> bool:
        self._left -= 1
        if depth > _DEEPEST or self._left < 0:
            return False
        inside = [node.get("/Nums"), node.get("/Kids")] if isinstance(node, Dictionary) else [node]
        if isinstance(node, Dictionary) and not set(node.keys()) <= {"/Kids", "/Limits", "/Nums", "/Type"}:
            return False
        for each in inside:
            if each is None or isinstance(each, int):
                continue
            if not isinstance(each, Array):
                return False
            written = each.unparse(resolved=True)
            if b"<<" in written:
                return False
            for found in _REFERENCE.finditer(written):
                ref = (int(found[1]), int(found[2]))
                if ref not in known and not self._names_only(self._pdf.get_object(ref), known, depth + 1):
                    return False
        return True
