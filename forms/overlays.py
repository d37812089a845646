"""Signature widgets are drawn above the page: one that lies over an answer hides or replaces what people read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pikepdf import Pdf, Stream

from forms.schema import Form
from forms.streams import decoded

_SLACK = 0.5  # points: neighbouring boxes may share an edge
_MARKLESS = {b"q", b"Q", b"%", b"DSBlank", b"n"}
Box = tuple[float, float, float, float]


def answers_are_clear(pdf: Pdf, field_type: Callable[[Any], str | None]) -> bool:
    """Whether no signature widget overlaps any other field's widget, on every page (ISO 32000-1 12.5.5)."""
    for page in pdf.pages:
        signatures: list[Box] = []
        answers: list[Box] = []
        for annotation in page.obj.get("/Annots", []):
            box = _box(annotation)
            if box is not None:
                (signatures if field_type(annotation) == "/Sig" else answers).append(box)
        if any(_overlap(one, other) for one in signatures for other in answers):
            return False
    return True


def slots_stand_in_place(pdf: Pdf, form: Form) -> bool:
    """Whether the form's own slots are where they were published: above the name of the person who signs there."""
    homes = {slot.name: (slot.page, slot.box) for slot in form.slots}
    for number, page in enumerate(pdf.pages):
        for annotation in page.obj.get("/Annots", []):
            home = homes.get(str(annotation.get("/T")))
            box = _box(annotation)
            if home is None or box is None:
                continue
            if home[0] != number or any(abs(one - two) > _SLACK for one, two in zip(box, home[1], strict=True)):
                return False
    return True


def unsigned_show_nothing(pdf: Pdf, field_type: Callable[[Any], str | None]) -> bool:
    """Whether signature fields nobody signed draw nothing: a painted stamp looks like a signature and is none."""
    return not any(
        field_type(annotation) == "/Sig" and not _signed(annotation) and _draws(annotation)
        for page in pdf.pages
        for annotation in page.obj.get("/Annots", [])
    )


def _signed(annotation: Any) -> bool:
    """The value may stand in a field above the widget (12.7.3.1)."""
    return "/V" in annotation or "/V" in annotation.get("/Parent", {})


def _draws(annotation: Any) -> bool:
    """Some applications give empty slots an empty drawing of white space or of steps without any mark."""
    drawings = annotation.get("/AP", {})
    return any(
        not isinstance(drawings[mood], Stream) or not set(decoded(drawings[mood]).split()) <= _MARKLESS
        for mood in drawings.keys()  # noqa: SIM118 - a PDF dictionary, not a Python one
    )


def _box(annotation: Any) -> Box | None:
    """Left, bottom, right, top in points; None for a widget without area, which shows nothing."""
    one, two, three, four = (float(each) for each in annotation.Rect)
    left, right = sorted((one, three))
    bottom, top = sorted((two, four))
    return (left, bottom, right, top) if right > left and top > bottom else None


def _overlap(one: Box, other: Box) -> bool:
    return (
        one[0] + _SLACK < other[2]
        and other[0] + _SLACK < one[2]
        and one[1] + _SLACK < other[3]
        and other[1] + _SLACK < one[3]
    )
