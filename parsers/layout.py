"""Read the visible text of pages, and where it is (pdfplumber)."""

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
from parsers.errors import broken_file, too_complex
from parsers.pdf import read_with_qpdf
from parsers.safety import refuse_heavy
from parsers.widgets import Box, WidgetPlacement, is_signature, widgets_of

_PAGES_READ = 3
_SAME_SHAPE = 0.01
_MOST_OF_LETTER = 0.65
_GAP = 0.2
_T = TypeVar("_T")
_Letter = dict[str, Any]

# pdfminer logs its repairs; without a handler Python would print them on the terminal.
logging.getLogger("pdfminer").addHandler(logging.NullHandler())


def has_text(pdf: bytes) -> bool:
    """Tell whether the first three pages have any letters; a scan has none."""
    return bool(printed_text(pdf).strip())


def printed_text(pdf: bytes) -> str:
    """Return the text of the first three pages."""
    read_with_qpdf(pdf, refuse_heavy)
    return "\n".join(_read_pages(pdf, _PAGES_READ, lambda page: str(page.extract_text(x_tolerance_ratio=_GAP))))


def printed_words(pdf: bytes) -> tuple[Box, ...]:
    """Return the boxes of the words of the first page, from its lower left corner."""

    def read(page: Page) -> tuple[Box, ...]:
        words = page.extract_words()
        height = float(page.height)
        return tuple((word["x0"], height - word["bottom"], word["x1"], height - word["top"]) for word in words)

    return _read_pages(pdf, 1, read)[0]


def printed_answers(pdf: bytes, form: Form) -> dict[str, str]:
    """Read the letters inside the box of each field of the published blank, for files whose fields were flattened.

    A page with the proportions of the blank but another size is scaled.
    """
    read_with_qpdf(pdf, refuse_heavy)
    widgets = [widget for widget in read_with_qpdf(blank_bytes(form), widgets_of) if not is_signature(widget)]
    by_page = _read_pages(pdf, _PAGES_READ, _visible_letters)
    answers: dict[str, str] = {}
    for widget in widgets:
        inside: list[_Letter] = []
        if widget.page is not None and widget.page < len(by_page):
            width, height, letters = by_page[widget.page]
            box = _scaled_box(widget, width, height)
            inside = [letter for letter in letters if _is_inside(letter, box)]
        answers.setdefault(widget.name, _text(inside))
    return answers


def _visible_letters(page: Page) -> tuple[float, float, list[_Letter]]:
    """Return width, height and letters of the visible part of a page, from its lower left corner."""
    left, _, right, low = (float(edge) for edge in page.cropbox)
    height = low - float(page.cropbox[1])
    # pdfplumber measures x from the origin of the file and y0, y1 from the lower edge of the media box.
    base = float(page.mediabox[3]) - low
    letters = [
        letter
        | {"x0": letter["x0"] - left, "x1": letter["x1"] - left, "y0": letter["y0"] - base, "y1": letter["y1"] - base}
        for letter in page.chars
    ]
    return right - left, height, letters


def _text(letters: list[_Letter]) -> str:
    return str(extract_text(letters, x_tolerance_ratio=_GAP)) if letters else ""


def _is_inside(letter: _Letter, box: Box) -> bool:
    """Tell whether most of a letter is inside the box."""
    across = min(letter["x1"], box[2]) - max(letter["x0"], box[0])
    up = min(letter["y1"], box[3]) - max(letter["y0"], box[1])
    width, height = letter["x1"] - letter["x0"], letter["y1"] - letter["y0"]
    return bool(across >= _MOST_OF_LETTER * width and up >= _MOST_OF_LETTER * height)


def _scaled_box(widget: WidgetPlacement, width: float, height: float) -> Box:
    left, bottom, right, top = widget.page_box
    across, up = width / (right - left), height / (top - bottom)
    if abs(across / up - 1) > _SAME_SHAPE:
        across = up = 1.0
    box = widget.box
    return (
        (box[0] - left) * across,
        (box[1] - bottom) * up,
        (box[2] - left) * across,
        (box[3] - bottom) * up,
    )


def _read_pages(pdf: bytes, most: int, read: Callable[[Page], _T]) -> list[_T]:
    """Return what `read` returns for each of the first pages; Unreadable for any failure in there."""
    try:
        with pdfplumber.open(BytesIO(pdf), pages=list(range(1, most + 1))) as opened:
            return [read(page) for page in opened.pages]
    except (MemoryError, RecursionError) as error:
        raise too_complex() from error
    except Exception as error:  # a broken file may cause any exception in pdfminer
        raise broken_file() from error
