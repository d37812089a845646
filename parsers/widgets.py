"""Where a page shows its answers: the widgets of all fields with page, box and appearance, and what hides them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from math import isfinite
from typing import Any

from pikepdf import Array, Dictionary, Object, Pdf, Stream

from parsers.acroform import CHOICE, SIGNATURE, answers_of
from parsers.pdf import TerminalField, as_dictionary, as_list, lineage, name_of, pages_of, terminal_fields

# Left, bottom, right, top in points.
Box = tuple[float, float, float, float]
_CORNERS = 4
_BORDER_PARTS, _THIN = 3, 1.0  # points
_ARRAYS_KEPT, _LONGEST_ARRAY = 1024, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class WidgetPlacement:
    """One widget. `page` counts from 0; it is None when no page shows the widget.

    `order` is its place among the annotations of the page (later ones are drawn above), `page_box` the visible part of
    the page. `appearance` is the stream of /AP /N; `has_other_states` when there are others, for the mouse or by state.
    A viewer may redraw the value in `style`, the /DA ('' when there is none); `is_decorated` when it would then be
    rotated (/MK /R), on a background (/MK /BG), or inside a border that leaves less room. Some viewers redraw a choice
    from `chosen_options` (/I, from 0); () for a list of values, None when there is only the value.
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
    has_other_states: bool
    style: str
    is_decorated: bool
    chosen_options: tuple[float, ...] | None


def widgets_of(pdf: Pdf, fields: tuple[TerminalField, ...] | None = None) -> tuple[WidgetPlacement, ...]:
    """Return the widgets of all fields, with '' as value of signatures. `fields` are those of the file, if known."""
    pages = pages_of(pdf)
    where_listed = {
        annotation.objgen: (number, order)
        for number, page in enumerate(pages)
        for order, entry in enumerate(as_list(page.get("/Annots")))
        if (annotation := as_dictionary(entry)) is not None and annotation.is_indirect
    }
    fields = tuple(terminal_fields(pdf)) if fields is None else fields
    answers = answers_of(fields)
    boxes = [page_box(page) for page in pages]
    return tuple(
        _placement(field, widget, answers.get(field.name, ""), where_listed.get(widget.objgen), boxes)
        for field in fields
        for widget in field.widgets
    )


def is_signature(placement: WidgetPlacement) -> bool:
    """Tell whether the widget is that of a signature field."""
    return placement.kind == SIGNATURE


def box_of(source: object) -> Box:
    """Return a rectangle, its corners in any order; an invalid one is a box without size."""
    corners = numbers_of(source)
    if len(corners) != _CORNERS or not all(isfinite(corner) for corner in corners):
        return (0.0, 0.0, 0.0, 0.0)
    left, bottom, right, top = corners
    return (min(left, right), min(bottom, top), max(left, right), max(bottom, top))


def is_upright(appearance: Object) -> bool:
    """Tell whether an appearance is drawn without a matrix of its own."""
    return "/Matrix" not in appearance or numbers_of(appearance.get("/Matrix")) == (1, 0, 0, 1, 0, 0)


def numbers_of(source: object) -> tuple[float, ...]:
    """Return the numbers of an array; () for anything else."""
    if not isinstance(source, Array):
        return ()
    written = source.unparse()
    return (
        _parsed_numbers(written)
        if len(written) <= _LONGEST_ARRAY and b" R" not in written
        else _numbers(as_list(source))
    )


@lru_cache(maxsize=_ARRAYS_KEPT)
def _parsed_numbers(written: bytes) -> tuple[float, ...]:
    """Cached, since the same boxes recur in every file of a form."""
    return _numbers(as_list(Object.parse(written)))


def _numbers(members: list[Any]) -> tuple[float, ...]:
    """Return the numbers; () if a member is anything else. A string such as (12) is no number (ISO 32000-1 7.3.3)."""
    if not all(isinstance(member, int | float | Decimal) and not isinstance(member, bool) for member in members):
        return ()
    return tuple(float(member) for member in members)


def page_box(page: Object) -> Box:
    """Return the visible part of a page: its crop box, else its media box, its own or inherited."""
    for key in ("/CropBox", "/MediaBox"):
        for node in lineage(page):
            if len(as_list(node.get(key))) == _CORNERS:
                return box_of(node.get(key))
    return (0.0, 0.0, 0.0, 0.0)


def _placement(
    field: TerminalField, widget: Object, value: str, where_listed: tuple[int, int] | None, boxes: list[Box]
) -> WidgetPlacement:
    page, order = (
        where_listed if where_listed is not None and name_of(widget.get("/Subtype")) == "/Widget" else (None, 0)
    )
    flags = widget.get("/F")
    drawings = as_dictionary(widget.get("/AP"))
    normal = drawings.get("/N") if drawings is not None else None
    appearance = normal if isinstance(normal, Stream) else None
    return WidgetPlacement(
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
        has_other_states=_has_other_states(drawings, normal),
        style=str(widget.get("/DA") or field.source.get("/DA") or ""),
        is_decorated=_is_decorated(widget),
        chosen_options=_chosen_options(field, widget),
    )


def _chosen_options(field: TerminalField, widget: Object) -> tuple[float, ...] | None:
    if field.kind != CHOICE:
        return None
    for source in (widget, field.source):
        if "/I" in source:
            return numbers_of(source.get("/I"))
    return () if isinstance(field.value, Array) else None


def _is_decorated(widget: Object) -> bool:
    """Tell whether /MK, /BS or /Border (ISO 32000-1 12.5.4, table 189) draw more than a thin colourless line."""
    if not {"/MK", "/BS", "/Border"} & set(widget.keys()):
        return False
    characteristics = as_dictionary(widget.get("/MK", Dictionary()))
    style = as_dictionary(widget.get("/BS", Dictionary()))
    border: object = widget.get("/Border", Array([0, 0, 1]))
    if characteristics is None or style is None or not isinstance(border, Array) or len(border) < _BORDER_PARTS:
        return True
    widths = numbers_of(Array([style.get("/W", 1), border[2]]))
    return (
        any(characteristics.get(key, Array()) != Array() for key in ("/BG", "/BC"))
        or characteristics.get("/R", 0) != 0
        or len(widths) < 2  # noqa: PLR2004 - both
        or not all(0 <= width <= _THIN for width in widths)
    )


def _has_other_states(drawings: Object | None, normal: Object | None) -> bool:
    if drawings is None:
        return False
    if not isinstance(normal, Stream):
        return any(drawings.get(state) is not None for state in ("/N", "/R", "/D"))
    return any(state in drawings and not _same(drawings.get(state), normal) for state in ("/R", "/D"))


def _same(one: Object | None, other: Object | None) -> bool:
    """Tell whether both drawings are the same object of the file."""
    return one is not None and other is not None and one.is_indirect and one.objgen == other.objgen


# --- Widgets nobody can see: hidden, too small, off the page, switched off, or covered

# ISO 32000-1 table 165: Invisible, Hidden, NoView.
_UNSEEN = 0b1 | 0b10 | 0b10_0000
_SMALLEST_SIDE = 4.0
_SLACK = 1.0
_COVERED = 0.5


def is_out_of_sight(placement: WidgetPlacement, others: Iterable[WidgetPlacement]) -> bool:
    """Tell whether the widget, or most of it, cannot be seen; `others` are the widgets of the file."""
    left, bottom, right, top = placement.box
    page = placement.page_box
    return (
        placement.page is None
        or bool(placement.flags & _UNSEEN)
        or placement.optional
        or min(right - left, top - bottom) < _SMALLEST_SIDE
        or left < page[0] - _SLACK
        or bottom < page[1] - _SLACK
        or right > page[2] + _SLACK
        or top > page[3] + _SLACK
        or _is_covered(placement, others)
    )


def _is_covered(placement: WidgetPlacement, others: Iterable[WidgetPlacement]) -> bool:
    """Tell whether a later annotation of the page, drawn above, hides most of it."""
    page, order, box = placement.page, placement.order, placement.box
    left, bottom, right, top = box
    for other in others:
        if other.order <= order or other.page != page:
            continue
        over = other.box
        if over[0] >= right or left >= over[2] or over[1] >= top or bottom >= over[3]:
            continue
        if other.flags & _UNSEEN or other.appearance is None:
            continue
        if _shared(over, box) > _COVERED * _area(box):
            return True
    return False


def _shared(one: Box, other: Box) -> float:
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    return max(width, 0.0) * max(height, 0.0)


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])
