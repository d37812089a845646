"""Build real forms and the stamps that signers put on them."""

from __future__ import annotations

from forms.catalog import LAMPIRAN_I_V1, form_font
from signing.fields import SlotPlace, reserve
from signing.stamp import Stamp
from support.filled_forms import filled


def stamp_of(name: str) -> Stamp:
    lines = ("NIP 19970821 202012 2 005", "Pegawai", "8 April 2026 09.12 WIB")
    return Stamp(name=name, lines=lines, qr_text="contoh 0123456789abcdef", font=form_font())


def real_form() -> bytes:
    places = [
        SlotPlace(name=slot.name, page=slot.page, box=slot.box, locks=slot.locks, label=slot.label)
        for slot in LAMPIRAN_I_V1.slots
    ]
    return reserve(filled(), places)
