"""Places for signatures that lie over an answer, which the published form does not have."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from forms.plain import Plain, Shown

_SLACK = 0.5  # points: neighbouring boxes may share an edge
_KEPT = 1024
Box = tuple[float, float, float, float]


def answers_are_clear(pages: Iterable[Sequence[Shown]], field_type: Callable[[Shown], str | None]) -> bool:
    """Whether no signature field that nobody signed overlaps any other field's widget, on every page.

    What the stamps of those who signed lie over is judged by what they cover (`parsers.stamps`).
    """
    for page in pages:
        signatures: list[Box] = []
        answers: list[Box] = []
        for shown in page:
            box = place_of(shown)
            if box is not None:
                if field_type(shown) != "/Sig":
                    answers.append(box)
                elif not is_signed(shown[0]):
                    signatures.append(box)
        if any(_overlap(one, other) for one in signatures for other in answers):
            return False
    return True


def is_signed(annotation: Any) -> bool:
    """Whether a signature field has a value, which may stand in a field above the widget (12.7.3.1)."""
    return "/V" in annotation or "/V" in annotation.get("/Parent", {})


def place_of(shown: Shown) -> Box | None:
    """The same as `box_of`."""
    annotation, said = shown
    return box_of(annotation) if said is None else _said_place(said)


@lru_cache(maxsize=_KEPT)
def _said_place(said: Plain) -> Box | None:
    return box_of(said.told)


def box_of(annotation: Any) -> Box | None:
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
