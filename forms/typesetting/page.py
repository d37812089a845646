"""Pages of a typeset paper: lines of text, sheets filled from top to bottom, rules, and the structure tree."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf

from forms.typesetting.fonts import Embedding, Font, Run
from forms.typesetting.paper import BOTTOM, HEIGHT, LEFT, TOP

# From one point to another, in points from the upper left corner of the paper.
Segment = tuple[float, float, float, float]


class Ink(Enum):
    """Fill colours, as operands of `rg`."""

    NAVY = "0.078 0.129 0.239"
    BLACK = "0 0 0"
    GREY = "0.267 0.267 0.267"
    PALE = "0.604 0.639 0.71"
    GOLD = "0.69 0.553 0.235"


# --- Lines

# As in HTML, a line does not break at a no-break space.
_SPACES = re.compile(r"[ \t\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of shaped text at `size` points, with `spacing` points between its glyphs."""

    run: Run
    font: Font
    size: float
    spacing: float = 0.0

    @property
    def width(self) -> float:
        """Points from the first glyph to the end of the last one that is not a space."""
        glyphs = len(self.run)
        while glyphs and self.run[glyphs - 1].text == " ":
            glyphs -= 1
        return sum(glyph.advance for glyph in self.run[:glyphs]) * self.size / 1000 + self.spacing * max(0, glyphs - 1)


def line(text: str, font: Font, size: float, *, spacing: float = 0.0) -> Line:
    """Return the text on one line, however long."""
    return Line(run=font.shape(text, ligatures=not spacing), font=font, size=size, spacing=spacing)


def wrapped(text: str, font: Font, size: float, *, room: float) -> tuple[Line, ...]:
    """Break the text into lines of at most `room` points: after spaces, and after hyphens and slashes before letters.

    A word longer than a line breaks anywhere. Spaces stay at the ends of lines: the lines joined are the text again.
    """
    run = font.shape(_SPACES.sub(" ", text).lstrip(" "))
    return tuple(Line(run=part, font=font, size=size) for part in _broken(run, room * 1000 / size)) or (
        line("", font, size),
    )


def with_blank(set_line: Line) -> Line:
    """Return the line with a space at its end, so that the next line starts a new word when text is copied."""
    blank = set_line.font.shape(" ")
    return Line(run=(*set_line.run, *blank), font=set_line.font, size=set_line.size)


def baseline(size: float, height: float) -> float:
    """Return the points from the top of a line of that height to its baseline.

    The height beyond the font's ascent and descent (1.036 and 0.335 em) is halved, as in CSS 2.1 10.8.1.
    """
    return (height + 0.701 * size) / 2


def _broken(run: Run, room: float) -> Iterator[Run]:
    start, after, used = 0, 0, 0.0
    for place, glyph in enumerate(run):
        if used + glyph.advance > room and glyph.text != " " and place > start:
            cut = after if after > start else place
            yield run[start:cut]
            start = cut
            used = sum(earlier.advance for earlier in run[start:place])
        used += glyph.advance
        # As in UAX 14: "dan/atau" and "undang-undang" may break, numbers such as 2026-000123 may not.
        if glyph.text == " " or (glyph.text in {"-", "/"} and run[place + 1 :] and run[place + 1].text[:1].isalpha()):
            after = place + 1
    if run[start:]:
        yield run[start:]


# --- Lines that must fit


def set_text(text: str, font: Font, *, room: float, sizes: Sequence[float], most: int = 2) -> tuple[Line, ...]:
    """Set text in one line of the largest of `sizes` (descending) that fits `room` points, else in the fewest lines.

    Broken lines are balanced, so that no academic title is alone on the last line. Text that needs more than `most`
    lines at the smallest size becomes smaller still; nothing is cut. Every line but the last ends in a space: the
    lines joined are the text again.
    """
    words = _SPACES.split(text.strip())
    widths = [font.width(word) / 1000 for word in words]
    space = font.width(" ") / 1000
    for count in range(1, most + 1):
        for size in sizes if count == 1 else sizes[-1:]:
            places = _break_lines(widths, space, count)
            if _widest(places, widths, space) * size <= room:
                return _lines(words, places, font, size)
    places = _break_lines(widths, space, most)
    return _lines(words, places, font, round(room / _widest(places, widths, space), 2))


def _break_lines(widths: list[float], space: float, count: int) -> list[range]:
    """Return the word numbers of each line, such that the widest line is as narrow as possible."""
    if count == 1 or len(widths) == 1:
        return [range(len(widths))]
    tries = []
    for cut in range(1, len(widths)):
        rest = [range(cut + span.start, cut + span.stop) for span in _break_lines(widths[cut:], space, count - 1)]
        tries.append([range(cut), *rest])
    return min(tries, key=lambda lines: _widest(lines, widths, space))


def _widest(lines: list[range], widths: list[float], space: float) -> float:
    return max(sum(widths[place] for place in line) + space * (len(line) - 1) for line in lines)


def _lines(words: list[str], lines: list[range], font: Font, size: float) -> tuple[Line, ...]:
    *rest, last = (" ".join(words[place] for place in span) for span in lines)
    return tuple(line(text, font, size) for text in (*(f"{earlier} " for earlier in rest), last))


# --- Sheets


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedLine:
    """A line with its left end and its baseline, in points from the upper left corner of the paper."""

    line: Line
    left: float
    base: float


def centred(line: Line, *, at: float, base: float) -> PlacedLine:
    """Return the line with its middle at `at`."""
    return PlacedLine(line=line, left=at - line.width / 2, base=base)


def flush_right(line: Line, *, edge: float, base: float) -> PlacedLine:
    """Return the line with its end at `edge`."""
    return PlacedLine(line=line, left=edge - line.width, base=base)


class Sheet:
    """The content stream of page `number` (from 0). What is written first is read first by a screen reader."""

    def __init__(self, embedding: Embedding, *, number: int) -> None:
        self.number = number
        self._embedding, self._parts, self._marks = embedding, [""], 0

    def write(self, role: str, *placed: PlacedLine, ink: Ink = Ink.NAVY, across: int = 1, down: int = 1) -> Tag:
        """Write text of the document; return its element for the structure tree."""
        tag = Tag(role=role, page=self.number, mark=self._marks, across=across, down=down)
        self._parts.append(f"/{role} <</MCID {self._marks}>> BDC {self._text_object(placed, ink)} EMC")
        self._marks += 1
        return tag

    def repeat(self, *placed: PlacedLine, ink: Ink = Ink.NAVY) -> None:
        """Write text of the page only, as an artifact: feet and repeated table heads."""
        self._parts.append(f"/Artifact <</Type /Pagination>> BDC {self._text_object(placed, ink)} EMC")

    def rule(self, left: float, top: float, width: float, weight: float, *, ink: Ink = Ink.NAVY) -> None:
        """Draw a horizontal rule of `weight` below `top`."""
        low, high, right = HEIGHT - top - weight, HEIGHT - top, left + width
        # The extra point in the middle keeps the rule thin: viewers widen thin boxes to whole pixels.
        points = ((left, low), ((left + right) / 2, low), (right, low), (right, high), (left, high))
        path = " l ".join(f"{x:.2f} {y:.2f}" for x, y in points).replace(" l", " m", 1)
        self._parts.append(f"/Artifact BMC {ink.value} rg {path} l h f EMC")

    def strokes(self, segments: Iterable[Segment], weight: float, *, ink: Ink = Ink.BLACK) -> None:
        """Draw the lines of a table, as one artifact."""
        drawn = " ".join(f"{x:.2f} {HEIGHT - y:.2f} m {u:.2f} {HEIGHT - v:.2f} l" for x, y, u, v in segments)
        self._parts.append(f"/Artifact BMC {ink.value} RG {weight:g} w 2 J {drawn} S 0 J EMC")

    def beneath(self, drawn: bytes) -> None:
        """Draw an artifact below everything else."""
        self._parts[0] += f"/Artifact BMC q {drawn.decode('ascii')} Q EMC"

    def content(self) -> bytes:
        """Return the content stream."""
        return "\n".join(self._parts).encode("ascii")

    def _text_object(self, placed: tuple[PlacedLine, ...], ink: Ink) -> str:
        return " ".join(("BT", ink.value, "rg", *map(self._line, placed), "ET"))

    def _line(self, placed: PlacedLine) -> str:
        line = placed.line
        start = f"/{self._embedding.name(line.font)} {line.size:g} Tf {line.spacing:.3f} Tc"
        return f"{start} 1 0 0 1 {placed.left:.2f} {HEIGHT - placed.base:.2f} Tm {self._shown(line)}"

    def _shown(self, line: Line) -> str:
        """Return TJ arrays; a number in one moves back by 1/1000 em (9.4.3). Raised accents use a text rise (9.3.7)."""
        parts, height, correction = ["[<"], 0, 0
        for glyph, code in zip(line.run, self._embedding.codes(line.font, line.run), strict=True):
            correction -= glyph.right
            if glyph.up != height:
                parts.append(f">] TJ {glyph.up * line.size / 1000:.3f} Ts [<")
                height = glyph.up
            if correction:
                parts.append(f">{correction}<")
            parts.append(f"{code:04X}")
            correction = glyph.width - glyph.advance + glyph.right
        parts.append(">] TJ" if not height else ">] TJ 0 Ts")
        return "".join(parts)


# --- Sheets filled from top to bottom


class Flow:
    """Text flowing over sheets: the next block starts at `top` of `sheet`; `new_sheet` makes another."""

    def __init__(self, new_sheet: Callable[[], Sheet]) -> None:
        self._new = new_sheet
        self.sheets = [new_sheet()]
        self.top = TOP

    @property
    def sheet(self) -> Sheet:
        """The sheet being filled."""
        return self.sheets[-1]

    def make_room(self, height: float) -> bool:
        """Start a new sheet unless `height` points are left on this one; tell whether it did."""
        if self.top + height <= BOTTOM:
            return False
        self.sheets.append(self._new())
        self.top = TOP
        return True

    def paragraph(
        self, role: str, lines: Sequence[Line], height: float, *, hanging: float = 0, ink: Ink = Ink.NAVY
    ) -> Tag:
        """Write lines of that height, all on one sheet; all but the first are indented by `hanging` points."""
        self.make_room(len(lines) * height)
        placed = [
            PlacedLine(
                line=set_line,
                left=LEFT + (hanging if place else 0),
                base=self.top + place * height + baseline(set_line.size, height),
            )
            for place, set_line in enumerate(lines)
        ]
        self.top += len(lines) * height
        return self.sheet.write(role, *placed, ink=ink)


# --- Structure tree (ISO 32000-1 14.7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """An element with kids, or one marked run of text on a page (`page` and `mark` counted from 0).

    `across` and `down` are how many columns and rows a cell spans. A TH heads its columns.
    """

    role: str
    kids: tuple[Tag, ...] = ()
    page: int = 0
    mark: int | None = None
    across: int = 1
    down: int = 1


def write_structure(pdf: Pdf, document: Tag) -> None:
    """Write the tree below the catalog, and the parent tree from the marks of each page to elements (14.7.4.4)."""
    pages = [page.obj for page in pdf.pages]
    owners: list[dict[int, Any]] = [{} for _ in pages]
    tree = pdf.make_indirect(Dictionary(Type=Name.StructTreeRoot))
    tree.K = _element(pdf, document, tree, pages, owners)
    entries: list[Any] = []
    for number, (page, marks) in enumerate(zip(pages, owners, strict=True)):
        page.StructParents = number
        entries += [number, pdf.make_indirect(Array([marks[mark] for mark in range(len(marks))]))]
    tree.ParentTree = pdf.make_indirect(Dictionary(Nums=Array(entries)))
    pdf.Root.StructTreeRoot = tree
    pdf.Root.MarkInfo = Dictionary(Marked=True)


def _element(pdf: Pdf, tag: Tag, parent: Any, pages: list[Any], owners: list[dict[int, Any]]) -> Any:
    element = pdf.make_indirect(Dictionary(Type=Name.StructElem, S=Name(f"/{tag.role}"), P=parent))
    attributes: dict[str, Any] = {"/Scope": Name.Column} if tag.role == "TH" else {}
    attributes |= {name: spans for name, spans in (("/ColSpan", tag.across), ("/RowSpan", tag.down)) if spans > 1}
    if attributes:
        element.A = Dictionary({"/O": Name.Table, **attributes})
    if tag.mark is None:
        element.K = Array([_element(pdf, kid, element, pages, owners) for kid in tag.kids])
    else:
        element.K, element.Pg = tag.mark, pages[tag.page]
        owners[tag.page][tag.mark] = element
    return element


# --- Table lines


def join_segments(segments: Iterable[Segment]) -> list[Segment]:
    """Return each line once; vertical lines that continue in the next row become one."""
    joined: list[Segment] = []
    uprights: dict[float, list[tuple[float, float]]] = {}
    for x, y, u, v in dict.fromkeys(segments):
        if x == u:
            uprights.setdefault(x, []).append((y, v))
        else:
            joined.append((x, y, u, v))
    for x, spans in uprights.items():
        spans.sort()
        start, end = spans[0]
        for y, v in spans[1:]:
            if y > end + 0.01:
                joined.append((x, start, x, end))
                start = y
            end = max(end, v)
        joined.append((x, start, x, end))
    return joined
