"""Read the content stream of an appearance, if it is written in the plain way in which programs fill in forms.

An appearance must be inside a small grammar: one text object, one font, size and colour, moves without scaling, text
in reading order. Nothing else is interpreted; a person must look at what is outside. The grammar is what pypdf,
pikepdf, PyMuPDF, pdftk, pdf-lib, pdf.js, PDFium, PDFBox and Acrobat write for a text field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

from pikepdf import Dictionary, Name, Object, Stream, String

from parsers.fonts import Font, KnownFonts, fonts_of
from parsers.pdf import as_dictionary, inflate_unambiguous
from parsers.widgets import Box, box_of, is_upright

# --- What an appearance may consist of

# Keys of the stream and of its resources. Everything else (/OC, /Group, /Ref, /Metadata; /ExtGState, /ColorSpace with
# its /DefaultGray, /XObject, /Pattern) can change what is seen (ISO 32000-1 tables 5, 33, 95).
_STREAM_KEYS = frozenset(
    {"/Type", "/Subtype", "/FormType", "/BBox", "/Matrix", "/Resources", "/Length", "/Filter", "/DecodeParms"}
)
# Some viewers do not draw pictures or PostScript. One real program writes the name as a string.
_FORM = (Name.Form, String("Form"))
_RESOURCE_KEYS = frozenset({"/Font", "/ProcSet"})
MOST_BYTES = 200_000
_MOST_OPERATIONS = 20_000

# Each token has one spelling only: no comments, #-escapes, exponents or doubled signs; octals of three digits; no
# unescaped brackets or line ends inside strings. What two lexers could read differently does not match.
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

_KIND_LETTERS = {"number": "n", "name": "N", "string": "s", "open": "[", "close": "]"}
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
# is one rectangle; the text object comes last. The nesting of q, Q, BMC and EMC is checked separately.
_OUTLINE = r"m l l l (?:h )+"
_CLIP = rf"(?:re |{_OUTLINE})W (?:n )?"
_COLOUR = r"(?:g |rg |k |cs sc )"
_BEFORE = (
    rf"(?:cm )*(?:q Q )?(?:q )?(?:q (?:w )?(?:d )?(?:cm )*{_OUTLINE}Q )?(?:{_CLIP})?"
    rf"(?:BMC )?(?:q )?(?:w )?(?:{_CLIP})?(?:q )?{_COLOUR}*"
)
_TEXT = rf"BT (?:{_COLOUR}|Tf |TL |Tc |Tw |Tz |Ts |Tr |Td |Tm |T\* |Tj |TJ )*ET "
_ORDER = re.compile(rf"{_BEFORE}(?:{_TEXT})?(?:Q |EMC )*")
# These operators may only set their default value (tables 52, 104).
_NEUTRAL = {"Tc": 0.0, "Tw": 0.0, "Tz": 100.0, "Ts": 0.0, "Tr": 0.0}
_UNMOVED = (1.0, 0.0, 0.0, 1.0)
_WIDEST_BORDER = 4.0  # points between the edge of a field and the clip inside it
_WIDEST_LINE = 1.0  # points; no line is ever drawn
_DARKEST_LIGHT = 0.6  # lightness below which letters stand out on white
_LARGEST_SIZE = 40.0  # points; no box of a form is higher
# Points within which two positions are the same: writers round to two decimals, and Acrobat drifts word by word.
_SAME_PLACE = 0.02
_LEAST_LEADING = 0.85  # em; lines closer together overlap
# How far (em) all these deviations on one line may add up.
_MOST_DRIFT = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """Letters shown by one operator, from `x` on the baseline `y`, `width` points wide (points of the appearance)."""

    text: str
    codes: bytes
    x: float
    y: float
    width: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A plain appearance: lines from top to bottom, each made of runs from left to right without a gap.

    `window` is the part that is seen (the /BBox cut by the clip), `size` is in points, `colour` the operators that set
    it. `font` is None for a drawing without text.
    """

    lines: tuple[tuple[Run, ...], ...]
    font: Font | None
    size: float
    colour: bytes
    window: Box

    def text(self) -> tuple[str, ...]:
        """Return the lines as text."""
        return tuple("".join(run.text for run in line) for line in self.lines)

    def width_of(self, letter: str) -> float:
        """Return the width of a letter in points; 0 for one that the font does not have."""
        glyphs = self.font.glyphs.values() if self.font else ()
        return next((width for known, width in glyphs if known == letter), 0.0) * self.size / 1000


def plain_drawing(appearance: Object, known: KnownFonts) -> Drawing | None:
    """Read an appearance; None for one outside the grammar, or in a font that is not known."""
    if not has_plain_entries(appearance):
        return None
    operations = _operations(appearance)
    return None if operations is None else _interpret(operations, appearance, known.of(fonts_of(appearance)))


def has_plain_entries(appearance: Object) -> bool:
    """Tell whether the appearance has no entries beside its content that could change what it shows."""
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
    match = as_dictionary(resources.get(name)) if resources is not None else None
    return match is not None and not match.keys()


# --- Lexer


@dataclass(frozen=True, slots=True)
class _Operation:
    operator: str
    numbers: tuple[float, ...] = ()
    name: str = ""
    strings: tuple[bytes, ...] = ()
    tokens: tuple[bytes, ...] = ()


def _operations(appearance: Object) -> list[_Operation] | None:
    """Return the operations of the stream; None where one has the wrong operands, or they are out of order."""
    content = inflate_unambiguous(appearance, most=MOST_BYTES)
    if content is None:
        return None
    operations: list[_Operation] = []
    operands: list[tuple[str, bytes]] = []
    for kind, token in _tokens(content):
        if kind == "operator":
            operation = _operation(token.decode("ascii"), operands)
            if operation is None or len(operations) >= _MOST_OPERATIONS:
                return None
            operations.append(operation)
            operands = []
        else:
            operands.append((kind, token))
    whole = (
        not operands
        and _ORDER.fullmatch("".join(f"{operation.operator} " for operation in operations))
        and _is_nested(operations)
    )
    return operations if whole else None


def _tokens(content: bytes) -> Iterator[tuple[str, bytes]]:
    position, end = 0, len(content.rstrip(b" \t\r\n"))
    while position < end:
        match = _TOKEN.match(content, position)
        if match is None or match.lastgroup is None:
            yield "other", b""
            return
        position = match.end()
        yield match.lastgroup, match[match.lastgroup]


def _operation(operator: str, operands: list[tuple[str, bytes]]) -> _Operation | None:
    pattern = _OPERANDS.get(operator)
    if pattern is None:
        return None
    kinds = "".join(_KIND_LETTERS.get(kind, "?") for kind, _ in operands)
    # An array has strings only (TJ without shifts), or nothing (the dash pattern of a solid line).
    if not re.fullmatch(pattern.replace("a", r"\[s*\]"), kinds) or (operator == "d" and "s" in kinds):
        return None
    return _Operation(
        operator=operator,
        numbers=tuple(float(token) for kind, token in operands if kind == "number"),
        name=next((token.decode("ascii") for kind, token in operands if kind == "name"), ""),
        strings=tuple(_string(token) for kind, token in operands if kind == "string"),
        tokens=tuple(token for _, token in operands),
    )


def _string(token: bytes) -> bytes:
    if token.startswith(b"<"):
        return bytes.fromhex(token[1:-1].decode("ascii"))
    return _ESCAPE.sub(
        lambda match: bytes([int(match[1], 8)]) if match[1] else _ESCAPES.get(match[2], match[2]), token[1:-1]
    )


def _is_nested(operations: list[_Operation]) -> bool:
    """Tell whether every q has its Q and every BMC its EMC, properly nested."""
    open_operators: list[str] = []
    for operation in operations:
        if operation.operator in ("q", "BMC"):
            open_operators.append({"q": "Q", "BMC": "EMC"}[operation.operator])
        elif operation.operator in ("Q", "EMC") and (not open_operators or open_operators.pop() != operation.operator):
            return False
    return not open_operators


# --- Interpreter


@dataclass(slots=True)
class _Pen:
    """Where text goes next: the start of the line, as moves set it (ISO 32000-1 9.4.2), and the end of the last run.

    `measured` is the width (points) of all runs of the last line except its last.
    """

    start: tuple[float, float] = (0.0, 0.0)
    position: tuple[float, float] = (0.0, 0.0)
    leading: float = 0.0
    measured: float = 0.0
    lines: list[list[Run]] = field(default_factory=list)

    def move(self, x: float, y: float) -> None:
        self.start = self.position = (x, y)

    def show(self, codes: bytes, font: Font, size: float) -> bool:
        """Add a run where the last one ended, or at the left edge of a lower line; return False for any other position.

        Also return False for codes without a letter. An empty string adds no run.
        """
        if not codes:
            return True
        letters = font.letters(codes)
        if letters is None:
            return False
        x, y = self.position
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
        self.position = (x + width, y)
        return True


def _interpret(operations: list[_Operation], appearance: Object, fonts: Mapping[str, Font]) -> Drawing | None:
    pen = _Pen()
    chosen: tuple[str, float] | None = None
    colours: set[bytes] = set()
    window = _window(operations, appearance)
    if window is None:
        return None
    for operation, following in pairwise((*operations, _Operation("end"))):
        numbers = operation.numbers
        match operation.operator:
            case "Tf":
                if chosen not in (None, (operation.name, numbers[0])) or not 0 < numbers[0] <= _LARGEST_SIZE:
                    return None
                chosen = (operation.name, numbers[0])
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
                if not all(pen.show(codes, fonts[chosen[0]], chosen[1]) for codes in operation.strings or (b"",)):
                    return None
            case "g" | "rg" | "k" | "sc":
                if not _is_dark(operation.operator, numbers):
                    return None
                colours.add(b" ".join((*operation.tokens, operation.operator.replace("sc", "g").encode())))
            case "cs":
                if operation.name != "/DeviceGray" or following.numbers != (0.0,):
                    return None
            case "cm":
                if numbers != (*_UNMOVED, 0.0, 0.0):
                    return None
            case "BMC":
                if operation.name != "/Tx":
                    return None
            case "w":
                if not 0 <= numbers[0] <= _WIDEST_LINE:
                    return None
            case "d":
                if numbers != (0.0,):
                    return None
            case "Tc" | "Tw" | "Tz" | "Ts" | "Tr":
                if numbers != (_NEUTRAL[operation.operator],):
                    return None
    # A colour set between letters would give them two colours; without one they are black (8.4.1).
    if len(colours) > 1 or (colours and not _coloured_before_text(operations)):
        return None
    return Drawing(
        lines=tuple(tuple(line) for line in pen.lines),
        font=fonts.get(chosen[0]) if chosen else None,
        size=chosen[1] if chosen else 0.0,
        colour=next(iter(colours), b"0 g"),
        window=window,
    )


def _coloured_before_text(operations: list[_Operation]) -> bool:
    operators = [operation.operator for operation in operations]
    shown = min((operators.index(show) for show in ("Tj", "TJ") if show in operators), default=len(operators))
    return any(operator in ("g", "rg", "k", "sc") for operator in operators[:shown])


def _is_dark(operator: str, components: tuple[float, ...]) -> bool:
    """Tell whether letters of the colour stand out on white. Viewers differ on components outside 0 to 1 (8.6.4)."""
    if not all(0 <= path <= 1 for path in components):
        return False
    if operator == "k":
        return components == (0.0, 0.0, 0.0, 1.0)
    red, green, blue = components if len(components) == 3 else components * 3  # noqa: PLR2004 - red, green, blue
    return 0.3 * red + 0.59 * green + 0.11 * blue < _DARKEST_LIGHT  # ISO 32000-1 10.3.2


def _window(operations: list[_Operation], appearance: Object) -> Box | None:
    """Return what is certainly seen: the /BBox cut by every outline.

    None for outlines that are not plain rectangles, or that cut off more than a border.
    """
    rectangles = [_rectangle(path) for path in _outlines(operations)]
    directions = {rectangle[1] for rectangle in rectangles if rectangle is not None}
    # Rectangles drawn in opposite directions make a hole (8.5.3.3.2).
    if None in rectangles or len(directions) > 1:
        return None
    bounds = window = box_of(appearance.get("/BBox"))
    for rectangle in rectangles:
        if rectangle is not None:
            window = _common(window, rectangle[0])
    # In a narrow clip, any word could count as the end of a full line.
    near = all(abs(one - two) <= _WIDEST_BORDER for one, two in zip(window, bounds, strict=True))
    return window if near else None


def _outlines(operations: list[_Operation]) -> Iterator[list[_Operation]]:
    """Yield every outline: a rectangle, or a move and three lines."""
    path: list[_Operation] = []
    for operation in operations:
        if operation.operator == "re":
            yield [operation]
        elif operation.operator == "m":
            path = [operation]
        elif operation.operator == "l":
            path.append(operation)
            if len(path) == 4:  # noqa: PLR2004 - corners
                yield path


def _rectangle(path: list[_Operation]) -> tuple[Box, bool] | None:
    """Return the rectangle of an outline and whether it is clockwise; None for any other shape."""
    if path[0].operator == "re":
        left, bottom, width, height = path[0].numbers
        return ((left, bottom, left + width, bottom + height), False) if width > 0 and height > 0 else None
    (left, bottom), (also_left, top), (right, also_top), (also_right, also_bottom) = (
        operation.numbers for operation in path
    )
    upright = (left, top, right, bottom) == (also_left, also_top, also_right, also_bottom)
    return ((left, bottom, right, top), True) if upright and left < right and bottom < top else None


def _common(one: Box, other: Box) -> Box:
    return (max(one[0], other[0]), max(one[1], other[1]), min(one[2], other[2]), min(one[3], other[3]))


# --- Default appearances


@lru_cache(maxsize=64)
def default_style(style: str) -> tuple[str, float] | None:
    """Return font and size of a default appearance (12.7.3.3) that sets only a font and a dark colour; else None."""
    operations: list[_Operation] = []
    operands: list[tuple[str, bytes]] = []
    for kind, token in _tokens(style.encode("latin-1", errors="replace")):
        if kind != "operator":
            operands.append((kind, token))
            continue
        operation = _operation(token.decode("ascii"), operands)
        if operation is None or operation.operator not in ("Tf", "g", "rg", "k"):
            return None
        if operation.operator != "Tf" and not _is_dark(operation.operator, operation.numbers):
            return None
        operations.append(operation)
        operands = []
    chosen = [operation for operation in operations if operation.operator == "Tf"]
    return (chosen[0].name, chosen[0].numbers[0]) if len(chosen) == 1 and not operands else None
