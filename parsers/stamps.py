"""Visible signatures (stamps) and what each of them covers on the page, in the file as received.

A widget is drawn inside its rectangle only: the /BBox of its appearance is mapped onto the rectangle and clips what is
drawn (ISO 32000-1 12.5.5). So a stamp can hide what is inside its rectangle, and nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from pikepdf import Object, Pdf, Stream

from forms.catalog import blank_bytes
from forms.genuine import MARKLESS
from forms.pdf import KnownWidgets
from forms.schema import Form
from forms.serial import serial_boxes
from parsers.acroform import SIGNATURE
from parsers.errors import Unreadable
from parsers.pdf import as_dictionary, as_list, inherited, lineage, pages_of, unpack
from parsers.records import Problem, field_label, make_problem
from parsers.widgets import Box, WidgetPlacement, box_of, is_signature

# Points from the edge of a text: up to the first a stamp is not over it, up to the second it only touches it.
_FREE, _TOUCHED = 1.0, 3.0
_MARGIN = 0.25  # of the side, for small words
_SAME_PLACE = 0.5  # points: writers round
# ISO 32000-1 table 165.
_HIDDEN, _PRINT, _NO_ZOOM, _NO_VIEW = 1 << 1, 1 << 2, 1 << 3, 1 << 5
_WORD = re.compile(rb"\S+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """A signature widget that draws something: the full name of its field, its page (from 0), its box.

    `varies_with_zoom`: its size on the page depends on the viewer. `value` is the object of the signature, if there is
    one; it tells two fields of the same name apart.
    """

    name: str
    page: int
    box: Box
    varies_with_zoom: bool
    value: tuple[int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class StampOverSlot:
    """A stamp over a slot of another name. Whether its signer may sign there depends on the roles."""

    stamp: str
    slot: str


def over_text(all_stamps: Sequence[Stamp], form: Form, widgets: Iterable[WidgetPlacement]) -> tuple[Problem, ...]:
    """Return a problem for every stamp that covers an answer, a word of the form, the serial, or another stamp.

    `all_stamps` are those of the file, `widgets` its widgets. The code is stamp_over_text. A problem is not grave when
    nothing of the record is hidden: words beside and below the slots, the serial, an empty answer, a mere touch.
    """
    stamps = [stamp for stamp in all_stamps if not _is_in_own_slot(stamp, form)]
    if not stamps:
        return ()
    answers = [widget for widget in widgets if not is_signature(widget) and widget.page is not None]
    problems: list[Problem] = []
    for stamp in stamps:
        if stamp.varies_with_zoom:
            problems.append(_problem("zoom", stamp.name, grave=False))
        problems += _over_answers(stamp, answers, form)
        problems += _over_print(stamp, form)
    return (*problems, *_over_stamps(stamps, all_stamps))


def over_slots(stamps: Iterable[Stamp], form: Form) -> tuple[StampOverSlot, ...]:
    """Return which stamps lie over which slots of the form, except a stamp in its own slot."""
    return tuple(
        StampOverSlot(stamp=stamp.name, slot=slot.name)
        for stamp in stamps
        for slot in form.slots
        if stamp.name != slot.name and stamp.page == slot.page and _overlaps(stamp.box, slot.box)
    )


def stamps_of(pdf: Pdf, known: KnownWidgets | None = None) -> tuple[Stamp, ...]:
    """Return the signature widgets of all pages that draw something; some signers register theirs on the page only.

    `known` is what was read of the widgets.
    """
    known = {} if known is None else known
    problems = []
    for number, page in enumerate(pages_of(pdf)):
        for entry in as_list(page.get("/Annots")):
            widget = as_dictionary(entry)
            plain = known.get(widget.objgen) if widget is not None else None
            if (
                widget is None
                or (plain is not None and plain.kind is not None and plain.kind != SIGNATURE)
                or str(inherited(widget, "/FT")) != SIGNATURE
            ):
                continue
            box, flags = box_of(widget.get("/Rect")), _flags(widget)
            if box[2] <= box[0] or box[3] <= box[1] or not _is_shown(flags) or not _draws(widget):
                continue
            value = inherited(widget, "/V")
            signed = value.objgen if isinstance(value, Object) and value.is_indirect else None
            name, varies_with_zoom = _full_name(widget), bool(flags & _NO_ZOOM)
            problems.append(Stamp(name=name, page=number, box=box, varies_with_zoom=varies_with_zoom, value=signed))
    return tuple(problems)


# --- What a stamp draws


def _is_shown(flags: int) -> bool:
    """Tell whether it is shown on screen or in print."""
    return not flags & _HIDDEN and (not flags & _NO_VIEW or bool(flags & _PRINT))


def _draws(widget: Object) -> bool:
    """Tell whether a viewer draws anything: an appearance with marks or, without one, the border of /MK."""
    drawings = as_dictionary(widget.get("/AP"))
    if drawings is None or not list(drawings.keys()):
        return as_dictionary(widget.get("/MK")) is not None
    return any(_leaves_marks(drawings.get(state)) for state in drawings.keys())  # noqa: SIM118 - a PDF dictionary


def _leaves_marks(drawing: object) -> bool:
    if not isinstance(drawing, Stream):
        return drawing is not None
    try:
        return any(word[0] not in MARKLESS for word in _WORD.finditer(unpack(drawing)))
    except Unreadable:
        return True


def _flags(widget: Object) -> int:
    flags = widget.get("/F")
    return flags if isinstance(flags, int) else 0


def _full_name(widget: Object) -> str:
    """Return the names of the field and of the fields above it, joined by full stops (12.7.3.2)."""
    names = [str(node.get("/T")) for node in lineage(widget) if "/T" in node]
    return ".".join(reversed(names))


# --- What a stamp covers


def _is_in_own_slot(stamp: Stamp, form: Form) -> bool:
    """Tell whether the stamp is in the slot of its own name, as published."""
    return any(
        stamp.name == slot.name
        and stamp.page == slot.page
        and all(abs(one - other) <= _SAME_PLACE for one, other in zip(stamp.box, slot.box, strict=True))
        for slot in form.slots
    )


def _over_answers(stamp: Stamp, answers: Sequence[WidgetPlacement], form: Form) -> list[Problem]:
    known = {field.name for field in form.fields}
    return [
        _problem(
            "answer",
            stamp.name,
            label=field_label(answer.name) if answer.name in known else answer.name,
            grave=bool(answer.value.strip()) and _overlaps(stamp.box, answer.box, beyond=_TOUCHED),
        )
        for answer in answers
        if answer.page == stamp.page and _overlaps(stamp.box, answer.box)
    ]


def _over_print(stamp: Stamp, form: Form) -> list[Problem]:
    if stamp.page != 0:
        return []
    problems: list[Problem] = []
    highest = max((slot.box[3] for slot in form.slots), default=0.0)
    reached = [word for word in _words(form) if _overlaps(stamp.box, word)]
    if reached:
        # Above the slots, every word is part of a question; words beside and below them change no answer.
        grave = any(word[1] > highest and _overlaps(stamp.box, word, beyond=_TOUCHED) for word in reached)
        problems.append(_problem("print", stamp.name, grave=grave))
    if any(_overlaps(stamp.box, box) for box in serial_boxes()):
        problems.append(_problem("serial", stamp.name, grave=False))
    return problems


def _over_stamps(stamps: Sequence[Stamp], all_stamps: Sequence[Stamp]) -> list[Problem]:
    """Return the problems of stamps that overlap another one; whichever is drawn first, one hides the other."""
    return [
        _problem(
            "stamp",
            stamp.name,
            other=other.name,
            grave=_overlaps(stamp.box, other.box, beyond=_TOUCHED),
        )
        for stamp in stamps
        for other in all_stamps
        if (other.name, other.value) != (stamp.name, stamp.value)
        and other.page == stamp.page
        and _overlaps(stamp.box, other.box)
    ]


@cache
def _words(form: Form) -> tuple[Box, ...]:
    """Return the boxes of the words of the blank. Cached, since it never changes."""
    # pdfplumber is slow to load, and only stamps outside the slots need it.
    from parsers.layout import printed_words

    return printed_words(blank_bytes(form))


def _overlaps(stamp: Box, text: Box, *, beyond: float = _FREE) -> bool:
    """Tell whether a stamp reaches more than `beyond` points into a text, however thin the stamp is."""
    across = min(beyond, _MARGIN * (text[2] - text[0]))
    up = min(beyond, _MARGIN * (text[3] - text[1]))
    return (
        stamp[0] < text[2] - across
        and text[0] + across < stamp[2]
        and stamp[1] < text[3] - up
        and text[1] + up < stamp[3]
    )


def _problem(what: str, name: str, *, grave: bool, **params: Any) -> Problem:
    """Return the problem of a stamp over something; a grave one has a hint of its own."""
    wording = f"stamp_over_text.{what}.grave" if grave else f"stamp_over_text.{what}"
    return make_problem(wording, grave=grave, stamp=name, **params)
