"""The fine-line border of a certificate as vectors: braided strands, corner rosettes and rules."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from functools import cache
from math import cos, pi, sin

from pikepdf import Array, Dictionary, Name, Pdf, Stream

from forms.typesetting.paper import HEIGHT, MM, WIDTH

NAVY, GOLD = b"0.078 0.129 0.239 RG", b"0.690 0.553 0.235 RG"

_AXIS = 13.0 * MM  # middle of the braid, from the paper's edge
_AMPLITUDE = 2.3 * MM
_PERIOD = 11.5 * MM  # about; each side has a whole number of periods
_STRANDS = 6
_CORNER = 6.6 * MM  # radius of the rosettes
# Lengths of the braid along the edges of the paper.
_LONG_SIDE, _SHORT_SIDE = WIDTH - 2 * (_AXIS + _CORNER), HEIGHT - 2 * (_AXIS + _CORNER)
_Point = tuple[float, float]


def border(pdf: Pdf) -> Stream:
    """Return the border as a form XObject to draw at the lower left corner of the page."""
    packed = _packed()
    parts = {name: _drawing(pdf, content, {}) for name, content in packed.items() if name != "/Border"}
    return _drawing(pdf, packed["/Border"], parts)


@cache
def _packed() -> dict[str, bytes]:
    """Return the compressed drawings by name; they never change."""
    pieces = {
        "/Long": _strands(_LONG_SIDE),
        "/Short": _strands(_SHORT_SIDE),
        "/Rosette": _rosette(),
        "/Border": _frame(),
    }
    return {name: zlib.compress(content) for name, content in pieces.items()}


def _drawing(pdf: Pdf, packed: bytes, parts: dict[str, Stream]) -> Stream:
    drawing = Stream(pdf, b"")
    drawing.write(packed, filter=Name.FlateDecode)
    drawing.Type, drawing.Subtype, drawing.FormType = Name.XObject, Name.Form, 1
    # A side starts on its own axis and a rosette in its own middle, so there must be room on all sides.
    drawing.BBox = Array([-WIDTH, -HEIGHT, WIDTH, HEIGHT])
    drawing.Resources = Dictionary(XObject=Dictionary(parts)) if parts else Dictionary()
    return drawing


def _strands(length: float) -> bytes:
    """Draw the braid of one side from (0, 0) to (length, 0), `_AMPLITUDE` to both sides."""
    periods = max(1, round(length / _PERIOD))
    wave = 2 * pi * periods / length
    parts = [b"0.22 w"]
    for strand in range(_STRANDS):
        shift = 2 * pi * strand / _STRANDS

        def at(x: float, shift: float = shift) -> tuple[_Point, _Point]:
            return (x, _AMPLITUDE * sin(wave * x + shift)), (1.0, _AMPLITUDE * wave * cos(wave * x + shift))

        colour = GOLD if strand % 3 == 0 else NAVY
        parts.append(colour + b" " + _curve(at, 0.0, length, 4 * periods) + b" S")
    return b"\n".join(parts)


def _rosette() -> bytes:
    """Draw a corner piece around (0, 0): interwoven eight-fold curves on white."""
    parts = [b"1 g", _curve(_lobes(1.0, 0.0, 0, 0.0), 0.0, 2 * pi, 8) + b" f", b"0.22 w"]
    for middle, depth, colour in ((0.66, 0.30, NAVY), (0.62, 0.20, GOLD), (0.36, 0.24, NAVY)):
        for turn in range(4):
            lobes = _lobes(middle, depth, 8, turn * pi / 2)
            parts.append(colour + b" " + _curve(lobes, 0.0, 2 * pi, 32) + b" s")
    rings = [_curve(_lobes(radius, 0.0, 0, 0.0), 0.0, 2 * pi, 8) for radius in (1.0, 0.1)]
    return b"\n".join(parts + [NAVY + b" 0.5 w " + ring + b" s" for ring in rings])


def _frame() -> bytes:
    """Draw rules, sides and corners; uses the XObjects /Long, /Short (strands of the sides) and /Rosette."""
    sides = (
        (b"/Long", 1, 0, _AXIS + _CORNER, _AXIS),
        (b"/Long", 1, 0, _AXIS + _CORNER, HEIGHT - _AXIS),
        (b"/Short", 0, 1, _AXIS, _AXIS + _CORNER),
        (b"/Short", 0, 1, WIDTH - _AXIS, _AXIS + _CORNER),
    )
    parts = [_rule(8.4, 1.1, NAVY), _rule(9.8, 0.3, NAVY), _rule(16.2, 0.3, NAVY), _rule(17.6, 0.6, GOLD)]
    parts += [b"q %d %d %d %d %.2f %.2f cm %s Do Q" % (c, s, -s, c, x, y, name) for name, c, s, x, y in sides]
    corners = [(x, y) for x in (_AXIS, WIDTH - _AXIS) for y in (_AXIS, HEIGHT - _AXIS)]
    parts += [b"q 1 0 0 1 %.2f %.2f cm /Rosette Do Q" % corner for corner in corners]
    return b"\n".join(parts)


def _lobes(middle: float, depth: float, fold: int, shift: float) -> Callable[[float], tuple[_Point, _Point]]:
    """Return a closed curve whose radius swings `fold` times around `middle`, by `depth` (parts of `_CORNER`)."""

    def at(angle: float) -> tuple[_Point, _Point]:
        radius = _CORNER * (middle + depth * sin(fold * angle + shift))
        growth = _CORNER * depth * fold * cos(fold * angle + shift)
        c, s = cos(angle), sin(angle)
        return (radius * c, radius * s), (growth * c - radius * s, growth * s + radius * c)

    return at


def _curve(at: Callable[[float], tuple[_Point, _Point]], start: float, end: float, pieces: int) -> bytes:
    """Draw a smooth curve of `pieces` cubic Bezier pieces; `at` returns point and derivative."""
    step = (end - start) / pieces
    (x, y), (dx, dy) = at(start)
    parts = [b"%.2f %.2f m" % (x, y)]
    for piece in range(1, pieces + 1):
        (u, v), (du, dv) = at(start + piece * step)
        first = (x + dx * step / 3, y + dy * step / 3)
        second = (u - du * step / 3, v - dv * step / 3)
        parts.append(b"%.2f %.2f %.2f %.2f %.2f %.2f c" % (*first, *second, u, v))
        x, y, dx, dy = u, v, du, dv
    return b" ".join(parts)


def _rule(inset: float, weight: float, colour: bytes) -> bytes:
    """Draw a rectangle `inset` millimetres from the edge of the paper."""
    edge = inset * MM
    box = (edge, edge, WIDTH - 2 * edge, HEIGHT - 2 * edge)
    return colour + b" %.2f w %.2f %.2f %.2f %.2f re S" % (weight, *box)
