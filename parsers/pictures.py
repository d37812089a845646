"""Pages as pictures, as a common reader draws them (PDFium), and where two versions of a page look different."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from io import BytesIO

import pypdfium2  # type: ignore[import-untyped] # ships no types
from PIL import Image, ImageChops, ImageDraw

from parsers.errors import broken
from parsers.pdf import looking_into
from parsers.widgets import Box, Place, places_of

_WIDTH, _HEIGHT = 1000, 1600  # pixels; enough to read a form on a screen
_MOST_SHOWN, _MOST_COMPARED = 3, 20
_VISIBLE = 40  # of 255; less is how two drawings of one letter differ at its edge
_GRAIN = 12  # pixels that are one place to the eye
_MARK = (178, 106, 0)
_MOST_PIXELS = 20_000_000
# Two settings of the same letters are compared at 100 dpi: coarser, an apostrophe looks like a typographic one; finer,
# a letter moved by 0.1 pt shows. Anti-aliasing differs by at most 8 of 255 there, other letters by 200 and more.
_COMPARED_SCALE = 100 / 72
_SAME_SHADE = 32
_READING_SCALE = 3.0  # pixels a point, for somebody who compares letters
_Boxes = tuple[tuple[int, int, int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePair:
    """One page, counted from 1, as PNG files: as signed (None where it was the same or not there yet), as received.

    `received` is None where the page is gone. `differs`: somebody who looks at both sees it.
    """

    number: int
    signed: bytes | None
    received: bytes | None
    differs: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """At most three pages, those that differ first. `count` are all there are, `compared` how many were looked at."""

    pairs: tuple[PagePair, ...]
    count: int
    compared: int


def page_pictures(received: bytes, signed: bytes | None, *, aside: Collection[str] = ()) -> Pages:
    """Pages as received, beside those of `signed` (an earlier state of the file) where they look different.

    What lies inside the boxes of the fields named `aside` (later signatures) is no difference. Unreadable for what
    cannot be opened or drawn.
    """
    places = tuple(each for each in looking_into(received, places_of) if each.name in aside) if aside else ()
    with _opened(received) as now, _opened(signed) as then:
        count = max(len(now), len(then))
        compared = min(count, _MOST_COMPARED if then else _MOST_SHOWN)
        differing: list[PagePair] = []
        same: list[PagePair] = []
        for index in range(compared):
            page, before = _drawn(now, index), _drawn(then, index)
            marked = _differing(before, page, [each for each in places if each.page == index]) if then else ()
            if marked and len(differing) < _MOST_SHOWN:
                differing.append(_pair(index, before, page, marked))
            elif not marked and len(same) < _MOST_SHOWN:
                same.append(_pair(index, None, page, ()))
        chosen = differing or same
    return Pages(pairs=tuple(chosen[:_MOST_SHOWN]), count=count, compared=compared)


def first_page_png(pdf: bytes, *, scale: float) -> bytes:
    """The first page as a PNG of so many pixels per point. Unreadable for what cannot be opened or drawn."""
    with _opened(pdf) as document:
        if isinstance(document, tuple):
            raise broken()
        page: Image.Image = document[0].render(scale=scale, may_draw_forms=True).to_pil()
        return _png(page.convert("RGB"), ())


def crops(pdf: bytes, boxes: Sequence[tuple[int, Box]]) -> tuple[bytes, ...]:
    """Parts of pages as PNG: page (from 0) and box in points from the lower left corner of what is seen of it.

    Unreadable for what cannot be opened or drawn.
    """
    with _opened(pdf) as document:
        pages: dict[int, Image.Image] = {}
        for index, _ in boxes:
            if index >= len(document):
                raise broken()
            if index not in pages:
                pages[index] = document[index].render(scale=_READING_SCALE, may_draw_forms=True).to_pil().convert("RGB")
    return tuple(_png(pages[index].crop(_pixels_inside(box, pages[index], _READING_SCALE)), ()) for index, box in boxes)


def boxes_differ(pdf: bytes, boxes: Sequence[Box]) -> tuple[bool, ...]:
    """Tell for each box (points, measured from the lower left corner) whether pages 1 and 2 look different inside it.

    Unreadable for what cannot be opened or drawn.
    """
    with _opened(pdf) as document:
        if isinstance(document, tuple) or len(document) < 2:  # noqa: PLR2004 - two pages are compared
            raise broken()
        one, two = (document[index].render(scale=_COMPARED_SCALE, grayscale=True).to_pil() for index in (0, 1))
    shades = ImageChops.difference(one, two).point(lambda shade: 255 if shade > _SAME_SHADE else 0)
    return tuple(shades.crop(_pixels_inside(box, shades, _COMPARED_SCALE)).getbbox() is not None for box in boxes)


def _pixels_inside(box: Box, picture: Image.Image, scale: float) -> tuple[int, int, int, int]:
    """The pixels of a box (points from the lower left corner), those it only touches included, within the picture."""
    left, bottom, right, top = (edge * scale for edge in box)
    return (
        max(int(left), 0),
        max(int(picture.height - top), 0),
        min(int(right) + 1, picture.width),
        min(int(picture.height - bottom) + 1, picture.height),
    )


def as_png(picture: bytes) -> bytes:
    """A PNG or JPEG somebody chose, drawn anew as PNG and no larger than needed. Unreadable for anything else."""
    try:
        with Image.open(BytesIO(picture), formats=("PNG", "JPEG")) as opened:
            if opened.width * opened.height > _MOST_PIXELS:
                raise broken()
            opened.load()
            drawn = opened.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise broken() from error
    drawn.thumbnail((_WIDTH, _WIDTH))
    out = BytesIO()
    drawn.save(out, "PNG", optimize=True)
    return out.getvalue()


@contextmanager
def _opened(pdf: bytes | None) -> Iterator[pypdfium2.PdfDocument | tuple[()]]:
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
        raise broken() from error


def _drawn(document: pypdfium2.PdfDocument | tuple[()], index: int) -> Image.Image | None:
    if index >= len(document):
        return None
    page = document[index]
    width, height = page.get_size()
    drawn: Image.Image = page.render(scale=min(_WIDTH / width, _HEIGHT / height), may_draw_forms=True).to_pil()
    return drawn.convert("RGB")


def _pair(index: int, before: Image.Image | None, page: Image.Image | None, marked: _Boxes) -> PagePair:
    return PagePair(
        number=index + 1,
        signed=None if before is None else _png(before, marked),
        received=None if page is None else _png(page, marked),
        differs=bool(marked),
    )


def _differing(one: Image.Image | None, other: Image.Image | None, aside: list[Place]) -> _Boxes:
    """The boxes (pixels) in which two pictures differ; the whole page where only one is there or their sizes differ."""
    if one is None or other is None or one.size != other.size:
        whole = other or one
        return ((6, 6, whole.width - 7, whole.height - 7),) if whole else ()
    apart = ImageChops.difference(one, other)
    apart = ImageChops.lighter(ImageChops.lighter(*apart.split()[:2]), apart.split()[2])
    apart = apart.point(lambda value: 255 if value > _VISIBLE else 0)
    pen = ImageDraw.Draw(apart)
    for place in aside:
        pen.rectangle(_pixels(place, apart), fill=0)
    small = apart.reduce(_GRAIN).point(lambda value: 255 if value else 0)
    boxes: list[tuple[int, int, int, int]] = []
    for row in range(small.height):
        line = small.crop((0, row, small.width, row + 1)).getbbox()
        if line is None:
            continue
        left, right = line[0] * _GRAIN, min(line[2] * _GRAIN, one.width - 1)
        top, bottom = row * _GRAIN, min((row + 1) * _GRAIN, one.height - 1)
        if boxes and boxes[-1][3] >= top:
            last = boxes.pop()
            left, top, right = min(left, last[0]), last[1], max(right, last[2])
        boxes.append((left, top, right, bottom))
    return tuple(boxes)


def _pixels(place: Place, picture: Image.Image) -> tuple[float, float, float, float]:
    """The box of a field on the picture of an upright page (on a turned one some other corner, and more is marked)."""
    left, bottom, right, top = place.page_box
    across, up = picture.width / (right - left), picture.height / (top - bottom)
    box = place.box
    return (
        (box[0] - left) * across,
        (top - box[3]) * up,
        (box[2] - left) * across,
        (top - box[1]) * up,
    )


def _png(picture: Image.Image, marked: _Boxes) -> bytes:
    if marked:
        picture = picture.copy()
        pen = ImageDraw.Draw(picture)
        for left, top, right, bottom in marked:
            pen.rectangle((left - 6, top - 6, right + 6, bottom + 6), outline=_MARK, width=4)
    out = BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()
