"""The places to sign: where they were published, and nothing in them before somebody signs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from pikepdf import Stream

from forms.overlays import is_signed, place_of
from forms.plain import Shown
from forms.schema import Form
from forms.streams import decoded

_SLACK = 0.5  # points: writers round
_MARKLESS = {b"q", b"Q", b"%", b"DSBlank", b"n"}


def slots_stand_in_place(pages: Iterable[Sequence[Shown]], form: Form) -> bool:
    """Whether the form's own slots are where they were published: above the name of the person who signs there."""
    homes = {slot.name: (slot.page, slot.box) for slot in form.slots}
    for number, page in enumerate(pages):
        for shown in page:
            home = homes.get(_name(shown))
            box = place_of(shown) if home is not None else None
            if home is None or box is None:
                continue
            if home[0] != number or any(abs(one - two) > _SLACK for one, two in zip(box, home[1], strict=True)):
                return False
    return True


def _name(shown: Shown) -> str:
    annotation, said = shown
    return str((annotation if said is None else said.told).get("/T"))


def unsigned_show_nothing(pages: Iterable[Sequence[Shown]], field_type: Callable[[Shown], str | None]) -> bool:
    """Whether signature fields nobody signed draw nothing: a painted stamp looks like a signature and is none."""
    return not any(
        field_type(shown) == "/Sig" and not is_signed(shown[0]) and _draws(shown[0]) for page in pages for shown in page
    )


def _draws(annotation: Any) -> bool:
    """Some applications give empty slots an empty drawing of white space or of steps without any mark."""
    drawings = annotation.get("/AP", {})
    return any(
        not isinstance(drawings[mood], Stream) or not set(decoded(drawings[mood]).split()) <= _MARKLESS
        for mood in drawings.keys()  # noqa: SIM118 - a PDF dictionary, not a Python one
    )
