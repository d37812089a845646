"""The prefilled blank with signature slots."""

from __future__ import annotations

from forms.catalog import LAMPIRAN_I_V1
from signing.fields import SlotPlace, reserve
from support.filled_forms import prefilled_blank


def with_slots() -> bytes:
    """Return the prefilled blank with the slots of the form."""
    slots = [
        SlotPlace(name=slot.name, page=slot.page, box=slot.box, locks=slot.locks, label=slot.label)
        for slot in LAMPIRAN_I_V1.slots
    ]
    return reserve(prefilled_blank(), slots)
