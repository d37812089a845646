"""The serial as people and telephones read it: a line of text and its QR, one form XObject, always drawn the same."""

from __future__ import annotations

import io
from functools import lru_cache

import segno

from forms.face import published_face

# The XObject's name on the page, the key that keeps its text, and its place there (points).
NAME = "/Serial"
KEY = "/CMBSerial"
PLACE = (402.5, 22.0, 544.2, 104.0)
_WIDTH, _HEIGHT = PLACE[2] - PLACE[0], PLACE[3] - PLACE[1]
_QR = 60.0


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
    matrix = io.StringIO()
    segno.make(text, error="m", micro=False, mask=3).save(matrix, kind="txt", border=0)
    rows = matrix.getvalue().split()
    side = _QR / len(rows)
    left, top = _WIDTH - _QR, _HEIGHT
    runs = []
    for line, row in enumerate(rows):
        start = None
        for place, module in enumerate([*row, "0"]):
            if module == "1" and start is None:
                start = place
            elif module != "1" and start is not None:
                x, y = left + start * side, top - (line + 1) * side
                runs.append(f"{x:.3f} {y:.3f} {(place - start) * side:.3f} {side:.3f} re")
                start = None
    return [*runs, "f"]
