"""A stamp as a page by itself, for those who want a picture of it to hand on (a gateway draws its own)."""

from __future__ import annotations

import io

from pyhanko.pdf_utils.generic import DictionaryObject, NameObject, StreamObject
from pyhanko.pdf_utils.writer import PageObject, PdfFileWriter

from signing.paint import font_of
from signing.stamp import Stamp, draw


def stamp_page(stamp: Stamp, width: float, height: float) -> bytes:
    """A PDF of one page of that size in points, with the stamp on it as it would stand in a slot."""
    drawing = draw(stamp, width, height)
    writer = PdfFileWriter()
    fonts = DictionaryObject({NameObject("/F"): font_of(writer, drawing)})
    page = PageObject(
        contents=writer.add_object(StreamObject(stream_data=drawing.content)),
        media_box=(0, 0, width, height),
        resources=DictionaryObject({NameObject("/Font"): fonts}),
    )
    writer.insert_page(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
