"""The places to sign: where they were published, and nothing in them before somebody signs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pikepdf import Pdf, Stream

from forms.overlays import box_of
from forms.schema import Form
from forms.streams import decoded

_SLACK = 0.5  # points: writers round
_MARKLESS = {b"q", b"Q", b"%", b"DSBlank", b"n"}


def slots_stand_in_place(pdf: Pdf, form: Form) -> bool:
    """Whether the form's own slots are where they were published: above the name of the person who signs there."""
    homes = {slot.name: (slot.page, slot.box) for slot in form.slots}
    for number, page in enumerate(pdf.pages):
        for annotation in page.obj.get("/Annots", []):
            home = homes.get(str(annotation.get("/T")))
            box = box_of(annotation)
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
