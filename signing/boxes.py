"""Rectangles of annotations on a page, in points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils.generic import FloatObject, NumberObject

from signing.history import Snapshot

_CORNERS = 4
_HAIR = 0.5  # points two neighbours may share at their edge


@dataclass(frozen=True, slots=True)
class Box:
    """Left, bottom, right, top, in this order whatever the file wrote."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def area(self) -> float:
        return (self.right - self.left) * (self.top - self.bottom)

    @property
    def empty(self) -> bool:
        return self.right <= self.left or self.top <= self.bottom


def box_of(snapshot: Snapshot, owner: Any, key: str = "/Rect") -> Box:
    """The rectangle under a key; empty when there is none. ValueError when it is no rectangle."""
    corners = [value for _, value in snapshot.members(snapshot.entry(owner, key))]
    if not corners:
        return Box(0, 0, 0, 0)
    if len(corners) != _CORNERS or not all(isinstance(each, FloatObject | NumberObject) for each in corners):
        raise ValueError("not a rectangle")
    one, two, three, four = (float(each) for each in corners)
    return Box(min(one, three), min(two, four), max(one, three), max(two, four))


def overlap(one: Box, other: Box) -> bool:
    """Whether two boxes share more than an edge."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(one.top, other.top) - max(one.bottom, other.bottom)
    return not other.empty and wide > _HAIR and high > _HAIR
