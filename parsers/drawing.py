"""Reads the drawing steps of an appearance: where it clips, and whether it only writes text on plain ground."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pikepdf import Dictionary, Object, Pdf, parse_content_stream

from parsers.faces import faces_of
from parsers.objects import dictionary
from parsers.outline import Outline
from parsers.streams import unpacked
from parsers.widgets import Box, box_of

_SHOWING = frozenset({b"Tj", b"TJ", b"'", b'"'})
_FILLING = frozenset({b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*"})
_STROKING = frozenset({b"S", b"s"})
_BOTH = frozenset({b"B", b"B*", b"b", b"b*"})
_ENDING = _FILLING | _STROKING | {b"n"}
_COLOURS = {b"g": 1, b"rg": 3, b"k": 4}
_CLIPPING, _BUILDING = frozenset({b"W", b"W*"}), frozenset({b"re", b"m", b"l"})
# Everything else (nested drawings, pictures, curves, patterns, other matrices) can show letters that are no text.
_HARMLESS = frozenset(
    b"BMC BDC EMC MP DP q Q BT ET Tf Td TD Tm T* Tc Tw Tz TL Ts Tr G RG K re m l h W W* n w J j M d i ri cm".split()
)
_KNOWN = _HARMLESS | _SHOWING | _FILLING | _STROKING | frozenset(_COLOURS)
_LIGHT, _DARK = 0.7, 0.6
_POINT, _RECTANGLE = 2, 4
_AS_IT_STANDS = (1, 0, 0, 1, 0, 0)
_FILLED_LETTERS = 0  # the text mode that fills and does nothing else, ISO 32000-1 table 106
_NARROWEST = 50
_HAIR = 0.001
_BORDER = 3.0  # points from its edge within which a border of a field is drawn


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """`plain` is False when the steps could show something else than their text; `clips` bound what is seen."""

    plain: bool
    clips: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class _State:
    lightness: float = 0.0
    width: float = 1.0
    clips: tuple[Box, ...] = ()


def drawing_of(appearance: Object, pdf: Pdf) -> Drawing:
    """Follow the steps of one appearance. Text must be dark, in a visible mode, on light ground, nothing above it."""
    state, saved = _State(), list[_State]()
    outline, clipped = Outline(), False
    used: list[Box] = []
    faces = faces_of(appearance)
    edge = box_of(appearance.get("/BBox"))
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
        elif operator == b"w" and operands:
            state = replace(state, width=abs(float(operands[0])))
        elif operator == b"Tf":
            # A font from nowhere is drawn by some viewers, in a font of their choice, and not at all by others.
            plain = plain and bool(operands) and str(operands[0]) in faces
        elif operator in _CLIPPING:
            clip = outline.clip(even_odd=operator == b"W*")
            plain = plain and clip is not None
            state = replace(state, clips=(*state.clips, clip)) if clip else state
            clipped = True
        elif operator in _SHOWING:
            written = True
            plain = plain and state.lightness < _DARK
            used += state.clips
        if operator in _FILLING:
            plain = plain and not written and state.lightness > _LIGHT and outline.closed().plain
        if operator in _STROKING or operator in _BOTH:
            plain = plain and not written and _borders(outline.closed(), edge, state.width)
        # What is added to a path after W still cuts: it clips when it is painted (ISO 32000-1 8.5.4).
        plain = plain and not (clipped and operator in _BUILDING)
        clipped = clipped and operator not in _ENDING
        outline = _drawn(outline, operands, operator)
    return Drawing(plain=plain, clips=tuple(used))


def _borders(outline: Outline, edge: Box, width: float) -> bool:
    """Tell whether a stroked path is a border along the edge; other strokes turn a 3 into an 8, or cover all."""
    near = (abs(one - two) <= _BORDER for part, _ in outline.boxes for one, two in zip(part, edge, strict=True))
    return outline.plain and width <= _BORDER and all(near)


def _drawn(outline: Outline, operands: Sequence[object], operator: bytes) -> Outline:
    """Follow the path; painting ends it (ISO 32000-1 8.5.3), nothing else does."""
    if operator in _ENDING:
        return Outline()
    if operator == b"h":
        return outline.closed()
    if operator == b"re" and len(operands) == _RECTANGLE:
        left, bottom, width, height = (float(str(each)) for each in operands)
        return outline.rectangle(left, bottom, width, height)
    if operator in (b"m", b"l") and len(operands) == _POINT:
        across, up = (float(str(each)) for each in operands)
        return outline.moved((across, up)) if operator == b"m" else outline.lined((across, up))
    return replace(outline, plain=False) if operator in _BUILDING else outline


def _odd(operands: Sequence[object], operator: bytes) -> bool:
    """Tell steps that hide or change text: outlines, turned or hair-thin letters, moved or switched-off content."""
    first = operands[0] if operands else None
    return (
        (operator == b"Tr" and first != _FILLED_LETTERS)
        or (operator == b"Tm" and not _is_level(operands))
        or (operator == b"Tf" and not (len(operands) > 1 and float(str(operands[1])) > 0))
        or (operator == b"Tz" and float(str(first)) < _NARROWEST)
        or (operator == b"BDC" and str(first) == "/OC")
        # pdf-lib writes a matrix before everything it draws, also where it changes nothing.
        or (operator == b"cm" and tuple(operands) != _AS_IT_STANDS)
    )


def _is_level(matrix: Sequence[object]) -> bool:
    """Tell whether text stands upright and not much narrower than it is high: a 6 turned around is a 9."""
    across, rise, slant, up, *_ = (float(str(each)) for each in (*matrix, 0, 0, 0, 0))
    return abs(rise) < _HAIR and abs(slant) < _HAIR and up > 0 and across >= up * _NARROWEST / 100


def is_dark(parts: list[float]) -> bool:
    """Tell whether letters of that colour (grey, RGB or CMYK, each 0 to 1) stand out on white."""
    return _lightness(parts) < _DARK


def _lightness(parts: list[float]) -> float:
    """0 is black, 1 is white; ISO 32000-1 10.3."""
    if len(parts) == 1:
        return parts[0]
    mixed = 0.3 * parts[0] + 0.59 * parts[1] + 0.11 * parts[2]
    return mixed if len(parts) == _COLOURS[b"rg"] else 1 - min(1.0, mixed + parts[3])


def _see_through(appearance: Object) -> bool:
    resources = dictionary(appearance.get("/Resources")) or Dictionary()
    return bool(dictionary(resources.get("/ExtGState"))) or "/Group" in appearance or "/F" in appearance
