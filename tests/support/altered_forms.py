"""Change one value of a form before it is signed."""

from __future__ import annotations

import io

from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject


def with_value(content: bytes, name: str, value: str, *, incremental: bool = True) -> bytes:
    """The file with a field's value (not its appearance) changed by an ordinary save."""
    writer = PdfWriter(io.BytesIO(content), incremental=incremental)
    for annotation in writer.pages[0].annotations or []:
        widget = annotation.get_object()
        if widget.get("/T") == name:
            widget[NameObject("/V")] = TextStringObject(value)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
