"""Stamps of signers who bring a field of their own: they may not hide what the form prints."""

from __future__ import annotations

from functools import cache

from pikepdf import Pdf

from forms.catalog import blank_bytes
from forms.schema import Form
from parsers.acroform import SIGNATURE
from parsers.objects import dictionary, listed
from parsers.pages import pages_of
from parsers.records import Problem
from parsers.widgets import Box, box_of

_SLACK = 1.0  # points: a stamp may touch a letter's edge


def over_printed_words(pdf: Pdf, form: Form) -> tuple[Problem, ...]:
    """Name every stamp outside the slots that lies over the form's words; code altered_template.

    Beside and below the slots people sign and stamp as they are used to; above them every word is part of a question.
    """
    own = _own_stamps(pdf, {slot.name for slot in form.slots})
    return tuple(_covers(name) for name, box in own if any(_overlap(box, word) for word in _words_above_slots(form)))


def _own_stamps(pdf: Pdf, slots: set[str]) -> list[tuple[str, Box]]:
    """Visible signature widgets of all pages; some signers register theirs on the page only."""
    found = []
    for page in pages_of(pdf):
        for each in listed(page.get("/Annots")):
            widget = dictionary(each)
            if widget is None:
                continue
            above = dictionary(widget.get("/Parent")) if "/Parent" in widget else None
            kind = widget.get("/FT") or (above.get("/FT") if above is not None else None)
            if str(kind) != SIGNATURE:
                continue
            name, box = str(widget.get("/T")), box_of(widget.get("/Rect"))
            if name not in slots and box[2] > box[0] and box[3] > box[1]:
                found.append((name, box))
    return found


@cache
def _words_above_slots(form: Form) -> tuple[Box, ...]:
    """A published blank never changes. Reading print is slow to load; only stamps outside the slots come here."""
    from parsers.layout import printed_words

    highest = max((slot.box[3] for slot in form.slots), default=0.0)
    return tuple(each for each in printed_words(blank_bytes(form)) if each[1] > highest)


def _overlap(one: Box, other: Box) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    up = min(one[3], other[3]) - max(one[1], other[1])
    return across > _SLACK and up > _SLACK


def _covers(name: str) -> Problem:
    return Problem(
        field=None,
        code="altered_template",
        message=f"Tanda tangan pada kolom “{name}” menutupi tulisan formulir.",
        hint="Buat formulir baru, lalu letakkan tanda tangan pada tempatnya di bagian bawah halaman.",
    )
