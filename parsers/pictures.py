"""Pages as pictures, as a common reader draws them (PDFium), and where two versions of a page look different."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO

import pypdfium2  # type: ignore[import-untyped] # ships no types
from PIL import Image, ImageChops, ImageDraw

from parsers.refusals import broken

_WIDTH, _HEIGHT = 1000, 1600  # pixels; enough to read a form on a screen
_MOST_PAGES = 3
_VISIBLE = 40  # of 255; less is how two drawings of one letter differ at its edge
_GRAIN = 12  # pixels that are one place to the eye
_MARK = (178, 106, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class PagePair:
    """One page, counted from 1: the PNG of it as signed (None where it is the same) and as received."""

    number: int
    signed: bytes | None
    received: bytes


def page_pictures(received: bytes, signed: bytes | None) -> tuple[tuple[PagePair, ...], int]:
    """The first three pages as received, with those of `signed` (an earlier state) where they differ; and the count.

    Unreadable for what PDFium cannot open or draw.
    """
    now, count = _drawn(received)
    then = _drawn(signed)[0] if signed is not None else []
    pairs = []
    for index, page in enumerate(now):
        before = then[index] if index < len(then) else None
        marked = _differing(before, page) if before is not None else ()
        pairs.append(
            PagePair(
                number=index + 1,
                signed=_png(before, marked) if before is not None and marked else None,
                received=_png(page, marked),
            )
        )
    return tuple(pairs), count


def _drawn(pdf: bytes) -> tuple[list[Image.Image], int]:
    try:
        document = pypdfium2.PdfDocument(pdf)
        try:
            document.init_forms()
            count = len(document)
            return [_page(document[index]) for index in range(min(count, _MOST_PAGES))], count
        finally:
            document.close()
    except (pypdfium2.PdfiumError, ValueError, ZeroDivisionError) as error:
        raise broken() from error


def _page(page: pypdfium2.PdfPage) -> Image.Image:
    width, height = page.get_size()
    drawn: Image.Image = page.render(scale=min(_WIDTH / width, _HEIGHT / height), may_draw_forms=True).to_pil()
    return drawn.convert("RGB")


def _differing(one: Image.Image, other: Image.Image) -> tuple[tuple[int, int, int, int], ...]:
    """The boxes (pixels) in which two pictures differ; the whole page where their sizes do."""
    if one.size != other.size:
        return ((0, 0, other.width - 1, other.height - 1),)
    apart = ImageChops.difference(one, other).convert("L").point(lambda value: 255 if value > _VISIBLE else 0)
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


def _png(picture: Image.Image, marked: tuple[tuple[int, int, int, int], ...]) -> bytes:
    if marked:
        picture = picture.copy()
        pen = ImageDraw.Draw(picture)
        for left, top, right, bottom in marked:
            pen.rectangle((left - 6, top - 6, right + 6, bottom + 6), outline=_MARK, width=4)
    out = BytesIO()
    picture.quantize(64).save(out, "PNG", optimize=True)
    return out.getvalue()
