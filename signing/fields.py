"""The signature field a signature goes into: a slot that waits for it, or a new field of its own."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.errors import CannotSign
from signing.objects import entry, members, raw_members, resolved
from signing.reader import BoundedReader
from signing.slots import SlotPlace

_APPEND_ONLY = 3  # SignaturesExist and AppendOnly, ISO 32000-1 table 219
_PRINT_LOCKED = 132  # print and locked, ISO 32000-1 table 165
_NO_CHANGES = 1


class _Increment(IncrementalPdfFileWriter):
    """An increment that holds what was asked for; title, producer and dates of the document stay the author's."""

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
        left, bottom, right, top = (float(each) for each in self.widget["/Rect"])
        return right > left and top > bottom

    def fill(self, dictionary: DictionaryObject, *, certify: bool) -> None:
        """Make the dictionary the field's value, with the locks it announces (ISO 32000-1 12.8.2)."""
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
def _reading() -> Iterator[None]:
    """Whatever a broken file makes the reader raise is said as CannotSign."""
    try:
        yield
    except CannotSign:
        raise
    except (misc.PdfError, ValueError, TypeError, LookupError, AttributeError, AssertionError, RecursionError) as error:
        raise CannotSign(
            "broken_pdf", "Berkas ini bukan PDF yang dapat dibaca.", "Unduh ulang formulirnya, lalu isi kembali."
        ) from error


def open_for_signing(pdf: bytes) -> IncrementalPdfFileWriter:
    """The document with an empty increment; raises CannotSign when it cannot be read or forbids further signatures."""
    with _reading():
        reader = BoundedReader(pdf)
        if reader.encrypted:
            raise CannotSign(
                "encrypted", "Berkas ini dikunci dengan kata sandi.", "Buka kuncinya, simpan tanpa kata sandi."
            )
        writer = _Increment(io.BytesIO(pdf), prev=reader, strict=False)
        _require_open(reader)
        return writer


def target_of(writer: IncrementalPdfFileWriter, field: str | None, place: SlotPlace | None, at: dt.datetime) -> Target:
    """The slot named `field`, or a new field at `place` when that is None. Raises CannotSign."""
    with _reading():
        return slot_target(writer, field) if field is not None else new_target(writer, place, at)


def slot_target(writer: IncrementalPdfFileWriter, name: str) -> Target:
    """The empty signature field of that name; raises CannotSign when it is absent, taken, or no signature field."""
    for reference in raw_members(entry(_form(writer, create=False), "/Fields")):
        field = resolved(reference)
        if entry(field, "/T") != name or not isinstance(reference, IndirectObject):
            continue
        if entry(field, "/FT") != "/Sig" or "/Kids" in field:
            break
        if entry(field, "/V") is not None:
            raise CannotSign(
                "already_signed",
                f"Kolom tanda tangan “{name}” sudah ditandatangani.",
                "Pilih kolom tanda tangan yang lain, atau buat formulir baru.",
            )
        if name in _locked_by_others(writer):
            raise CannotSign(
                "locked", f"Kolom “{name}” dikunci oleh tanda tangan sebelumnya.", "Buat formulir baru untuk diisi."
            )
        return Target(writer=writer, widget=field, reference=reference)
    raise CannotSign(
        "unknown_field",
        f"Berkas ini tidak memiliki kolom tanda tangan “{name}”.",
        "Pastikan berkasnya formulir asli dari layanan ini, bukan hasil cetak ulang.",
    )


def new_target(writer: IncrementalPdfFileWriter, place: SlotPlace | None, at: dt.datetime) -> Target:
    """A field of the signature's own, as BSrE adds it; on the first page and invisible without a place."""
    name = place.name if place else f"sig_{int(at.timestamp() * 1000)}"
    taken = {entry(field, "/T") for field in members(entry(_form(writer, create=False), "/Fields"))}
    if name in taken:
        raise CannotSign("field_taken", f"Kolom “{name}” sudah ada.", "Pakai nama kolom tanda tangan yang lain.")
    number = place.page if place else 0
    try:
        page_reference, _ = writer.find_page_for_modification(number)
    except (misc.PdfError, IndexError, ValueError) as error:
        raise CannotSign("no_page", f"Halaman {number + 1} tidak ada.", "Periksa jumlah halaman berkasnya.") from error
    box = place.box if place else (0.0, 0.0, 0.0, 0.0)
    widget = DictionaryObject(
        {
            _name("/Type"): _name("/Annot"),
            _name("/Subtype"): _name("/Widget"),
            _name("/FT"): _name("/Sig"),
            _name("/T"): generic.pdf_string(name),
            _name("/F"): NumberObject(_PRINT_LOCKED),
            _name("/Rect"): ArrayObject(FloatObject(round(each, 3)) for each in box),
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


def _require_open(reader: PdfFileReader) -> None:
    """Nobody certified the document against further changes (DocMDP P 1)."""
    certified = entry(entry(reader.root, "/Perms"), "/DocMDP")
    for reference in members(entry(certified, "/Reference")):
        permitted = entry(entry(reference, "/TransformParams"), "/P")
        if entry(reference, "/TransformMethod") == "/DocMDP" and permitted == _NO_CHANGES:
            raise CannotSign(
                "certified",
                "Dokumen ini sudah disegel dan tidak boleh ditambah tanda tangan.",
                "Pakai dokumen yang belum disegel.",
            )


def _locked_by_others(writer: IncrementalPdfFileWriter) -> set[str]:
    locked: set[str] = set()
    for reference in raw_members(entry(_form(writer, create=False), "/Fields")):
        if entry(reference, "/FT") != "/Sig":
            continue
        for each in members(entry(entry(reference, "/V"), "/Reference")):
            params = entry(each, "/TransformParams")
            if entry(each, "/TransformMethod") == "/FieldMDP" and entry(params, "/Action") == "/Include":
                locked.update(str(name) for name in members(entry(params, "/Fields")))
    return locked


def _lock(names: tuple[str, ...]) -> DictionaryObject:
    return DictionaryObject(
        {
            _name("/Type"): _name("/SigFieldLock"),
            _name("/Action"): _name("/Include"),
            _name("/Fields"): ArrayObject(generic.pdf_string(each) for each in names),
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
        params[_name("/Fields")] = ArrayObject(generic.pdf_string(str(each)) for each in lock["/Fields"])
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
    entry = DictionaryObject(
        {
            _name("/Type"): _name("/SigRef"),
            _name("/TransformMethod"): _name(method),
            _name("/TransformParams"): params,
        }
    )
    if data is not None:
        entry[_name("/Data")] = IndirectObject(data.idnum, data.generation, data.pdf)
    return entry


def _name(text: str) -> NameObject:
    return NameObject(text)
