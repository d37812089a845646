"""Reads what a page or an appearance visibly says, from its printed geometry (pdfplumber)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeVar

import pdfplumber
from pdfplumber.page import Page
from pdfplumber.utils.text import extract_text
from pikepdf import Pdf

from forms.catalog import blank_bytes
from forms.schema import Form
from parsers.opening import looking_into
from parsers.refusals import broken, too_complex
from parsers.sheet import Sheet, Sheets, sheets_of
from parsers.weight import refuse_heavy
from parsers.widgets import Box, Place, is_signature, places_of

_PAGES_READ = 3
_SAME_SHAPE = 0.01
_MOSTLY = 0.65
_GAP = 0.2
_HALF = 0.5
_T = TypeVar("_T")
_Letter = dict[str, Any]

# pdfminer tells its repairs to the log; without any handler Python would print them on the person's terminal.
logging.getLogger("pdfminer").addHandler(logging.NullHandler())


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What one appearance shows. `seen` are the lines inside its window, `written` all lines it draws.

    `smallest` is the size of its smallest letter as printed, in pt (None without letters); `plain` as in `Sheet`.
    """

    seen: str
    written: str
    smallest: float | None
    plain: bool


def shown(sheets: Sheets) -> tuple[Shown, ...]:
    """Read appearances that were laid out one to a page."""
    if not sheets.sheets:
        return ()
    letters = [letters for _, _, letters in _pages(sheets.pdf, len(sheets.sheets), _visible)]
    return tuple(_shown(sheet, each) for sheet, each in zip(sheets.sheets, letters, strict=True))


def shown_values(pdf: bytes, names: Collection[str]) -> dict[str, str]:
    """Read what the first widget of each named field visibly shows, clipped to its box; '' where nothing is drawn."""

    def look(opened: Pdf) -> dict[str, str]:
        first: dict[str, Place] = {}
        for place in places_of(opened):
            if place.name in names and not is_signature(place):
                first.setdefault(place.name, place)
        texts = shown(sheets_of(first.values(), opened))
        return {name: each.seen for name, each in zip(first, texts, strict=True)}

    return looking_into(pdf, look)


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


def _shown(sheet: Sheet, letters: list[_Letter]) -> Shown:
    black = [each for each in letters if str(each["text"]).strip()]
    return Shown(
        seen=_text([each for each in letters if _within(each, sheet.window)]),
        written=_text(letters),
        smallest=min((float(each["size"]) * sheet.scale for each in black), default=None),
        plain=sheet.plain and not _heaped(black),
    )


def _heaped(letters: list[_Letter]) -> bool:
    """Tell whether a letter is drawn over most of another: what is read there is not what is seen."""
    waiting: list[_Letter] = []
    for each in sorted(letters, key=lambda letter: float(letter["x0"])):
        waiting = [other for other in waiting if other["x1"] > each["x0"]]
        if any(_covered(each, other) for other in waiting):
            return True
        waiting.append(each)
    return False


def _covered(one: _Letter, other: _Letter) -> bool:
    across = min(one["x1"], other["x1"]) - max(one["x0"], other["x0"])
    up = min(one["y1"], other["y1"]) - max(one["y0"], other["y0"])
    smaller = min((each["x1"] - each["x0"]) * (each["y1"] - each["y0"]) for each in (one, other))
    return bool(across > 0 and up > 0 and across * up > _HALF * smaller)


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
