"""Reads the content stream of an appearance, if it is written the plain way in which programs fill forms.

An appearance is accepted only inside a small grammar: one text object, one font, size and colour, moves without
scaling, text shown in reading order. Nothing else is interpreted; what is outside belongs before a person. The
grammar is what pypdf, pikepdf, PyMuPDF, pdftk, pdf-lib, pdf.js, PDFium, PDFBox and Acrobat write for a text field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from pikepdf import Dictionary, Name, Object, Stream, String

from parsers.fonts import Font, KnownFonts, fonts_of
from parsers.pdf import dictionary, inflated_whole
from parsers.widgets import Box, box_of, is_upright

# --- What an appearance may consist of ---------------------------------------------------------------------------

# Keys of the stream and of its resources. Everything else (/OC, /Group, /Ref, /Metadata; /ExtGState, /ColorSpace with
# its /DefaultGray, /XObject, /Pattern) can change what is seen (ISO 32000-1 tables 5, 33, 95).
_STREAM_KEYS = frozenset(
    {"/Type", "/Subtype", "/FormType", "/BBox", "/Matrix", "/Resources", "/Length", "/Filter", "/DecodeParms"}
)
# A picture or PostScript is no drawing to some viewers. One real program writes the name as a string.
_FORM = (Name.Form, String("Form"))
_RESOURCE_KEYS = frozenset({"/Font", "/ProcSet"})
MOST_BYTES = 200_000
_MOST_STEPS = 20_000

# One spelling for each token: no comments, no #-escapes, no exponents or doubled signs, octals of three digits, no
# unescaped brackets or line ends inside strings. What two lexers could read in two ways is no match.
_NUMBER = rb"-?(?:[0-9]{1,5}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})"
_NAME = rb"/[A-Za-z0-9_+.,\-]{1,80}"
_LITERAL = rb"\((?:[^()\\\x00-\x1f\x7f]|\\[nrtbf()\\]|\\[0-3][0-7]{2})*+\)"
_HEX = rb"<(?:[0-9A-Fa-f]{2})*+>"
_TOKEN = re.compile(
    rb"[ \t\r\n]*(?:(?P<string>" + _LITERAL + rb"|" + _HEX + rb")|(?P<open>\[)|(?P<close>\])"
    rb"|(?P<name>" + _NAME + rb")(?=[ \t\r\n])|(?P<number>" + _NUMBER + rb")(?=[ \t\r\n\]\[])"
    rb"|(?P<operator>[A-Za-z]{1,3}\*?)(?=[ \t\r\n]|\Z))"
)
_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_ESCAPE = re.compile(rb"\\(?:([0-3][0-7]{2})|(.))", re.DOTALL)

_KINDS = {"number": "n", "name": "N", "string": "s", "open": "[", "close": "]"}
# Operands by operator: n a number, N a name, s a string, a an array.
_OPERANDS: Mapping[str, str] = {
    **dict.fromkeys(("EMC", "q", "Q", "BT", "ET", "W", "n", "h", "T*"), ""),
    **dict.fromkeys(("g", "sc", "TL", "w", "Tc", "Tw", "Tz", "Ts", "Tr"), "n"),
    **dict.fromkeys(("BMC", "cs"), "N"),
    **dict.fromkeys(("m", "l", "Td"), "nn"),
    **dict.fromkeys(("Tm", "cm"), "nnnnnn"),
    "Tf": "Nn",
    "Tj": "s",
    "TJ": "a",
    "d": "an",
    "k": "nnnn",
    "re": "nnnn",
    "rg": "nnn",
}
# The order of operators. An outline that is never painted (pdf-lib draws a border of no width) is followed by Q; a clip
# is one rectangle; the text object is the last thing drawn. Nesting of q, Q, BMC, EMC is checked apart.
_OUTLINE = r"m l l l (?:h )+"
_CLIP = rf"(?:re |{_OUTLINE})W (?:n )?"
_COLOUR = r"(?:g |rg |k |cs sc )"
_BEFORE = (
    rf"(?:cm )*(?:q Q )?(?:q )?(?:q (?:w )?(?:d )?(?:cm )*{_OUTLINE}Q )?(?:{_CLIP})?"
    rf"(?:BMC )?(?:q )?(?:w )?(?:{_CLIP})?(?:q )?{_COLOUR}*"
)
_TEXT = rf"BT (?:{_COLOUR}|Tf |TL |Tc |Tw |Tz |Ts |Tr |Td |Tm |T\* |Tj |TJ )*ET "
_PATTERN = re.compile(rf"{_BEFORE}(?:{_TEXT})?(?:Q |EMC )*")
# The only value that operators of little use may set: their default (tables 52, 104).
_NEUTRAL = {"Tc": 0.0, "Tw": 0.0, "Tz": 100.0, "Ts": 0.0, "Tr": 0.0}
_UNMOVED = (1.0, 0.0, 0.0, 1.0)
_WIDEST_BORDER = 4.0  # points between the edge of a field and the clip inside it
_WIDEST_LINE_PEN = 1.0  # points; no line is ever drawn
_DARKEST_LIGHT = 0.6  # lightness below which letters stand out on white
_LARGEST_SIZE = 40.0  # points; no box of a form is higher
# Points within which two places are one: writers round to two decimals, Acrobat's word by word drifts a little.
_SAME_PLACE = 0.02
_LEAST_LEADING = 0.85  # em; lines closer together overlap
# How far (em) all these small steps together may lead away from where the letters of the line end by their widths.
_MOST_DRIFT = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Letters shown in one go, from `x` on the baseline `y` (points of the appearance), `width` points wide."""

    text: str
    codes: bytes
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A plain appearance: its lines from top to bottom, each of runs from left to right without a gap.

    `window` is what is seen of it (its /BBox cut by its clip), `size` in points, `colour` the steps that set it.
    `font` is None for a drawing without any text.
    """

    lines: tuple[tuple[Run, ...], ...]
    font: Font | None
    size: float
    colour: bytes
    window: Box

    def text(self) -> tuple[str, ...]:
        """The lines as text."""
        return tuple("".join(run.text for run in line) for line in self.lines)

    def width_of(self, letter: str) -> float:
        """Points that a letter takes; 0 for one that the font does not have."""
        glyphs = self.font.glyphs.values() if self.font else ()
        return next((width for known, width in glyphs if known == letter), 0.0) * self.size / 1000


def plain_drawing(appearance: Object, known: KnownFonts) -> Drawing | None:
    """Read an appearance; None for whatever is outside the grammar or in a font that is not known."""
    if not has_plain_entries(appearance):
        return None
    steps = _steps(appearance)
    return None if steps is None else _interpret(steps, appearance, known.of(fonts_of(appearance)))


def has_plain_entries(appearance: Object) -> bool:
    """Tell whether nothing beside the content can change what an appearance shows."""
    resources = appearance.get("/Resources")
    named = set(resources.keys()) if isinstance(resources, Dictionary) else set()
    return (
        isinstance(appearance, Stream)
        and set(appearance.keys()) <= _STREAM_KEYS
        and appearance.get("/Subtype", Name.Form) in _FORM
        and (resources is None or isinstance(resources, Dictionary))
        and all(name in _RESOURCE_KEYS or _is_empty(resources, name) for name in named)
        and is_upright(appearance)
    )


def _is_empty(resources: Object | None, name: str) -> bool:
    found = dictionary(resources.get(name)) if resources is not None else None
    return found is not None and not found.keys()


# --- Lexer ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Step:
    operator: str
    numbers: tuple[float, ...] = ()
    name: str = ""
    strings: tuple[bytes, ...] = ()
    spelled: tuple[bytes, ...] = ()


def _steps(appearance: Object) -> list[_Step] | None:
    """The steps of the stream, each with operands of the number and types that its operator takes; None otherwise."""
    content = inflated_whole(appearance, most=MOST_BYTES)
    if content is None:
        return None
    steps: list[_Step] = []
    pending: list[tuple[str, bytes]] = []
    for kind, token in _tokens(content):
        if kind == "operator":
            step = _step(token.decode("ascii"), pending)
            if step is None or len(steps) >= _MOST_STEPS:
                return None
            steps.append(step)
            pending = []
        else:
            pending.append((kind, token))
    whole = not pending and _PATTERN.fullmatch("".join(f"{step.operator} " for step in steps)) and _nested(steps)
    return steps if whole else None


def _tokens(content: bytes) -> Iterator[tuple[str, bytes]]:
    place, end = 0, len(content.rstrip(b" \t\r\n"))
    while place < end:
        found = _TOKEN.match(content, place)
        if found is None or found.lastgroup is None:
            yield "other", b""
            return
        place = found.end()
        yield found.lastgroup, found[found.lastgroup]


def _step(operator: str, pending: list[tuple[str, bytes]]) -> _Step | None:
    wanted = _OPERANDS.get(operator)
    if wanted is None:
        return None
    kinds = "".join(
        {"number": "n", "name": "N", "string": "s", "open": "[", "close": "]"}.get(kind, "?") for kind, _ in pending
    )
    # An array holds strings only (TJ without shifts), or nothing (a dash pattern that is none).
    if not re.fullmatch(wanted.replace("a", r"\[s*\]"), kinds) or (operator == "d" and "s" in kinds):
        return None
    return _Step(
        operator=operator,
        numbers=tuple(float(token) for kind, token in pending if kind == "number"),
        name=next((token.decode("ascii") for kind, token in pending if kind == "name"), ""),
        strings=tuple(_string(token) for kind, token in pending if kind == "string"),
        spelled=tuple(token for _, token in pending),
    )


def _string(token: bytes) -> bytes:
    if token.startswith(b"<"):
        return bytes.fromhex(token[1:-1].decode("ascii"))
    return _ESCAPE.sub(
        lambda found: bytes([int(found[1], 8)]) if found[1] else _ESCAPES.get(found[2], found[2]), token[1:-1]
    )


def _nested(steps: list[_Step]) -> bool:
    """Tell whether every q has its Q and every BMC its EMC, each inside the other."""
    waiting: list[str] = []
    for step in steps:
        if step.operator in ("q", "BMC"):
            waiting.append({"q": "Q", "BMC": "EMC"}[step.operator])
        elif step.operator in ("Q", "EMC") and (not waiting or waiting.pop() != step.operator):
            return False
    return not waiting


# --- Interpreter ---------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Pen:
    """Where text goes next: the start of the line, as moves set it (ISO 32000-1 9.4.2), and the end of the last run.

    `measured` are the widths (points) of all runs of the last line but its last.
    """

    start: tuple[float, float] = (0.0, 0.0)
    place: tuple[float, float] = (0.0, 0.0)
    leading: float = 0.0
    measured: float = 0.0
    lines: list[list[Run]] = field(default_factory=list)

    def move(self, x: float, y: float) -> None:
        self.start = self.place = (x, y)

    def show(self, codes: bytes, font: Font, size: float) -> bool:
        """Add a run where the last one ended, or at the left edge of a lower line; False for any other place.

        False also for codes that have no letter. Nothing shown is no run: it moves nothing, and nothing begins there.
        """
        if not codes:
            return True
        letters = font.letters(codes)
        if letters is None:
            return False
        x, y = self.place
        width = sum(wide for _, wide in letters) * size / 1000
        run = Run(text="".join(letter for letter, _ in letters), codes=codes, x=x, y=y, width=width)
        last = self.lines[-1] if self.lines else None
        level = last[0].y if last else 0.0
        if last and abs(y - level) <= _SAME_PLACE and abs(x - last[-1].x - last[-1].width) <= _SAME_PLACE:
            last.append(run)
            self.measured += last[-2].width
            if abs(x - last[0].x - self.measured) > _MOST_DRIFT * size:
                return False
        elif not last or (y <= level - _LEAST_LEADING * size and abs(x - self.lines[0][0].x) <= _SAME_PLACE):
            self.lines.append([run])
            self.measured = 0.0
        else:
            return False
        self.place = (x + width, y)
        return True


def _interpret(steps: list[_Step], appearance: Object, fonts: Mapping[str, Font]) -> Drawing | None:
    pen = _Pen()
    chosen: tuple[str, float] | None = None
    colours: set[bytes] = set()
    window = _window(steps, appearance)
    if window is None:
        return None
    for step, following in pairwise((*steps, _Step("end"))):
        numbers = step.numbers
        match step.operator:
            case "Tf":
                if chosen not in (None, (step.name, numbers[0])) or not 0 < numbers[0] <= _LARGEST_SIZE:
                    return None
                chosen = (step.name, numbers[0])
            case "Td":
                pen.move(pen.start[0] + numbers[0], pen.start[1] + numbers[1])
            case "Tm":
                if numbers[:4] != _UNMOVED:
                    return None
                pen.move(numbers[4], numbers[5])
            case "TL":
                pen.leading = numbers[0]
            case "T*":
                pen.move(pen.start[0], pen.start[1] - pen.leading)
            case "Tj" | "TJ":
                if chosen is None or chosen[0] not in fonts:
                    return None
                if not all(pen.show(codes, fonts[chosen[0]], chosen[1]) for codes in step.strings or (b"",)):
                    return None
            case "g" | "rg" | "k" | "sc":
                if not _is_ink(step.operator, numbers):
                    return None
                colours.add(b" ".join((*step.spelled, step.operator.replace("sc", "g").encode())))
            case "cs":
                if step.name != "/DeviceGray" or following.numbers != (0.0,):
                    return None
            case "cm":
                if numbers != (*_UNMOVED, 0.0, 0.0):
                    return None
            case "BMC":
                if step.name != "/Tx":
                    return None
            case "w":
                if not 0 <= numbers[0] <= _WIDEST_LINE_PEN:
                    return None
            case "d":
                if numbers != (0.0,):
                    return None
            case "Tc" | "Tw" | "Tz" | "Ts" | "Tr":
                if numbers != (_NEUTRAL[step.operator],):
                    return None
    # A colour set halfway would leave letters in two; a colour not set is black (8.4.1).
    if len(colours) > 1 or (colours and not _coloured_before_text(steps)):
        return None
    return Drawing(
        lines=tuple(tuple(line) for line in pen.lines),
        font=fonts.get(chosen[0]) if chosen else None,
        size=chosen[1] if chosen else 0.0,
        colour=next(iter(colours), b"0 g"),
        window=window,
    )


def _coloured_before_text(steps: list[_Step]) -> bool:
    operators = [step.operator for step in steps]
    shown = min((operators.index(show) for show in ("Tj", "TJ") if show in operators), default=len(operators))
    return any(operator in ("g", "rg", "k", "sc") for operator in operators[:shown])


def _is_ink(operator: str, parts: tuple[float, ...]) -> bool:
    """Tell whether letters of that colour stand out on white; parts outside 0 to 1 are read in several ways (8.6.4)."""
    if not all(0 <= part <= 1 for part in parts):
        return False
    if operator == "k":
        return parts == (0.0, 0.0, 0.0, 1.0)
    red, green, blue = parts if len(parts) == 3 else parts * 3  # noqa: PLR2004 - red, green, blue
    return 0.3 * red + 0.59 * green + 0.11 * blue < _DARKEST_LIGHT  # ISO 32000-1 10.3.2


def _window(steps: list[_Step], appearance: Object) -> Box | None:
    """What is certainly seen: the /BBox cut by every outline.

    None for outlines that are no plain rectangles, or that leave more than a border outside.
    """
    rectangles = [_rectangle(part) for part in _paths(steps)]
    turns = {rectangle[1] for rectangle in rectangles if rectangle is not None}
    # In two senses of rotation one rectangle is a hole in the other (8.5.3.3.2).
    if None in rectangles or len(turns) > 1:
        return None
    bounds = window = box_of(appearance.get("/BBox"))
    for rectangle in rectangles:
        if rectangle is not None:
            window = _common(window, rectangle[0])
    # A narrow clip would break every word at "a full line".
    near = all(abs(one - two) <= _WIDEST_BORDER for one, two in zip(window, bounds, strict=True))
    return window if near else None


def _paths(steps: list[_Step]) -> Iterator[list[_Step]]:
    """Every outline: a rectangle, or a move and three lines."""
    part: list[_Step] = []
    for step in steps:
        if step.operator == "re":
            yield [step]
        elif step.operator == "m":
            part = [step]
        elif step.operator == "l":
            part.append(step)
            if len(part) == 4:  # noqa: PLR2004 - corners
                yield part


def _rectangle(part: list[_Step]) -> tuple[Box, bool] | None:
    """The rectangle of an outline and whether it turns clockwise; None for any other shape."""
    if part[0].operator == "re":
        left, bottom, width, height = part[0].numbers
        return ((left, bottom, left + width, bottom + height), False) if width > 0 and height > 0 else None
    (left, bottom), (also_left, top), (right, also_top), (also_right, also_bottom) = (step.numbers for step in part)
    upright = (left, top, right, bottom) == (also_left, also_top, also_right, also_bottom)
    return ((left, bottom, right, top), True) if upright and left < right and bottom < top else None


def _common(one: Box, other: Box) -> Box:
    return (max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3]))


# --- Default appearances -------------------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def default_style(style: str) -> tuple[str, float] | None:
    """Font and size of a default appearance (12.7.3.3) that only chooses a font and a dark colour; None otherwise."""
    steps: list[_Step] = []
    pending: list[tuple[str, bytes]] = []
    for kind, token in _tokens(style.encode("latin-1", errors="replace")):
        if kind != "operator":
            pending.append((kind, token))
            continue
        step = _step(token.decode("ascii"), pending)
        if step is None or step.operator not in ("Tf", "g", "rg", "k"):
            return None
        if step.operator != "Tf" and not _is_ink(step.operator, step.numbers):
            return None
        steps.append(step)
        pending = []
    chosen = [step for step in steps if step.operator == "Tf"]
    return (chosen[0].name, chosen[0].numbers[0]) if len(chosen) == 1 and not pending else None
