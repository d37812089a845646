"""The border of a certificate's first page as drawings of a PDF, packed once: it never changes."""

from __future__ import annotations

import zlib
from functools import cache

from pikepdf import Array, Dictionary, Name, Pdf, Stream

from forms.guilloche import HEIGHT, WIDTH, frame, long_side, rosette, short_side, strands


def border(pdf: Pdf) -> Stream:
    """The form XObject to draw at the lower left corner of A4 landscape."""
    packed = _packed()
    parts = {name: _drawing(pdf, content, {}) for name, content in packed.items() if name != "/Border"}
    return _drawing(pdf, packed["/Border"], parts)


@cache
def _packed() -> dict[str, bytes]:
    pieces = {
        "/Long": strands(long_side()),
        "/Short": strands(short_side()),
        "/Rosette": rosette(),
        "/Border": frame(),
    }
    return {name: zlib.compress(content) for name, content in pieces.items()}


def _drawing(pdf: Pdf, packed: bytes, parts: dict[str, Stream]) -> Stream:
    drawing = Stream(pdf, b"")
    drawing.write(packed, filter=Name.FlateDecode)
    drawing.Type, drawing.Subtype, drawing.FormType = Name.XObject, Name.Form, 1
    # A side starts on its own axis, a rosette in its own middle: room to all sides.
    drawing.BBox = Array([-WIDTH, -HEIGHT, WIDTH, HEIGHT])
    drawing.Resources = Dictionary(XObject=Dictionary(parts)) if parts else Dictionary()
    return drawing
