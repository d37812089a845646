"""The serial as people and telephones read it: a line of text and its QR, one form XObject, always drawn the same."""

from __future__ import annotations

import re
from functools import lru_cache

import segno

from forms.face import published_face

# The XObject's name on the page, the key that keeps its text, and its place there (points).
NAME = "/Serial"
KEY = "/CMBSerial"
PLACE = (402.5, 22.0, 544.2, 104.0)
_WIDTH, _HEIGHT = PLACE[2] - PLACE[0], PLACE[3] - PLACE[1]
_QR, _LINES = 60.0, 20.0  # the side of the QR, the height of the two lines below it
_RUN = re.compile(rb"\x01+")  # dark modules side by side


def serial_places() -> tuple[tuple[float, float, float, float], ...]:
    """Where the QR and the two lines of text stand on the page: (left, bottom, right, top) in points."""
    left, bottom, right, top = PLACE
    return ((right - _QR, top - _QR, right, top), (left, bottom, right, bottom + _LINES))


@lru_cache(maxsize=8)
def draw_serial(serial: str) -> bytes:
    """Content stream in a box of the size of `PLACE`; an empty serial draws nothing."""
    if not serial:
        return b""
    face = published_face()
    parts = ["q", "0 g", *_squares(serial), "BT"]
    for baseline, size, text in ((11.0, 6.6, "Nomor seri"), (2.0, 7.6, serial)):
        glyphs = "".join(f"{face.glyphs[character][0]:04X}" for character in text)
        left = _WIDTH - face.width(text, size)
        parts.append(f"/CmbU {size} Tf 1 0 0 1 {left:.3f} {baseline} Tm <{glyphs}> Tj")
    return ("\n".join([*parts, "ET", "Q"]) + "\n").encode("ascii")


def _squares(text: str) -> list[str]:
    """QR modules as filled runs, at the upper right."""
    rows = segno.make(text, error="m", micro=False, mask=3).matrix
    across, wide, up, side = _lengths(len(rows))
    runs = [
        f"{across[run.start()]} {up[line]} {wide[run.end() - run.start()]} {side} re"
        for line, row in enumerate(rows)
        for run in _RUN.finditer(row)
    ]
    return [*runs, "f"]


@lru_cache(maxsize=4)
def _lengths(modules: int) -> tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...], str]:
    """As written: the left edge of each column, the width of each number of them, the foot of each row, and a side."""
    side = _QR / modules
    left, top = _WIDTH - _QR, _HEIGHT
    columns = range(modules + 1)
    return (
        tuple(f"{left + each * side:.3f}" for each in columns),
        tuple(f"{each * side:.3f}" for each in columns),
        tuple(f"{top - (each + 1) * side:.3f}" for each in columns),
        f"{side:.3f}",
    )
