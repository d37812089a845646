"""Places to sign: empty signature fields, each locking the answers its signer vouches for."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotPlace:
    """One place to sign. `page` counts from 0, `box` is (left, bottom, right, top) in points, `locks` field names."""

    name: str
    page: int
    box: tuple[float, float, float, float]
    locks: tuple[str, ...]
    label: str


def reserve(pdf: bytes, slots: Sequence[SlotPlace], *, drawn: bool = True) -> bytes:
    """Add empty signature fields with a FieldMDP lock each (ISO 32000-1 12.7.4.5, table 233).

    The result is a new single-revision file: for blanks only, never for anything signed. Every field gets a tooltip,
    prints, and in a tagged file stands in the structure tree (ISO 14289-1 7.18.1). ValueError for a name already used
    or a page that is not there.

    `drawn`: a slot has an empty appearance, as PDF/A asks of every annotation (ISO 19005-3 6.3.3). Not so where several
    people sign one after the other: the EU's validator compares the keys of an appearance with those of the stamp that
    takes its place, and calls other ones (`/Filter`) a change after the signatures before. Every program writes its
    own; where there was nothing, all of them pass.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        form = _form(document)
        taken = {str(field.get("/T", "")) for field in form.Fields.as_list()}
        for slot in slots:
            if slot.name in taken or not 0 <= slot.page < len(document.pages):
                raise ValueError(f"slot {slot.name!r} on page {slot.page} cannot be placed")
            taken.add(slot.name)
            page = document.pages[slot.page].obj
            widget = document.make_indirect(_widget(document, slot, page, drawn=drawn))
            form.Fields.append(widget)
            if Name.Annots not in page:
                page.Annots = Array([])
            page.Annots.append(widget)
            _tag(document, widget, page, slot.label)
        out = io.BytesIO()
        document.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
        return out.getvalue()


def _form(document: Pdf) -> Object:
    if Name.AcroForm not in document.Root:
        document.Root.AcroForm = document.make_indirect(Dictionary(Fields=Array([])))
    form = document.Root.AcroForm
    if Name.Fields not in form:
        form.Fields = Array([])
    # Signature fields exist (bit 1); bit 2, append only, is set by the first signature (ISO 32000-1 table 219).
    form.SigFlags = int(form.get("/SigFlags", 0)) | 1
    return form


def _widget(document: Pdf, slot: SlotPlace, page: Object, *, drawn: bool) -> Dictionary:
    left, bottom, right, top = slot.box
    lock = Dictionary(Type=Name.SigFieldLock, Action=Name.Include, Fields=Array([String(name) for name in slot.locks]))
    widget = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Sig,
        T=String(slot.name),
        TU=String(slot.label),
        F=4,  # print
        Rect=Array([left, bottom, right, top]),
        P=page,
        Lock=document.make_indirect(lock),
    )
    if drawn:
        # A blank rather than no byte at all: only then programs keep it packed, as the stamp in its place will be.
        nothing = document.make_stream(b" ", Type=Name.XObject, Subtype=Name.Form)
        nothing.BBox = Array([0, 0, right - left, top - bottom])
        nothing.Resources = Dictionary()
        widget.AP = Dictionary(N=nothing)
    return widget


def _tag(document: Pdf, widget: Object, page: Object, label: str) -> None:
    """Give the widget its Form element in the structure tree, when there is a tree (ISO 32000-1 14.7.4.3)."""
    root = document.Root.get("/StructTreeRoot")
    if root is None:
        return
    parent = _document_element(root)
    element = document.make_indirect(
        Dictionary(
            Type=Name.StructElem,
            S=Name.Form,
            P=parent,
            Pg=page,
            Alt=String(label),
            K=Dictionary(Type=Name.OBJR, Obj=widget, Pg=page),
        )
    )
    _append(parent, element)
    if Name.ParentTree not in root:
        root.ParentTree = document.make_indirect(Dictionary(Nums=Array([])))
    tree = root.ParentTree
    key = max([int(root.get("/ParentTreeNextKey", 0)), *(number + 1 for number in _keys(tree))])
    leaf = _last_leaf(tree, key).Nums
    leaf.append(key)
    leaf.append(element)
    root.ParentTreeNextKey = key + 1
    widget.StructParent = key
    page.Tabs = Name.S


def _document_element(root: Object) -> Object:
    kids = root.get("/K")
    if isinstance(kids, Array) and len(kids) == 1:
        kids = kids[0]
    if isinstance(kids, Dictionary) and kids.get("/S") == Name.Document:
        return kids
    return root


def _append(parent: Object, element: Object) -> None:
    kids = parent.get("/K")
    if kids is None:
        parent.K = Array([element])
    elif isinstance(kids, Array):
        kids.append(element)
    else:
        parent.K = Array([kids, element])


def _keys(tree: Object) -> list[int]:
    if Name.Nums in tree:
        return [int(number) for number in tree.Nums.as_list()[::2]]
    return [number for kid in tree.get("/Kids", Array([])).as_list() for number in _keys(kid)]


def _last_leaf(tree: Object, key: int) -> Object:
    """The leaf that takes the highest key; /Limits on the way down grow with it (ISO 32000-1 7.9.7)."""
    while Name.Nums not in tree:
        if Name.Kids not in tree or len(tree.Kids) == 0:
            tree.Nums = Array([])
            break
        tree = tree.Kids[-1]
        if Name.Limits in tree:
            tree.Limits[1] = key
    return tree
