"""Forms in which one value was changed."""

from __future__ import annotations

import io

from pypdf import PdfWriter
from pypdf.generic import NameObject, TextStringObject


def with_value(content: bytes, name: str, value: str, *, incremental: bool = True) -> bytes:
    """Return the file with the value of a field changed by an ordinary save, but not its appearance."""
    writer = PdfWriter(io.BytesIO(content), incremental=incremental)
    for annotation in writer.pages[0].annotations or []:
        widget = annotation.get_object()
        if widget.get("/T") == name:
            widget[NameObject("/V")] = TextStringObject(value)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
