"""Finds places on a page that nobody can see: hidden, shrunk to nothing, off the page, switched off, or covered."""

from __future__ import annotations

from collections.abc import Iterable

from parsers.widgets import Box, Place

# ISO 32000-1 table 165: Invisible, Hidden, NoView.
_UNSEEN = 0b1 | 0b10 | 0b10_0000
_SMALLEST_SIDE = 4.0
_SLACK = 1.0
_COVERED = 0.5


def out_of_sight(place: Place, others: Iterable[Place]) -> bool:
    """Tell whether the place, or most of it, is not to be seen among the other places of the file."""
    left, bottom, right, top = place.box
    page = place.page_box
    return (
        place.page is None
        or bool(place.flags & _UNSEEN)
        or place.optional
        or min(right - left, top - bottom) < _SMALLEST_SIDE
        or left < page[0] - _SLACK
        or bottom < page[1] - _SLACK
        or right > page[2] + _SLACK
        or top > page[3] + _SLACK
        or any(other.order > place.order and _covers(other, place) for other in others)
    )


def _covers(other: Place, place: Place) -> bool:
    """Tell whether a later annotation, which is drawn above, hides most of an earlier one."""
    if other.page != place.page or other.order <= place.order or other.flags & _UNSEEN or other.appearance is None:
        return False
    one, over = place.box, other.box
    if over[0] >= one[2] or one[0] >= over[2] or over[1] >= one[3] or one[1] >= over[3]:
        return False
    return _shared(other.box, place.box) > _COVERED * _area(place.box)


def _shared(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
