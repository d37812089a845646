"""What a viewer that draws the answers anew would show: /NeedAppearances tells it to leave our drawings aside."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pikepdf import Dictionary, Object, Pdf

from parsers.drawing import is_dark
from parsers.fields import acroform_of
from parsers.objects import dictionary

_SMALLEST = 6.9
_NUMBERS_BEFORE = {"g": 1, "rg": 3, "k": 4}


def is_redrawn(pdf: Pdf) -> bool:
    """Tell whether viewers are told to draw every answer anew (ISO 32000-1 table 218)."""
    told: Any = (acroform_of(pdf) or Dictionary()).get("/NeedAppearances")
    return told is True


def redrawn_plainly(style: str, pdf: Pdf, believed: Callable[[Object], bool]) -> bool:
    """Tell whether a default appearance (12.7.3.3) writes dark, legible letters in a font that may be believed."""
    form = acroform_of(pdf) or Dictionary()
    words = (style or str(form.get("/DA") or "")).split()
    resources = dictionary(form.get("/DR")) or Dictionary()
    fonts = dictionary(resources.get("/Font")) or Dictionary()
    font, size, dark = None, 0.0, True
    for place, word in enumerate(words):
        if word == "Tf" and place > 1:
            font, size = dictionary(fonts.get(words[place - 2])), float(words[place - 1])
        elif word in _NUMBERS_BEFORE and place >= _NUMBERS_BEFORE[word]:
            dark = is_dark([float(each) for each in words[place - _NUMBERS_BEFORE[word] : place]])
        elif word.isalpha() or "*" in word:
            return False
    # Size 0 lets the viewer choose one that fits.
    return font is not None and believed(font) and dark and (size == 0 or size >= _SMALLEST)
