"""Signature widgets are drawn above the page: one that lies over an answer hides or replaces what people read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pikepdf import Pdf

_SLACK = 0.5  # points: neighbouring boxes may share an edge
Box = tuple[float, float, float, float]


def answers_are_clear(pdf: Pdf, field_type: Callable[[Any], str | None]) -> bool:
    """Whether no signature widget overlaps any other field's widget, on every page (ISO 32000-1 12.5.5)."""
    for page in pdf.pages:
        signatures: list[Box] = []
        answers: list[Box] = []
        for annotation in page.obj.get("/Annots", []):
            box = box_of(annotation)
            if box is not None:
                (signatures if field_type(annotation) == "/Sig" else answers).append(box)
        if any(_overlap(one, other) for one in signatures for other in answers):
            return False
    return True


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
