"""Pictures of pages as drawn by PDFium, and where two versions of a page look different."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import pypdfium2  # type: ignore[import-untyped] # ships no types
from PIL import Image, ImageChops, ImageDraw

from parsers.errors import broken_file
from parsers.pdf import read_with_qpdf
from parsers.widgets import Box, WidgetPlacement, widgets_of

_WIDTH, _HEIGHT = 1000, 1600  # pixels; enough to read a form on a screen
_MOST_SHOWN, _MOST_COMPARED = 3, 20
_VISIBLE = 40  # of 255; two drawings of one letter differ by less at its edges
_GRID = 12  # pixels; smaller distances are not noticed
_MARK = (178, 106, 0)
_MOST_PIXELS = 20_000_000
# The same letters set twice are compared at 100 dpi: at less, an apostrophe looks like a typographic one; at more, a
# letter moved by 0.1 pt differs. Anti-aliasing differs by at most 8 of 255 there, other letters by 200 and more.
_COMPARED_SCALE = 100 / 72
_SAME_SHADE = 32
_READING_SCALE = 3.0  # pixels per point, for a person who compares letters
_PixelBoxes = tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePair:
    """A page (counted from 1) as PNG files: as signed (None where it was the same, or not there yet) and as received.

    `received` is None where the page is gone. `differs`: the difference is visible.
    """

    number: int
    signed: bytes | None
    received: bytes | None
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """At most three pages, those that differ first; `count` is the number of all, `compared` of the compared ones."""

    pairs: tuple[PagePair, ...]
    count: int
    compared: int


def page_pictures(received: bytes, signed: bytes | None, *, aside: Collection[str] = ()) -> Pages:
    """Return pages as received, beside those of `signed` (an earlier state of the file) where they look different.

    The boxes of the fields named `aside` (later signatures) are not compared. Unreadable for what cannot be opened or
    drawn.
    """
    widgets = tuple(widget for widget in read_with_qpdf(received, widgets_of) if widget.name in aside) if aside else ()
    with _open(received) as now, _open(signed) as then:
        count = max(len(now), len(then))
        compared = min(count, _MOST_COMPARED if then else _MOST_SHOWN)
        differing: list[PagePair] = []
        same: list[PagePair] = []
        for index in range(compared):
            page, before = _draw(now, index), _draw(then, index)
            boxes = (
                _differing_boxes(before, page, [widget for widget in widgets if widget.page == index]) if then else ()
            )
            if boxes and len(differing) < _MOST_SHOWN:
                differing.append(_pair(index, before, page, boxes))
            elif not boxes and len(same) < _MOST_SHOWN:
                same.append(_pair(index, None, page, ()))
        chosen = differing or same
    return Pages(pairs=tuple(chosen[:_MOST_SHOWN]), count=count, compared=compared)


def first_page_png(pdf: bytes, *, scale: float) -> bytes:
    """Return the first page as PNG, `scale` pixels per point. Unreadable for what cannot be opened or drawn."""
    with _open(pdf) as document:
        if isinstance(document, tuple):
            raise broken_file()
        page: Image.Image = document[0].render(scale=scale, may_draw_forms=True).to_pil()
        return _png(page.convert("RGB"), ())


def crops(pdf: bytes, boxes: Sequence[tuple[int, Box]]) -> tuple[bytes, ...]:
    """Return parts of pages as PNG: page (from 0), and box in points from the lower left corner of its visible part.

    Unreadable for what cannot be opened or drawn.
    """
    with _open(pdf) as document:
        pages: dict[int, Image.Image] = {}
        for index, _ in boxes:
            if index >= len(document):
                raise broken_file()
            if index not in pages:
                pages[index] = document[index].render(scale=_READING_SCALE, may_draw_forms=True).to_pil().convert("RGB")
    return tuple(_png(pages[index].crop(_box_pixels(box, pages[index], _READING_SCALE)), ()) for index, box in boxes)


def boxes_differ(pdf: bytes, boxes: Sequence[Box]) -> tuple[bool, ...]:
    """Tell for each box (points, measured from the lower left corner) whether pages 1 and 2 look different inside it.

    Unreadable for what cannot be opened or drawn.
    """
    with _open(pdf) as document:
        if isinstance(document, tuple) or len(document) < 2:  # noqa: PLR2004 - two pages are compared
            raise broken_file()
        first, second = (document[index].render(scale=_COMPARED_SCALE, grayscale=True).to_pil() for index in (0, 1))
    shades = ImageChops.difference(first, second).point(lambda shade: 255 if shade > _SAME_SHADE else 0)
    return tuple(shades.crop(_box_pixels(box, shades, _COMPARED_SCALE)).getbbox() is not None for box in boxes)


def _box_pixels(box: Box, picture: Image.Image, scale: float) -> tuple[int, int, int, int]:
    """Return the pixels of a box (points from the lower left corner), including those it only touches."""
    left, bottom, right, top = (edge * scale for edge in box)
    return (
        max(int(left), 0),
        max(int(picture.height - top), 0),
        min(int(right) + 1, picture.width),
        min(int(picture.height - bottom) + 1, picture.height),
    )


def as_png(picture: bytes) -> bytes:
    """Return a PNG or JPEG as a new PNG, no larger than needed. Unreadable for anything else."""
    try:
        with Image.open(BytesIO(picture), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise broken_file()
            opened.load()
            drawing = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise broken_file() from error
    drawing.thumbnail((_WIDTH, _WIDTH))
    out = BytesIO()
    drawing.save(out, "PNG", optimize=True)
    return out.getvalue()


@contextmanager
def _open(pdf: bytes | None) -> Iterator[pypdfium2.PdfDocument | tuple[()]]:
    if pdf is None:
        yield ()
        return
    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            document.init_forms()
            yield document
        finally:
            document.close()
    except (pypdfium2.PdfiumError, ValueError, ZeroDivisionError) as error:
        raise broken_file() from error


def _draw(document: pypdfium2.PdfDocument | tuple[()], index: int) -> Image.Image | None:
    if index >= len(document):
        return None
    page = document[index]
    width, height = page.get_size()
    picture: Image.Image = page.render(scale=min(_WIDTH / width, _HEIGHT / height), may_draw_forms=True).to_pil()
    return picture.convert("RGB")


def _pair(index: int, before: Image.Image | None, page: Image.Image | None, boxes: _PixelBoxes) -> PagePair:
    return PagePair(
        number=index + 1,
        signed=None if before is None else _png(before, boxes),
        received=None if page is None else _png(page, boxes),
        differs=bool(boxes),
    )


def _differing_boxes(first: Image.Image | None, other: Image.Image | None, aside: list[WidgetPlacement]) -> _PixelBoxes:
    """Return the pixel boxes in which two pictures differ: the whole page where one is missing or sizes differ."""
    if first is None or other is None or first.size != other.size:
        whole = other or first
        return ((6, 6, whole.width - 7, whole.height - 7),) if whole else ()
    difference = ImageChops.difference(first, other)
    difference = ImageChops.lighter(ImageChops.lighter(*difference.split()[:2]), difference.split()[2])
    difference = difference.point(lambda value: 255 if value > _VISIBLE else 0)
    pen = ImageDraw.Draw(difference)
    for widget in aside:
        pen.rectangle(_widget_pixels(widget, difference), fill=0)
    small = difference.reduce(_GRID).point(lambda value: 255 if value else 0)
    boxes: list[tuple[int, int, int, int]] = []
    for row in range(small.height):
        line = small.crop((0, row, small.width, row + 1)).getbbox()
        if line is None:
            continue
        left, right = line[0] * _GRID, min(line[2] * _GRID, first.width - 1)
        top, bottom = row * _GRID, min((row + 1) * _GRID, first.height - 1)
        if boxes and boxes[-1][3] >= top:
            last = boxes.pop()
            left, top, right = min(left, last[0]), last[1], max(right, last[2])
        boxes.append((left, top, right, bottom))
    return tuple(boxes)


def _widget_pixels(widget: WidgetPlacement, picture: Image.Image) -> tuple[float, float, float, float]:
    """Return the box of a widget on the picture of its page (on a rotated page another area, so more is marked)."""
    left, bottom, right, top = widget.page_box
    across, up = picture.width / (right - left), picture.height / (top - bottom)
    box = widget.box
    return (
        (box[0] - left) * across,
        (top - box[3]) * up,
        (box[2] - left) * across,
        (top - box[1]) * up,
    )


def _png(picture: Image.Image, boxes: _PixelBoxes) -> bytes:
    if boxes:
        picture = picture.copy()
        pen = ImageDraw.Draw(picture)
        for left, top, right, bottom in boxes:
            pen.rectangle((left - 6, top - 6, right + 6, bottom + 6), outline=_MARK, width=4)
    out = BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()
