"""Copies of the published Lampiran I: prefilled, filled in, tampered with, printed."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pikepdf

from forms.catalog import LAMPIRAN_I_V1, blank_bytes
from forms.fill import fill, prefill
from forms.serial import new_serial
from support.hand_made_forms import answers, saved

SERIAL = new_serial(LAMPIRAN_I_V1, lambda count: bytes(range(count)))
PREFILLED = tuple(field.name for field in LAMPIRAN_I_V1.fields if field.prefilled)


def prefilled_blank(serial: str = SERIAL) -> bytes:
    """Return the prefilled blank, as the employee receives it."""
    known = {name: value for name, value in answers().items() if name in PREFILLED}
    blank = blank_bytes(LAMPIRAN_I_V1)
    return prefill(LAMPIRAN_I_V1, blank, serial=serial, answers=known, read_only=PREFILLED)


def filled(**changed: str) -> bytes:
    """Return the form filled in by this service."""
    return fill(LAMPIRAN_I_V1, prefilled_blank(), answers(**changed))


def tampered(pdf: bytes, tamper: Callable[[pikepdf.Pdf, dict[str, Any]], None]) -> bytes:
    """Return the file after `tamper` changed the document; its second argument are the widgets by name."""
    with pikepdf.open(BytesIO(pdf)) as document:
        tamper(document, {str(widget.T): widget for widget in document.pages[0].obj.Annots.as_list()})
        return saved(document)


def printed(pdf: bytes) -> bytes:
    """Return a print of the file: appearances become page content, fields are gone."""
    with pikepdf.open(BytesIO(pdf)) as document:
        document.flatten_annotations("all")
        if "/AcroForm" in document.Root:
            del document.Root.AcroForm
        return saved(document)
