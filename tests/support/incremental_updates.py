"""Append revisions to a PDF, the way an honest program or a forger would: all earlier bytes are kept."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    FloatObject,
    IndirectObject,
    NameObject,
    NumberObject,
    StreamObject,
    pdf_string,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader


def appended(pdf: bytes, change: Callable[[IncrementalPdfFileWriter], None]) -> bytes:
    """Append a revision with the changes that `change` makes to the document."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf), strict=False)
    change(writer)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def field(writer: IncrementalPdfFileWriter, name: str) -> tuple[IndirectObject, DictionaryObject]:
    """Return reference and dictionary of a field of the form."""
    for reference in writer.root["/AcroForm"]["/Fields"]:
        found = reference.get_object()
        if found["/T"] == name:
            return reference, found
    raise KeyError(name)


def page(writer: IncrementalPdfFileWriter) -> tuple[Any, DictionaryObject]:
    """Return reference and dictionary of the first page."""
    reference = writer.root["/Pages"]["/Kids"].raw_get(0)
    return reference, reference.get_object()


def content(sheet: DictionaryObject) -> Any:
    """Return the reference of the largest part of a page's content."""
    written = sheet.raw_get("/Contents")
    parts = [written] if isinstance(written, IndirectObject) else [written.raw_get(i) for i in range(len(written))]
    return max(parts, key=lambda part: len(part.get_object().data))


def default_font(writer: IncrementalPdfFileWriter) -> str:
    """Return the name of the font the form's answers are written in."""
    return str(next(iter(writer.root["/AcroForm"]["/DR"]["/Font"])))


def rectangle(*corners: float) -> ArrayObject:
    return ArrayObject(FloatObject(corner) for corner in corners)


def form_stream(content: bytes, *, width: float = 440, height: float = 20) -> StreamObject:
    """Return a form XObject, as appearances are."""
    entries = {
        NameObject("/Type"): NameObject("/XObject"),
        NameObject("/Subtype"): NameObject("/Form"),
        NameObject("/BBox"): rectangle(0, 0, width, height),
    }
    return StreamObject(entries, stream_data=content)


def annotate(writer: IncrementalPdfFileWriter, annotation: dict[str, Any]) -> IndirectObject:
    """Add an annotation to the first page."""
    reference, sheet = page(writer)
    entries = {NameObject(key): value for key, value in annotation.items()}
    added = writer.add_object(DictionaryObject({NameObject("/Type"): NameObject("/Annot"), **entries}))
    annotations = sheet["/Annots"]
    annotations.append(added)
    writer.update_container(annotations)
    writer.mark_update(reference)
    return added


def raw_revision(
    pdf: bytes,
    objects: dict[int, bytes],
    *,
    table: bool = True,
    root: int | None = None,
    generations: dict[int, int] | None = None,
    free: tuple[int, ...] = (),
) -> bytes:
    """Append a revision written by hand, with a plain cross-reference table or with none at all.

    `generations`: 0 where not given. `free` are numbers marked free, with the next generation.
    """
    generation = (generations or {}).get
    reader = PdfFileReader(io.BytesIO(pdf), strict=False)
    out = bytearray(pdf if pdf.endswith(b"\n") else pdf + b"\n")
    places = {}
    for number, content in objects.items():
        places[number] = len(out)
        out += b"%d %d obj\n%s\nendobj\n" % (number, generation(number, 0), content)
    if not table:
        return bytes(out)
    start = len(out)
    out += b"xref\n"
    for number, place in places.items():
        out += b"%d 1\n%010d %05d n \n" % (number, place, generation(number, 0))
    for number in free:
        out += b"%d 1\n0000000000 00001 f \n" % number
    size = max(int(reader.trailer["/Size"]), *(number + 1 for number in (*objects, *free)))
    top = root if root is not None else reader.root_ref.idnum
    out += b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\n" % (size, top, reader.last_startxref)
    out += b"startxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


__all__ = [
    "ArrayObject",
    "DictionaryObject",
    "NameObject",
    "NumberObject",
    "annotate",
    "appended",
    "content",
    "default_font",
    "field",
    "form_stream",
    "page",
    "pdf_string",
    "raw_revision",
    "rectangle",
]
