"""The visible signature: QR on the left, who signed and when on the right; drawn in vectors, nothing behind text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import segno

from signing.face import Face, open_face

_PAD = 3.0  # points between the border and anything drawn
_SMALLEST = 5.5  # points; below that nobody reads it on paper
_STEP = 0.25
_LEADING = 1.18
_COMFORTABLE = 7.0  # points; a name goes onto a third line before it gets smaller than this
_QUIET = 2  # modules of white around the code; the rest of the quiet zone is the padding


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What a visible signature says. `font` is a TrueType file; the glyphs used are embedded.

    Texts are Indonesian and final: `lines` are NIP, role and time as the caller wants them read.
    """

    name: str
    lines: tuple[str, ...]
    qr_text: str | None
    font: bytes = field(repr=False)
    heading: str = "Ditandatangani secara elektronik oleh:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A stamp drawn for one box: content stream, and the font program behind its `/F` resource."""

    content: bytes
    face: Face
    glyphs: dict[int, str]
    program: bytes


@dataclass(frozen=True, slots=True)
class _Line:
    text: str
    size: float


def draw(stamp: Stamp, width: float, height: float) -> Drawing:
    """Draw for a box of that size in points; text shrinks and wraps until it fits."""
    face = open_face(stamp.font)
    side = min(height - 2 * _PAD, 0.4 * width) if stamp.qr_text else 0.0
    left = _PAD + (side + 2 * _PAD if side else 0.0)
    room = width - left - _PAD
    lines = _lay_out(stamp, face, room, height - 2 * _PAD)
    parts = [b"q 0.5 w 0.35 G %s re S Q" % _numbers(0.25, 0.25, width - 0.5, height - 0.5)]
    if side and stamp.qr_text:
        parts.append(_qr(stamp.qr_text, _PAD, (height - side) / 2, side))
    block = sum(line.size * _LEADING for line in lines)
    top = (height + block) / 2
    glyphs: dict[int, str] = {0: "\ufffd"}
    parts.append(b"BT 0 g")
    for line in lines:
        top -= line.size * _LEADING
        numbers = [face.glyph(character) for character in line.text]
        glyphs.update(zip(numbers, line.text, strict=True))
        coded = b"".join(b"%04X" % number for number in numbers)
        baseline = top + line.size * 0.28
        parts.append(b"/F %s Tf 1 0 0 1 %s Tm <%s> Tj" % (_numbers(line.size), _numbers(left, baseline), coded))
    parts.append(b"ET")
    return Drawing(content=b"\n".join(parts), face=face, glyphs=glyphs, program=face.subset(glyphs))


def _lay_out(stamp: Stamp, face: Face, room: float, height: float) -> list[_Line]:
    """The largest sizes at which everything fits; each line shrinks by itself before the whole does."""
    scale = 1.0
    while True:
        name = _fitting(stamp.name, 9.5 * scale, room, face, most=2)
        if name[0].size < _COMFORTABLE * scale:
            name = _fitting(stamp.name, _COMFORTABLE * scale, room, face, most=3)
        lines = _fitting(stamp.heading, 6.5 * scale, room, face, most=1) + name
        for text in stamp.lines:
            lines += _fitting(text, 7.5 * scale, room, face, most=2)
        if sum(line.size * _LEADING for line in lines) <= height or scale < 0.5:  # noqa: PLR2004 - half size
            return lines
        scale *= 0.95


def _within(part: str, *, face: Face, size: float, room: float) -> bool:
    return face.width(part, size) <= room


def _fitting(text: str, size: float, room: float, face: Face, *, most: int) -> list[_Line]:
    smallest = min(size, _SMALLEST)
    while True:
        wrapped = _wrap(text, partial(_within, face=face, size=size, room=room))
        if len(wrapped) <= most and all(face.width(part, size) <= room for part in wrapped):
            return [_Line(part, size) for part in wrapped]
        if size <= smallest:
            # Nothing may be cut from a name: smaller than we like is better than wrong.
            squeeze = min(1.0, *(room / max(face.width(part, size), 1.0) for part in wrapped))
            return [_Line(part, size * squeeze) for part in wrapped]
        size = max(smallest, size - _STEP)


def _wrap(text: str, fits: Callable[[str], bool]) -> list[str]:
    lines: list[str] = []
    for word in text.split():
        if lines and fits(f"{lines[-1]} {word}"):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines or [""]


def _qr(text: str, x: float, y: float, side: float) -> bytes:
    """A QR code (ISO/IEC 18004, level M) as one filled path of horizontal runs."""
    rows = [bytes(row) for row in segno.make_qr(text, error="m").matrix]
    module = side / (len(rows) + 2 * _QUIET)
    runs = []
    for index, row in enumerate(rows):
        bottom = y + side - (index + 1 + _QUIET) * module
        start = 0
        while (start := row.find(1, start)) >= 0:
            end = row.find(0, start)
            end = len(row) if end < 0 else end
            # A hair of overlap downwards keeps renderers from drawing white lines between rows.
            box = _numbers(x + (start + _QUIET) * module, bottom - 0.02, (end - start) * module, module + 0.02)
            runs.append(b"%s re" % box)
            start = end
    return b"q 0 g\n" + b"\n".join(runs) + b"\nf Q"


def _numbers(*values: float) -> bytes:
    return b" ".join(b"%g" % round(value, 3) for value in values)
