"""A filled copy of the published Lampiran I, and ways to tamper with it, for the tests of its readers."""

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


def handed_out(serial: str = SERIAL) -> bytes:
    """Make the blank as the employee receives it."""
    known = {name: value for name, value in answers().items() if name in PREFILLED}
    blank = blank_bytes(LAMPIRAN_I_V1)
    return prefill(LAMPIRAN_I_V1, blank, serial=serial, answers=known, read_only=PREFILLED)


def filled(**changed: str) -> bytes:
    """Make the form as this service fills it."""
    return fill(LAMPIRAN_I_V1, handed_out(), answers(**changed))


def tampered(pdf: bytes, tamper: Callable[[pikepdf.Pdf, dict[str, Any]], None]) -> bytes:
    """Hand the document and its widgets by name to `tamper`, then save it."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        tamper(opened, {str(each.T): each for each in opened.pages[0].obj.Annots.as_list()})
        return saved(opened)


def printed(pdf: bytes) -> bytes:
    """Do what printing to a file does: appearances become page content, fields are gone."""
    with pikepdf.open(BytesIO(pdf)) as opened:
        opened.flatten_annotations("all")
        if "/AcroForm" in opened.Root:
            del opened.Root.AcroForm
        return saved(opened)
