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
    """Text as it is kept and drawn: composed characters, plain line ends, nothing invisible."""
    text = unicodedata.normalize("NFC", text).replace("\r\n", "\n").replace("\r", "\n")
    return text.translate({0x09: " ", 0xA0: " ", 0x200B: None, 0xAD: None}).strip()


def lay_out(text: str, *, box: Box, face: Face, multiline: bool) -> Layout | None:
    """The largest layout that shows all of `text` inside `box` (points); None when even 7 points are too large.

    Every character must be one the face can draw (`Face.missing`), else KeyError.
    """
    width, height = box[2] - box[0] - 2 * PADDING, box[3] - box[1]
    paragraphs = [_measured(part, face) for part in (text.split("\n") if multiline else [text.replace("\n", " ")])]
    size = LARGEST
    while size >= SMALLEST:
        lines = _wrap(paragraphs, width * 1000 / size, face)
        leading = size * LEADING
        tall = (len(lines) - 1) * leading + size * (face.ascent - face.descent) / 1000
        if tall <= height + 0.01 and (multiline or len(lines) == 1):
            return Layout(lines=tuple(lines), size=size, leading=leading)
        size -= STEP
    return None


def capacity(text: str, *, box: Box, face: Face, multiline: bool) -> tuple[int, int]:
    """(lines, characters) the box holds at 7 points, for letters as wide as those of `text`; down to tens."""
    width, height = box[2] - box[0] - 2 * PADDING, box[3] - box[1]
    tall = SMALLEST * (face.ascent - face.descent) / 1000
    lines = int((height + 0.01 - tall) / (SMALLEST * LEADING)) + 1 if multiline else 1
    letter = face.width(text.replace("\n", " "), SMALLEST) / len(text)
    return lines, int(lines * width / letter // 10 * 10)


def _measured(paragraph: str, face: Face) -> list[tuple[str, int]]:
    """Words with their widths in 1/1000 em; measured once for all sizes."""
    return [(word, sum(face.glyphs[character][1] for character in word)) for word in paragraph.split(" ")]


def _wrap(paragraphs: list[list[tuple[str, int]]], room: float, face: Face) -> list[str]:
    """Lines no wider than `room` (1/1000 em); a word longer than a line is broken where it must be."""
    space = face.glyphs[" "][1]
    lines: list[str] = []
    for paragraph in paragraphs:
        line, wide = "", 0
        for word, width in paragraph:
            if line and wide + space + width <= room:
                line, wide = f"{line} {word}", wide + space + width
                continue
            if line:
                lines.append(line)
            *broken, line = _broken(word, room, face) if width > room else [word]
            lines += broken
            wide = sum(face.glyphs[character][1] for character in line) if broken else width
        lines.append(line)
    return lines


def _broken(word: str, room: float, face: Face) -> list[str]:
    parts, wide = [""], 0
    for character in word:
        width = face.glyphs[character][1]
        if parts[-1] and wide + width > room:
            parts.append("")
            wide = 0
        parts[-1] += character
        wide += width
    return parts
