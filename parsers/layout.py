"""Reads what a page visibly says, from its printed geometry (pdfplumber)."""

from __future__ import annotations

import logging
from collections.abc import Callable
from io import BytesIO
from typing import Any, TypeVar

import pdfplumber
from pdfplumber.page import Page
from pdfplumber.utils.text import extract_text

from forms.catalog import blank_bytes
from forms.schema import Form
from parsers.errors import broken, too_complex
from parsers.pdf import looking_into
from parsers.safety import refuse_heavy
from parsers.widgets import Box, Place, is_signature, places_of

_PAGES_READ = 3
_SAME_SHAPE = 0.01
_MOSTLY = 0.65
_GAP = 0.2
_T = TypeVar("_T")
_Letter = dict[str, Any]

# pdfminer tells its repairs to the log; without any handler Python would print them on the person's terminal.
logging.getLogger("pdfminer").addHandler(logging.NullHandler())


def has_text(pdf: bytes) -> bool:
    """Tell whether the first three pages have any letters at all, or are pictures (a scan)."""
    return bool(printed_text(pdf).strip())


def printed_text(pdf: bytes) -> str:
    """Read the running text of the first three pages, as far as it has letters."""
    looking_into(pdf, refuse_heavy)
    return "\n".join(_pages(pdf, _PAGES_READ, lambda page: str(page.extract_text(x_tolerance_ratio=_GAP))))


def printed_words(pdf: bytes) -> tuple[Box, ...]:
    """Where the words of the first page stand, measured from its lower left corner."""

    def look(page: Page) -> tuple[Box, ...]:
        words = page.extract_words()
        height = float(page.height)
        return tuple((each["x0"], height - each["bottom"], each["x1"], height - each["top"]) for each in words)

    return _pages(pdf, 1, look)[0]


def printed_answers(pdf: bytes, form: Form) -> dict[str, str]:
    """Read the letters inside the box of each field of the published blank; for files whose fields were flattened.

    A print whose page has the blank's proportions but another size is measured in proportion.
    """
    looking_into(pdf, refuse_heavy)
    places = [each for each in looking_into(blank_bytes(form), places_of) if not is_signature(each)]
    by_page = _pages(pdf, _PAGES_READ, _visible)
    answers: dict[str, str] = {}
    for place in places:
        inside: list[_Letter] = []
        if place.page is not None and place.page < len(by_page):
            width, height, letters = by_page[place.page]
            box = _stretched(place, width, height)
            inside = [each for each in letters if _within(each, box)]
        answers.setdefault(place.name, _text(inside))
    return answers


def _visible(page: Page) -> tuple[float, float, list[_Letter]]:
    """Give width, height and letters of the visible part of a page, measured from its lower left corner."""
    left, _, right, low = (float(each) for each in page.cropbox)
    height = low - float(page.cropbox[1])
    # pdfplumber measures x from the origin of the file and y0, y1 from the lower edge of the media box.
    base = float(page.mediabox[3]) - low
    letters = [
        each | {"x0": each["x0"] - left, "x1": each["x1"] - left, "y0": each["y0"] - base, "y1": each["y1"] - base}
        for each in page.chars
    ]
    return right - left, height, letters


def _text(letters: list[_Letter]) -> str:
    return str(extract_text(letters, x_tolerance_ratio=_GAP)) if letters else ""


def _within(letter: _Letter, box: Box) -> bool:
    """Tell whether most of a letter lies inside the box; both measured from the lower left corner of the page."""
    across = min(letter["x1"], box[2]) - max(letter["x0"], box[0])
    up = min(letter["y1"], box[3]) - max(letter["y0"], box[1])
    width, height = letter["x1"] - letter["x0"], letter["y1"] - letter["y0"]
    return bool(across >= _MOSTLY * width and up >= _MOSTLY * height)


def _stretched(place: Place, width: float, height: float) -> Box:
    left, bottom, right, top = place.page_box
    across, up = width / (right - left), height / (top - bottom)
    if abs(across / up - 1) > _SAME_SHAPE:
        across = up = 1.0
    box = place.box
    return (
        (box[0] - left) * across,
        (box[1] - bottom) * up,
        (box[2] - left) * across,
        (box[3] - bottom) * up,
    )


def _pages(pdf: bytes, most: int, look: Callable[[Page], _T]) -> list[_T]:
    """Look at the first pages; whatever the library raises leaves here as Unreadable."""
    try:
        with pdfplumber.open(BytesIO(pdf), pages=list(range(1, most + 1))) as opened:
            return [look(page) for page in opened.pages]
    except (MemoryError, RecursionError) as error:
        raise too_complex() from error
    except Exception as error:  # pdfminer raises whatever it stumbles over in a broken file
        raise broken() from error
