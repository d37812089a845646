"""Build forms whose signature slots were changed."""

from __future__ import annotations

from forms.catalog import LAMPIRAN_I_V1
from signing.fields import SlotPlace, reserve
from support.filled_forms import handed_out


def with_slots() -> bytes:
    places = [
        SlotPlace(name=each.name, page=each.page, box=each.box, locks=each.locks, label=each.label)
        for each in LAMPIRAN_I_V1.slots
    ]
    return reserve(handed_out(), places)
