"""Lays appearances out one to a page, so that a reader of printed pages can read exactly what each of them shows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from pikepdf import Array, Dictionary, Object, Pdf

from parsers.drawing import drawing_of
from parsers.faces import faces_of
from parsers.streams import unpacked
from parsers.widgets import Box, Place, box_of, is_upright


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """One page. `window` is what is seen of it, from its lower left corner; `scale` how much smaller it is printed.

    `plain` is False when the appearance does more than write text, so that reading its text proves nothing.
    """

    window: Box
    scale: float
    plain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheets:
    """A document of appearances: its bytes, and one sheet per page in the order asked for."""

    pdf: bytes
    sheets: tuple[Sheet, ...]


NO_SHEETS = Sheets(pdf=b"", sheets=())


def sheets_of(places: Iterable[Place], pdf: Pdf) -> Sheets:
    """Lay out the appearances of the places, in their order; places without an appearance are empty pages."""
    with Pdf.new() as laid_out:
        sheets = []
        for place in places:
            appearance = place.appearance if place.appearance is not None else pdf.make_stream(b"")
            sheets.append(_sheet(place, appearance, pdf))
            left, bottom, right, top = _bounds(appearance)
            page = laid_out.add_blank_page(page_size=(max(right - left, 1), max(top - bottom, 1)))
            page.MediaBox = Array([left, bottom, right, top])
            page.Contents = laid_out.make_stream(unpacked(appearance))
            fonts = {
                name: laid_out.copy_foreign(font if font.is_indirect else pdf.make_indirect(font))
                for name, font in faces_of(appearance).items()
            }
            page.Resources = Dictionary(Font=Dictionary(fonts))
        out = BytesIO()
        laid_out.save(out)
    return Sheets(pdf=out.getvalue(), sheets=tuple(sheets))


def _sheet(place: Place, appearance: Object, pdf: Pdf) -> Sheet:
    """ISO 32000-1 12.5.5: the bounding box of the appearance is scaled to the box of the widget."""
    left, bottom, right, top = _bounds(appearance)
    width, height = right - left, top - bottom
    across, up = place.box[2] - place.box[0], place.box[3] - place.box[1]
    window = (left, bottom, right, top)
    plain = is_upright(appearance) and width > 0 and height > 0
    if place.appearance is not None:
        drawing = drawing_of(appearance, pdf)
        plain = plain and drawing.plain
        for clip in drawing.clips:
            window = (
                max(window[0], clip[0]),
                max(window[1], clip[1]),
                min(window[2], clip[2]),
                min(window[3], clip[3]),
            )
    return Sheet(
        window=(window[0] - left, window[1] - bottom, window[2] - left, window[3] - bottom),
        scale=min(across / width, up / height) if plain else 1.0,
        plain=plain,
    )


def _bounds(appearance: Object) -> Box:
    return box_of(appearance.get("/BBox"))
