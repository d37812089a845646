"""Signature fields: empty slots reserved in a form, and the field a signature goes into."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Pdf, String
from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    PdfObject,
    StreamObject,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.errors import CannotSign
from signing.pdf.reader import BoundedReader

_APPEND_ONLY = 3  # SignaturesExist and AppendOnly, ISO 32000-1 table 219
_PRINT_LOCKED = 132  # print and locked, ISO 32000-1 table 165
_NO_CHANGES = 1


class _Increment(IncrementalPdfFileWriter):
    """An increment without metadata: title, producer and dates of the document stay the author's."""

    def _update_meta(self) -> None:
        """Write no metadata."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A field ready to take a signature dictionary."""

    writer: IncrementalPdfFileWriter
    widget: DictionaryObject
    reference: IndirectObject

    @property
    def visible(self) -> bool:
        left, bottom, right, top = (float(edge) for edge in self.widget["/Rect"])
        return right > left and top > bottom

    def fill(self, dictionary: DictionaryObject, *, certify: bool) -> None:
        """Make the dictionary the field's value, with the locks the field declares (ISO 32000-1 12.8.2)."""
        writer = self.writer
        reference = writer.add_object(dictionary)
        self.widget[_name("/V")] = reference
        writer.mark_update(self.reference)
        references = ArrayObject()
        lock = entry(self.widget, "/Lock")
        if lock is not None:
            references.append(_field_lock(lock, writer))
        if certify:
            references.append(_certification())
            writer.root[_name("/Perms")] = DictionaryObject({_name("/DocMDP"): reference})
            writer.update_root()
        if references:
            dictionary[_name("/Reference")] = references
        form = _form(writer)
        flags = int(entry(form, "/SigFlags") or 0)
        if flags & _APPEND_ONLY != _APPEND_ONLY:
            form[_name("/SigFlags")] = NumberObject(flags | _APPEND_ONLY)
            writer.update_container(form)


@contextmanager
def reader_errors_as_cannot_sign() -> Iterator[None]:
    """Raise CannotSign for anything a broken file makes the reader raise."""
    try:
        yield
    except CannotSign:
        raise
    except (misc.PdfError, ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError) as error:
        raise CannotSign("cannot_sign.broken_pdf") from error


def open_for_signing(pdf: bytes) -> IncrementalPdfFileWriter:
    """Open the document for an increment; CannotSign when it cannot be read or forbids further signatures."""
    with reader_errors_as_cannot_sign():
        writer = open_for_proof(pdf)
        _require_not_certified(writer.prev)
        return writer


def open_for_proof(pdf: bytes) -> IncrementalPdfFileWriter:
    """Open the document for validation data and time stamps, which no document forbids (ISO 32000-2 12.8.2.2.2).

    Raises CannotSign when it cannot be read.
    """
    with reader_errors_as_cannot_sign():
        reader = BoundedReader(pdf)
        if reader.encrypted:
            raise CannotSign("cannot_sign.encrypted")
        return _Increment(io.BytesIO(pdf), prev=reader, strict=False)


def target_of(writer: IncrementalPdfFileWriter, field: str | None, place: SlotPlace | None, at: dt.datetime) -> Target:
    """Return the slot named `field`, or a new field at `place` when that is None. Raises CannotSign."""
    with reader_errors_as_cannot_sign():
        return slot_target(writer, field) if field is not None else new_target(writer, place, at)


def slot_target(writer: IncrementalPdfFileWriter, name: str) -> Target:
    """Return the empty signature field of this name; CannotSign when it is absent, signed, or no signature field."""
    for reference in raw_members(entry(_form(writer, create=False), "/Fields")):
        field = resolved(reference)
        if entry(field, "/T") != name or not isinstance(reference, IndirectObject):
            continue
        if entry(field, "/FT") != "/Sig" or "/Kids" in field:
            break
        if entry(field, "/V") is not None:
            raise CannotSign("cannot_sign.already_signed", name=name)
        if name in _locked_by_others(writer):
            raise CannotSign("cannot_sign.locked", name=name)
        return Target(writer=writer, widget=field, reference=reference)
    raise CannotSign("cannot_sign.unknown_field", name=name)


def new_target(writer: IncrementalPdfFileWriter, place: SlotPlace | None, at: dt.datetime) -> Target:
    """Add a field for one signature, as BSrE does; on the first page and invisible without a place."""
    name = place.name if place else f"sig_{int(at.timestamp() * 1000)}"
    taken = {entry(field, "/T") for field in members(entry(_form(writer, create=False), "/Fields"))}
    if name in taken:
        raise CannotSign("cannot_sign.field_taken", name=name)
    number = place.page if place else 0
    try:
        page_reference, _ = writer.find_page_for_modification(number)
    except (misc.PdfError, IndexError, ValueError) as error:
        raise CannotSign("cannot_sign.no_page", number=number + 1) from error
    box = place.box if place else (0.0, 0.0, 0.0, 0.0)
    widget = DictionaryObject(
        {
            _name("/Type"): _name("/Annot"),
            _name("/Subtype"): _name("/Widget"),
            _name("/FT"): _name("/Sig"),
            _name("/T"): generic.pdf_string(name),
            _name("/F"): NumberObject(_PRINT_LOCKED),
            _name("/Rect"): ArrayObject(FloatObject(round(edge, 3)) for edge in box),
            _name("/P"): page_reference,
        }
    )
    if place is not None:
        widget[_name("/TU")] = generic.pdf_string(place.label)
        if place.locks:
            widget[_name("/Lock")] = _lock(place.locks)
    reference = writer.add_object(widget)
    writer.register_annotation(page_reference, reference)
    form = _form(writer)
    if "/Fields" not in form:
        form[_name("/Fields")] = ArrayObject()
    fields = form["/Fields"]
    fields.append(reference)
    writer.update_container(fields)
    return Target(writer=writer, widget=widget, reference=reference)


def _form(writer: IncrementalPdfFileWriter, *, create: bool = True) -> DictionaryObject:
    root = writer.root
    form: DictionaryObject | None = entry(root, "/AcroForm")
    if form is None:
        form = DictionaryObject({_name("/Fields"): ArrayObject()})
        if create:
            root[_name("/AcroForm")] = writer.add_object(form)
            writer.update_root()
    return form


def _require_not_certified(reader: PdfFileReader) -> None:
    """Raise CannotSign when the document is certified against any change (DocMDP P 1)."""
    certified = entry(entry(reader.root, "/Perms"), "/DocMDP")
    for reference in members(entry(certified, "/Reference")):
        permitted = entry(entry(reference, "/TransformParams"), "/P")
        if entry(reference, "/TransformMethod") == "/DocMDP" and permitted == _NO_CHANGES:
            raise CannotSign("cannot_sign.certified")


def _locked_by_others(writer: IncrementalPdfFileWriter) -> set[str]:
    """Return the field names that the signatures in the document lock (FieldMDP)."""
    locked: set[str] = set()
    for reference in raw_members(entry(_form(writer, create=False), "/Fields")):
        if entry(reference, "/FT") != "/Sig":
            continue
        for lock in members(entry(entry(reference, "/V"), "/Reference")):
            params = entry(lock, "/TransformParams")
            if entry(lock, "/TransformMethod") == "/FieldMDP" and entry(params, "/Action") == "/Include":
                locked.update(str(name) for name in members(entry(params, "/Fields")))
    return locked


def _lock(names: tuple[str, ...]) -> DictionaryObject:
    return DictionaryObject(
        {
            _name("/Type"): _name("/SigFieldLock"),
            _name("/Action"): _name("/Include"),
            _name("/Fields"): ArrayObject(generic.pdf_string(name) for name in names),
        }
    )


def _field_lock(lock: DictionaryObject, writer: IncrementalPdfFileWriter) -> DictionaryObject:
    params = DictionaryObject(
        {
            _name("/Type"): _name("/TransformParams"),
            _name("/V"): _name("/1.2"),
            _name("/Action"): lock["/Action"],
        }
    )
    if "/Fields" in lock:
        params[_name("/Fields")] = ArrayObject(generic.pdf_string(str(name)) for name in lock["/Fields"])
    return _reference("/FieldMDP", params, data=writer.root_ref)


def _certification() -> DictionaryObject:
    params = DictionaryObject(
        {
            _name("/Type"): _name("/TransformParams"),
            _name("/V"): _name("/1.2"),
            _name("/P"): NumberObject(_NO_CHANGES),
        }
    )
    return _reference("/DocMDP", params, data=None)


def _reference(method: str, params: DictionaryObject, *, data: generic.Reference | None) -> DictionaryObject:
    reference = DictionaryObject(
        {
            _name("/Type"): _name("/SigRef"),
            _name("/TransformMethod"): _name(method),
            _name("/TransformParams"): params,
        }
    )
    if data is not None:
        reference[_name("/Data")] = IndirectObject(data.idnum, data.generation, data.pdf)
    return reference


def _name(text: str) -> NameObject:
    return NameObject(text)


# --- Reserving empty slots


@dataclass(frozen=True, slots=True, kw_only=True)
class SlotPlace:
    """Where a signature field goes: `page` counts from 0, `box` is (left, bottom, right, top) in points.

    `locks` are the names of the fields whose answers the signer confirms; the signature freezes them.
    """

    name: str
    page: int
    box: tuple[float, float, float, float]
    locks: tuple[str, ...]
    label: str


def reserve(pdf: bytes, slots: Sequence[SlotPlace], *, drawn: bool = True) -> bytes:
    """Add empty signature fields with a FieldMDP lock each (ISO 32000-1 12.7.4.5, table 233).

    The result is a new single-revision file: for blanks only, never for anything signed. Every field gets a tooltip,
    prints, and in a tagged file stands in the structure tree (ISO 14289-1 7.18.1). ValueError for a name already used
    or a page that does not exist.

    `drawn`: a slot has an empty appearance, as PDF/A requires of every annotation (ISO 19005-3 6.3.3). Set it to False
    where several people sign one after the other: the EU's validator compares the keys of an appearance with those of
    the stamp that replaces it, and reports different ones (`/Filter`) as a change after the earlier signatures. Every
    program writes its own keys; without an earlier appearance all of them pass.
    """
    with pikepdf.open(io.BytesIO(pdf)) as document:
        form = _acroform(document)
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


def _acroform(document: Pdf) -> Object:
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
        # A blank rather than no byte at all: only then do programs keep it compressed, as its stamp will be.
        empty = document.make_stream(b" ", Type=Name.XObject, Subtype=Name.Form)
        empty.BBox = Array([0, 0, right - left, top - bottom])
        empty.Resources = Dictionary()
        widget.AP = Dictionary(N=empty)
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
    """Return the leaf that takes the highest key, with /Limits on the way down raised to it (ISO 32000-1 7.9.7)."""
    while Name.Nums not in tree:
        if Name.Kids not in tree or len(tree.Kids) == 0:
            tree.Nums = Array([])
            break
        tree = tree.Kids[-1]
        if Name.Limits in tree:
            tree.Limits[1] = key
    return tree


# --- Reading PDF objects (nothing here raises)


def resolved(value: Any) -> Any:
    """Return the object behind a reference (None for null)."""
    if isinstance(value, IndirectObject):
        value = value.get_object()
    return None if isinstance(value, NullObject) else value


def entry(owner: Any, key: str) -> Any:
    """Return the value under a key, resolved; None when absent, null, or `owner` is no dictionary."""
    return resolved(raw_entry(owner, key))


def raw_entry(owner: Any, key: str) -> Any:
    """Return the value under a key as written, perhaps a reference; None when absent."""
    owner = resolved(owner)
    return owner.raw_get(key) if isinstance(owner, DictionaryObject) and key in owner else None


def members(value: Any) -> Iterator[Any]:
    """Return the members of an array, resolved; nothing when it is no array."""
    return (resolved(member) for member in raw_members(value))


def raw_members(value: Any) -> Iterator[PdfObject]:
    """Return the members of an array as written; nothing when it is no array."""
    value = resolved(value)
    return iter([value.raw_get(index) for index in range(len(value))] if isinstance(value, ArrayObject) else [])


def is_stream(value: Any) -> bool:
    """Tell whether the object (resolved) is a stream."""
    return isinstance(resolved(value), StreamObject)
