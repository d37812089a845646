"""Visible signatures: what each of them covers that somebody reads, judged on the file as received.

A widget is drawn inside its rectangle, whatever its appearance says of itself: the box of the appearance is mapped
onto the rectangle and clips what is drawn (ISO 32000-1 12.5.5). So the rectangle is what a stamp can hide.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache

from pikepdf import Object, Pdf, Stream

from forms.catalog import blank_bytes
from forms.schema import Form
from forms.serial import serial_places
from parsers.acroform import SIGNATURE
from parsers.errors import Unreadable
from parsers.pdf import dictionary, listed, pages_of, unpacked
from parsers.records import Problem
from parsers.widgets import Box, Place, box_of, is_signature

# Points, from the edge of what is read: so far a stamp may reach without being over it, and so far it only touches it.
_FREE, _TOUCHED = 1.0, 3.0
_MARGIN = 0.25  # of the side: small words have no more room at their edges
_AT_HOME = 0.5  # points: writers round
_DEEPEST = 32
# ISO 32000-1 table 165.
_HIDDEN, _PRINT, _NO_ZOOM, _NO_VIEW = 1 << 1, 1 << 2, 1 << 3, 1 << 5
# Steps of a drawing that leave no mark; `DSBlank` is Acrobat's comment for a blank layer.
_WORD = re.compile(rb"\S+")
_MARKLESS = {b"q", b"Q", b"%", b"DSBlank", b"n"}
_NEW_FORM = "Buat formulir baru, lalu letakkan tanda tangan pada tempatnya di bagian bawah halaman."
_LOOKED_AT = (
    "Biro SDM akan melihat halamannya; Anda tidak perlu menandatangani ulang. Lain kali letakkan tanda tangan pada "
    "tempatnya."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A signature widget that draws something: the full name of its field, its page (from 0), and its box (points).

    `zoomed`: its size on the page depends on the viewer. `value` is the object of its signature, None where there is
    none: two fields may have one name.
    """

    name: str
    page: int
    box: Box
    zoomed: bool
    value: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OverSlot:
    """A stamp over a slot of the form. Whether its signer may sign there is known only with the roles."""

    stamp: str
    slot: str


def over_text(everything: Sequence[Stamp], form: Form, places: Iterable[Place]) -> tuple[Problem, ...]:
    """Name every stamp that covers an answer, a word of the form, the serial, or another stamp; code stamp_over_text.

    `everything` are the stamps of a file (`stamps_of`), `places` its widgets. Not grave is what hides nothing of the
    record: words beside and below the slots, the serial, an empty answer, and a stamp that only touches.
    """
    stamps = [each for each in everything if not _is_at_home(each, form)]
    if not stamps:
        return ()
    answers = [each for each in places if not is_signature(each) and each.page is not None]
    found: list[Problem] = []
    for stamp in stamps:
        if stamp.zoomed:
            found.append(_covers(stamp.name, "lebih banyak atau lebih sedikit, menurut perbesaran layar", grave=False))
        found += _over_answers(stamp, answers, form)
        found += _over_print(stamp, form)
    return (*found, *_over_stamps(stamps, everything))


def over_slots(stamps: Iterable[Stamp], form: Form) -> tuple[OverSlot, ...]:
    """List which of the file's stamps lie over which slots of the form, a stamp in its own slot aside."""
    return tuple(
        OverSlot(stamp=stamp.name, slot=slot.name)
        for stamp in stamps
        for slot in form.slots
        if stamp.name != slot.name and stamp.page == slot.page and _reaches(stamp.box, slot.box)
    )


def stamps_of(pdf: Pdf) -> tuple[Stamp, ...]:
    """List the signature widgets of all pages that draw something; some signers register theirs on the page only."""
    found = []
    for number, page in enumerate(pages_of(pdf)):
        for each in listed(page.get("/Annots")):
            widget = dictionary(each)
            if widget is None or str(_inherited(widget, "/FT")) != SIGNATURE:
                continue
            box, flags = box_of(widget.get("/Rect")), _flags(widget)
            if box[2] <= box[0] or box[3] <= box[1] or not _is_shown(flags) or not _draws(widget):
                continue
            value = _inherited(widget, "/V")
            signed = value.objgen if isinstance(value, Object) and value.is_indirect else None
            name, zoomed = _full_name(widget), bool(flags & _NO_ZOOM)
            found.append(Stamp(name=name, page=number, box=box, zoomed=zoomed, value=signed))
    return tuple(found)


# --- What is drawn ---------------------------------------------------------------------------------------------------


def _is_shown(flags: int) -> bool:
    """Tell whether the screen or the printer shows it."""
    return not flags & _HIDDEN and (not flags & _NO_VIEW or bool(flags & _PRINT))


def _draws(widget: Object) -> bool:
    """Tell whether a viewer draws anything: an appearance with marks, or the border and background of /MK without."""
    drawings = dictionary(widget.get("/AP"))
    if drawings is None or not list(drawings.keys()):
        return dictionary(widget.get("/MK")) is not None
    return any(_leaves_marks(drawings.get(mood)) for mood in drawings.keys())  # noqa: SIM118 - a PDF dictionary


def _leaves_marks(drawing: object) -> bool:
    if not isinstance(drawing, Stream):
        return drawing is not None
    try:
        return any(word[0] not in _MARKLESS for word in _WORD.finditer(unpacked(drawing)))
    except Unreadable:
        return True


def _flags(widget: Object) -> int:
    flags = widget.get("/F")
    return flags if isinstance(flags, int) else 0


def _inherited(widget: Object, key: str) -> object:
    """The value of a field's key, which may stand in a field above the widget (12.7.3.1)."""
    node: Object | None = widget
    for _ in range(_DEEPEST):
        if node is None:
            return None
        if key in node:
            return node.get(key)
        node = dictionary(node.get("/Parent"))
    return None


def _full_name(widget: Object) -> str:
    """The names of the field and of the fields above it, joined by full stops (12.7.3.2)."""
    names: list[str] = []
    node: Object | None = widget
    for _ in range(_DEEPEST):
        if node is None:
            break
        if "/T" in node:
            names.insert(0, str(node.get("/T")))
        node = dictionary(node.get("/Parent"))
    return ".".join(names)


# --- What it covers --------------------------------------------------------------------------------------------------


def _is_at_home(stamp: Stamp, form: Form) -> bool:
    """Tell whether it stands in the slot of its own name, as published."""
    return any(
        stamp.name == slot.name
        and stamp.page == slot.page
        and all(abs(one - other) <= _AT_HOME for one, other in zip(stamp.box, slot.box, strict=True))
        for slot in form.slots
    )


def _over_answers(stamp: Stamp, answers: Sequence[Place], form: Form) -> list[Problem]:
    labels = {each.name: each.label for each in form.fields}
    return [
        _covers(
            stamp.name,
            f"isian kolom “{labels.get(answer.name, answer.name)}”",
            grave=bool(answer.value.strip()) and _reaches(stamp.box, answer.box, beyond=_TOUCHED),
        )
        for answer in answers
        if answer.page == stamp.page and _reaches(stamp.box, answer.box)
    ]


def _over_print(stamp: Stamp, form: Form) -> list[Problem]:
    if stamp.page != 0:
        return []
    found: list[Problem] = []
    highest = max((slot.box[3] for slot in form.slots), default=0.0)
    reached = [word for word in _words(form) if _reaches(stamp.box, word)]
    if reached:
        # Above the slots every word is part of a question; the words beside and below them change no answer.
        grave = any(word[1] > highest and _reaches(stamp.box, word, beyond=_TOUCHED) for word in reached)
        found.append(_covers(stamp.name, "tulisan formulir", grave=grave))
    if any(_reaches(stamp.box, place) for place in serial_places()):
        found.append(_covers(stamp.name, "nomor seri atau kode QR formulir", grave=False))
    return found


def _over_stamps(stamps: Sequence[Stamp], everything: Sequence[Stamp]) -> list[Problem]:
    """Of two stamps that overlap one hides the other, whichever is drawn first."""
    return [
        _covers(
            stamp.name,
            f"tanda tangan pada kolom “{other.name}”",
            grave=_reaches(stamp.box, other.box, beyond=_TOUCHED),
        )
        for stamp in stamps
        for other in everything
        if (other.name, other.value) != (stamp.name, stamp.value)
        and other.page == stamp.page
        and _reaches(stamp.box, other.box)
    ]


@cache
def _words(form: Form) -> tuple[Box, ...]:
    """A published blank never changes. Reading print is slow to load; only stamps outside the slots come here."""
    from parsers.layout import printed_words

    return printed_words(blank_bytes(form))


def _reaches(stamp: Box, read: Box, *, beyond: float = _FREE) -> bool:
    """Tell whether a stamp reaches further than so many points into what is read, be it as thin as a hair."""
    across = min(beyond, _MARGIN * (read[2] - read[0]))
    up = min(beyond, _MARGIN * (read[3] - read[1]))
    return (
        stamp[0] < read[2] - across
        and read[0] + across < stamp[2]
        and stamp[1] < read[3] - up
        and read[1] + up < stamp[3]
    )


def _covers(name: str, what: str, *, grave: bool) -> Problem:
    message = f"Tanda tangan pada kolom “{name}” menutupi {what}."
    hint = _NEW_FORM if grave else _LOOKED_AT
    return Problem(field=None, code="stamp_over_text", message=message, hint=hint, grave=grave)
