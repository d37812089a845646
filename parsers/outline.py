"""The path a drawing builds up before it fills or clips with it (ISO 32000-1 8.5.2): made of rectangles, or unknown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from parsers.widgets import Box

_CORNERS = 4
_HAIR = 0.001  # points; one side is written twice, and both times rounded
_Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Outline:
    """`boxes` are the closed rectangles with their sense of rotation, `corners` those of the part being drawn.

    `plain` is False once anything but a rectangle was in it.
    """

    boxes: tuple[tuple[Box, bool], ...] = ()
    corners: tuple[_Point, ...] = ()
    plain: bool = True

    def rectangle(self, left: float, bottom: float, width: float, height: float) -> Outline:
        """`re`, which is four corners and a closing (8.5.2.1)."""
        right, top = left + width, bottom + height
        drawn = replace(self.closed(), corners=((left, bottom), (right, bottom), (right, top), (left, top)))
        return drawn.closed()

    def moved(self, point: _Point) -> Outline:
        """`m`."""
        return replace(self.closed(), corners=(point,))

    def lined(self, point: _Point) -> Outline:
        """`l`; one that goes on from where something was closed is no part of a rectangle."""
        return replace(self, corners=(*self.corners, point), plain=self.plain and bool(self.corners))

    def clip(self, *, even_odd: bool) -> Box | None:
        """What is certainly inside the path; None when that is not sure.

        Rectangles drawn in one sense of rotation add up under the nonzero rule (8.5.3.3.2), so that the last of them
        is inside; in any other case one may be a hole in another.
        """
        whole = self.closed()
        turns = {turn for _, turn in whole.boxes}
        if not whole.plain or len(turns) != 1 or (even_odd and len(whole.boxes) > 1):
            return None
        return whole.boxes[-1][0]

    def closed(self) -> Outline:
        """`h`; filling and clipping close what is open too (8.5.3.1). A lone point bounds nothing."""
        if len(self.corners) < 2:  # noqa: PLR2004 - a point is no line
            return replace(self, corners=())
        corners = self.corners[:-1] if _near(self.corners[0], self.corners[-1]) else self.corners
        if len(corners) != _CORNERS or not _upright(corners):
            return replace(self, corners=(), plain=False)
        (left, bottom), (right, top) = corners[0], corners[2]
        box = (min(left, right), min(bottom, top), max(left, right), max(bottom, top))
        return replace(self, corners=(), boxes=(*self.boxes, (box, _area(corners) > 0)))


def _near(one: _Point, other: _Point) -> bool:
    return abs(one[0] - other[0]) < _HAIR and abs(one[1] - other[1]) < _HAIR


def _upright(corners: tuple[_Point, ...]) -> bool:
    """Sides run alternately across and up."""
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    across_first = _near((y0, x1), (y1, x2)) and _near((y2, x3), (y3, x0))
    up_first = _near((x0, y1), (x1, y2)) and _near((x2, y3), (x3, y0))
    return across_first or up_first


def _area(corners: tuple[_Point, ...]) -> float:
    """Twice the area, positive when counter-clockwise."""
    pairs = zip(corners, (*corners[1:], corners[0]), strict=True)
    return sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in pairs)
