"""Where every answer is shown: each widget of each field, its page, its box, and the appearance a viewer draws."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any

from pikepdf import Array, Dictionary, Object, Pdf, Stream

from parsers.acroform import CHOICE, SIGNATURE, answers_of
from parsers.pdf import Terminal, dictionary, listed, name_of, pages_of, terminals

Box = tuple[float, float, float, float]
_DEEPEST = 32
_CORNERS = 4
_BORDER_PARTS, _THIN = 3, 1.0  # points
_KEPT, _LONGEST = 1024, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """One widget. `page` counts from 0 and is None when no page shows it; boxes are (left, bottom, right, top) in pt.

    `order` is its turn among the annotations of the page (later ones are drawn above), `page_box` the visible part of
    the page, `appearance` the stream of /AP /N, `moody` whether there are others for the mouse or by state. By `style`,
    the /DA ('' when there is none), a viewer may draw the value anew; `dressed`: it is then turned (/MK /R), on a
    ground of its own (/MK /BG), or in a border that leaves it less room. `chosen` are the options a choice counts (/I,
    from 0), by which some viewers draw it anew; () for a list of values, None where only the value says it.
    """

    name: str
    kind: str
    value: str
    page: int | None
    order: int
    box: Box
    page_box: Box
    flags: int
    optional: bool
    appearance: Object | None
    moody: bool
    style: str
    dressed: bool
    chosen: tuple[float, ...] | None


def places_of(pdf: Pdf, fields: tuple[Terminal, ...] | None = None) -> tuple[Place, ...]:
    """List the widgets of all fields, signatures included (their value is ''); `fields` where they were walked."""
    pages = pages_of(pdf)
    listing = {
        annotation.objgen: (number, order)
        for number, page in enumerate(pages)
        for order, each in enumerate(listed(page.get("/Annots")))
        if (annotation := dictionary(each)) is not None and annotation.is_indirect
    }
    fields = tuple(terminals(pdf)) if fields is None else fields
    answers = answers_of(fields)
    boxes = [page_box(page) for page in pages]
    return tuple(
        _place(field, widget, answers.get(field.name, ""), listing.get(widget.objgen), boxes)
        for field in fields
        for widget in field.widgets
    )


def is_signature(place: Place) -> bool:
    return place.kind == SIGNATURE


def box_of(source: object) -> Box:
    """Read a rectangle, its corners in any order; an impossible one is a box without size."""
    corners = numbers_of(source)
    if len(corners) != _CORNERS or not all(isfinite(each) for each in corners):
        return (0.0, 0.0, 0.0, 0.0)
    left, bottom, right, top = corners
    return (min(left, right), min(bottom, top), max(left, right), max(bottom, top))


def is_upright(appearance: Object) -> bool:
    """Tell whether an appearance is drawn as it stands, without a matrix of its own."""
    return "/Matrix" not in appearance or numbers_of(appearance.get("/Matrix")) == (1, 0, 0, 1, 0, 0)


def numbers_of(source: object) -> tuple[float, ...]:
    """Read an array of numbers; () for anything else."""
    if not isinstance(source, Array):
        return ()
    written = source.unparse()
    return _spelled(written) if len(written) <= _LONGEST and b" R" not in written else _numbers(listed(source))


@lru_cache(maxsize=_KEPT)
def _spelled(written: bytes) -> tuple[float, ...]:
    """Boxes come back in every file."""
    return _numbers(listed(Object.parse(written)))


def _numbers(members: list[Any]) -> tuple[float, ...]:
    """A string that spells a number is none to a viewer (ISO 32000-1 7.3.3)."""
    if not all(isinstance(each, int | float | Decimal) and not isinstance(each, bool) for each in members):
        return ()
    return tuple(float(each) for each in members)


def page_box(page: Object) -> Box:
    """Give the visible part of a page: its crop box, else its media box, inherited if need be."""
    for key in ("/CropBox", "/MediaBox"):
        node: Object | None = page
        for _ in range(_DEEPEST):
            if node is None:
                break
            if len(listed(node.get(key))) == _CORNERS:
                return box_of(node.get(key))
            node = dictionary(node.get("/Parent"))
    return (0.0, 0.0, 0.0, 0.0)


def _place(field: Terminal, widget: Object, value: str, listing: tuple[int, int] | None, boxes: list[Box]) -> Place:
    page, order = listing if listing is not None and name_of(widget.get("/Subtype")) == "/Widget" else (None, 0)
    flags = widget.get("/F")
    drawings = dictionary(widget.get("/AP"))
    normal = drawings.get("/N") if drawings is not None else None
    appearance = normal if isinstance(normal, Stream) else None
    return Place(
        name=field.name,
        kind=field.kind,
        value=value,
        page=page,
        order=order,
        box=box_of(widget.get("/Rect")),
        page_box=boxes[page] if page is not None else (0.0, 0.0, 0.0, 0.0),
        flags=int(flags) if isinstance(flags, int) else 0,
        optional="/OC" in widget or (appearance is not None and "/OC" in appearance),
        appearance=appearance,
        moody=_is_moody(drawings, normal),
        style=str(widget.get("/DA") or field.source.get("/DA") or ""),
        dressed=_is_dressed(widget),
        chosen=_chosen(field, widget),
    )


def _chosen(field: Terminal, widget: Object) -> tuple[float, ...] | None:
    if field.kind != CHOICE:
        return None
    for source in (widget, field.source):
        if "/I" in source:
            return numbers_of(source.get("/I"))
    return () if isinstance(field.value, Array) else None


def _is_dressed(widget: Object) -> bool:
    """Tell whether /MK, /BS or /Border (ISO 32000-1 12.5.4, table 189) do more than a thin line without a colour."""
    if not {"/MK", "/BS", "/Border"} & set(widget.keys()):
        return False
    looks = dictionary(widget.get("/MK", Dictionary()))
    style = dictionary(widget.get("/BS", Dictionary()))
    border: object = widget.get("/Border", Array([0, 0, 1]))
    if looks is None or style is None or not isinstance(border, Array) or len(border) < _BORDER_PARTS:
        return True
    widths = numbers_of(Array([style.get("/W", 1), border[2]]))
    return (
        any(looks.get(key, Array()) != Array() for key in ("/BG", "/BC"))
        or looks.get("/R", 0) != 0
        or len(widths) < 2  # noqa: PLR2004 - both
        or not all(0 <= width <= _THIN for width in widths)
    )


def _is_moody(drawings: Object | None, normal: Object | None) -> bool:
    if drawings is None:
        return False
    if not isinstance(normal, Stream):
        return any(drawings.get(mood) is not None for mood in ("/N", "/R", "/D"))
    return any(mood in drawings and not _same(drawings.get(mood), normal) for mood in ("/R", "/D"))


def _same(one: Object | None, other: Object | None) -> bool:
    """Tell whether two drawings are one object of the file."""
    return one is not None and other is not None and one.is_indirect and one.objgen == other.objgen


# --- Finds places on a page that nobody can see: hidden, shrunk to nothing, off the page, switched off, or covered

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
