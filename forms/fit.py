"""What fits: text laid out in a box at 10 points, shrinking to 7; below that nobody could read what they sign."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from forms.face import Face

LARGEST, SMALLEST, STEP = 10.0, 7.0, 0.5
PADDING = 2.0
LEADING = 1.18
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """Lines of text at `size` points, `leading` points apart."""

    lines: tuple[str, ...]
    size: float
    leading: float


def normal(text: str) -> str:
    """Text as it is kept and drawn: composed characters, plain line ends, no tabs or non-breaking spaces."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\t", " ").replace("\u00a0", " ").replace("\u200b", "").strip()


def lay_out(text: str, *, box: Box, face: Face, multiline: bool) -> Layout | None:
    """The largest layout that shows all of `text` inside `box` (points); None when even 7 points are too large.

    Every character must be one the face can draw (`Face.missing`), else KeyError.
    """
    width, height = box[2] - box[0] - 2 * PADDING, box[3] - box[1]
    size = LARGEST
    while size >= SMALLEST:
        lines = _wrap(text, width, size, face) if multiline else [text.replace("\n", " ")]
        leading = size * LEADING
        tall = (len(lines) - 1) * leading + size * (face.ascent - face.descent) / 1000
        if tall <= height + 0.01 and all(face.width(line, size) <= width for line in lines):
            return Layout(lines=tuple(lines), size=size, leading=leading)
        size -= STEP
    return None


def capacity(*, box: Box, face: Face, multiline: bool) -> int:
    """About how many characters of ordinary text the box holds at 7 points, rounded down to tens."""
    width, height = box[2] - box[0] - 2 * PADDING, box[3] - box[1]
    lines = max(1, int((height - SMALLEST) / (SMALLEST * LEADING)) + 1) if multiline else 1
    return int(lines * width / face.width("n", SMALLEST) // 10 * 10)


def _wrap(text: str, width: float, size: float, face: Face) -> list[str]:
    lines: list[str] = []
    for paragraph in text.split("\n"):
        line = ""
        for word in paragraph.split(" "):
            candidate = f"{line} {word}" if line else word
            if face.width(candidate, size) <= width:
                line = candidate
                continue
            if line:
                lines.append(line)
            line = word
            while face.width(line, size) > width:  # one word longer than the line is broken where it must be
                cut = next((at for at in range(len(line) - 1, 0, -1) if face.width(line[:at], size) <= width), 1)
                lines.append(line[:cut])
                line = line[cut:]
                if len(line) <= 1:
                    break
        lines.append(line)
    return lines
