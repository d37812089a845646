"""Weighs a file before it is given to a reader that knows no limits (pdfminer unpacks whatever it meets)."""

from __future__ import annotations

from pypdf import PdfReader
from pypdf.generic import IndirectObject, StreamObject

from parsers.fields import plain
from parsers.pages import pages_of
from parsers.refusals import too_complex

_MOST_OBJECTS = 5000
_HEAVIEST = 32 * 2**20
_HEAVIEST_CONTENT = 2 * 2**20
_PICTURES = ("/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode")


def refuse_heavy(reader: PdfReader) -> None:
    """Raise Unreadable when unpacked streams exceed 32 MiB together, or the drawing steps of one page 2 MiB."""
    numbers = {(number, generation) for generation, table in reader.xref.items() for number in table}
    numbers |= {(number, 0) for number in reader.xref_objStm}
    if len(numbers) > _MOST_OBJECTS:
        raise too_complex()
    weight = 0
    for number, generation in sorted(numbers):
        each = plain(IndirectObject(number, generation, reader))
        if isinstance(each, StreamObject) and not any(name in str(plain(each.get("/Filter"))) for name in _PICTURES):
            weight += len(each.get_data())
            if weight > _HEAVIEST:
                raise too_complex()
    for page in pages_of(reader):
        contents = plain(page.get("/Contents"))
        parts = contents if isinstance(contents, list) else [contents]
        streams = [part for each in parts if isinstance(part := plain(each), StreamObject)]
        if sum(len(each.get_data()) for each in streams) > _HEAVIEST_CONTENT:
            raise too_complex()
