"""Where the gateway draws its field, as it counts pages and points, and the picture of the stamp it draws there."""

from __future__ import annotations

from parsers.opening import looking_into
from parsers.pictures import first_page_png
from parsers.widgets import Box, places_of
from signing.signers.bsre import Place
from signing.stamp import Stamp
from signing.stamp_page import stamp_page

_SHARPNESS = 4.0  # pixels per point: the code in the stamp is read from paper too


def place_on(content: bytes, *, page: int, box: Box) -> Place:
    """That box (`page` counts from 0) on the page as it is, whose visible part need not begin at its origin."""
    on_page = [each.page_box for each in looking_into(content, places_of) if each.page == page]
    left, bottom, _, top = on_page[0] if on_page else (0.0, 0.0, 0.0, 0.0)
    moved = (box[0] - left, box[1] - bottom, box[2] - left, box[3] - bottom)
    return Place(page=page + 1, height=top - bottom, box=moved)


def picture_of(stamp: Stamp, place: Place) -> bytes:
    """The stamp as a PNG of the place's shape."""
    left, bottom, right, top = place.box
    return first_page_png(stamp_page(stamp, right - left, top - bottom), scale=_SHARPNESS)


def stamp_in_field(content: bytes, name: str, stamp: Stamp) -> tuple[Place, bytes]:
    """Place and picture for a stamp in the signature field of that name, of a paper the house made."""
    (found,) = [each for each in looking_into(content, places_of) if each.name == name and each.page is not None]
    place = place_on(content, page=found.page or 0, box=found.box)
    return place, picture_of(stamp, place)
