"""Signature widgets are drawn above the page: one that lies over an answer hides or replaces what people read."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import Any

from forms.plain import Plain, Shown

_SLACK = 0.5  # points: neighbouring boxes may share an edge
_KEPT = 1024
Box = tuple[float, float, float, float]


def answers_are_clear(pages: Iterable[Sequence[Shown]], field_type: Callable[[Shown], str | None]) -> bool:
    """Whether no signature widget overlaps any other field's widget, on every page (ISO 32000-1 12.5.5)."""
    for page in pages:
        signatures: list[Box] = []
        answers: list[Box] = []
        for shown in page:
            box = place_of(shown)
            if box is not None:
                (signatures if field_type(shown) == "/Sig" else answers).append(box)
        if any(_overlap(one, other) for one in signatures for other in answers):
            return False
    return True


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
