"""Weighs a file before it is given to a reader that knows no limits (pdfminer unpacks whatever it meets)."""

from __future__ import annotations

from pikepdf import Pdf, Stream

from parsers.objects import listed
from parsers.pages import pages_of
from parsers.refusals import too_complex
from parsers.streams import filters_of, unpacked

_MOST_OBJECTS = 5000
_HEAVIEST = 32 * 2**20
_HEAVIEST_CONTENT = 2 * 2**20
_PICTURES = ("/DCTDecode", "/JPXDecode", "/CCITTFaxDecode", "/JBIG2Decode")


def refuse_heavy(pdf: Pdf) -> None:
    """Raise Unreadable when unpacked streams exceed 32 MiB together, or the drawing steps of one page 2 MiB."""
    objects = pdf.objects
    if len(objects) > _MOST_OBJECTS:
        raise too_complex()
    weight = 0
    for each in objects:
        if isinstance(each, Stream) and not any(name in _PICTURES for name in filters_of(each)):
            weight += len(unpacked(each))
            if weight > _HEAVIEST:
                raise too_complex()
    for page in pages_of(pdf):
        contents = page.get("/Contents")
        streams = [part for part in (*listed(contents), contents) if isinstance(part, Stream)]
        if sum(len(unpacked(each)) for each in streams) > _HEAVIEST_CONTENT:
            raise too_complex()
