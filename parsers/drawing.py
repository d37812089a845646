"""Reads the drawing steps of an appearance: where it clips, and whether it only writes text on plain ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pikepdf import Dictionary, Object, Pdf, parse_content_stream

from parsers.faces import faces_of
from parsers.fields import dictionary
from parsers.streams import unpacked
from parsers.widgets import Box

_SHOWING = frozenset({b"Tj", b"TJ", b"'", b'"'})
_FILLING = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
_STROKING = frozenset({b"S", b"s"})
_COLOURS = {b"g": 1, b"rg": 3, b"k": 4}
# Everything else (nested drawings, pictures, curves, patterns, other matrices) can show letters that are no text.
_HARMLESS = frozenset(
    b"BMC BDC EMC MP DP q Q BT ET Tf Td TD Tm T* Tc Tw Tz TL Ts Tr G RG K re m l h W W* n w J j M d i ri".split()
)
_KNOWN = _HARMLESS | _SHOWING | _FILLING | _STROKING | frozenset(_COLOURS)
_LIGHT, _DARK = 0.7, 0.6
_RECTANGLE = 4
_INVISIBLE = (3, 7)
_NARROWEST = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """`plain` is False when the steps could show something else than their text; `clips` bound what is seen."""

    plain: bool
    clips: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class _State:
    lightness: float = 0.0
    clips: tuple[Box, ...] = ()


def drawing_of(appearance: Object, pdf: Pdf) -> Drawing:
    """Follow the steps of one appearance. Text must be dark, in a visible mode, on light ground, nothing above it."""
    state, saved = _State(), list[_State]()
    rectangle: Box | None = None
    used: list[Box] = []
    faces = faces_of(appearance)
    written, plain = False, not _see_through(appearance)
    for step in parse_content_stream(pdf.make_stream(unpacked(appearance))):
        operands, operator = list(step.operands), str(step.operator).encode()
        plain = plain and operator in _KNOWN and not _odd(operands, operator)
        if operator == b"q":
            saved.append(state)
        elif operator == b"Q" and saved:
            state = saved.pop()
        elif operator in _COLOURS and len(operands) == _COLOURS[operator]:
            state = replace(state, lightness=_lightness([float(each) for each in operands]))
        elif operator == b"re" and len(operands) == _RECTANGLE:
            left, bottom, width, height = (float(each) for each in operands)
            right, top = left + width, bottom + height
            rectangle = (min(left, right), min(bottom, top), max(left, right), max(bottom, top))
        elif operator == b"m":
            rectangle = None
        elif operator == b"Tf":
            # A font from nowhere is drawn by some viewers, in a font of their choice, and not at all by others.
            plain = plain and bool(operands) and str(operands[0]) in faces
        elif operator in (b"W", b"W*"):
            plain = plain and rectangle is not None
            state = replace(state, clips=(*state.clips, rectangle)) if rectangle else state
        elif operator in _SHOWING:
            written = True
            plain = plain and state.lightness < _DARK
            used += state.clips
        elif operator in _FILLING:
            plain = plain and not written and state.lightness > _LIGHT
        elif operator in _STROKING:
            plain = plain and not written
    return Drawing(plain=plain, clips=tuple(used))


def _odd(operands: Sequence[object], operator: bytes) -> bool:
    """Tell steps that hide text: invisible modes, hair-thin letters, content that layers switch off."""
    first = operands[0] if operands else None
    return (
        (operator == b"Tr" and first in _INVISIBLE)
        or (operator == b"Tz" and float(str(first)) < _NARROWEST)
        or (operator == b"BDC" and str(first) == "/OC")
    )


def _lightness(parts: list[float]) -> float:
    """0 is black, 1 is white; ISO 32000-1 10.3."""
    if len(parts) == 1:
        return parts[0]
    mixed = 0.3 * parts[0] + 0.59 * parts[1] + 0.11 * parts[2]
    return mixed if len(parts) == _COLOURS[b"rg"] else 1 - min(1.0, mixed + parts[3])


def _see_through(appearance: Object) -> bool:
    resources = dictionary(appearance.get("/Resources")) or Dictionary()
    return bool(dictionary(resources.get("/ExtGState"))) or "/Group" in appearance
