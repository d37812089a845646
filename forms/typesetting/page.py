"""One page being set: tagged text and the artifacts around it, as a content stream in points from the lower left."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf

from forms.certificate_border import HEIGHT, MM, WIDTH
from forms.typesetting.fonts import Cut, Embedding, Run

# From one point to another, in points from the upper left corner of the paper.
Segment = tuple[float, float, float, float]


class Ink(Enum):
    """Fill colours, as operands of `rg`."""

    NAVY = "0.078 0.129 0.239"
    BLACK = "0 0 0"
    GREY = "0.267 0.267 0.267"
    PALE = "0.604 0.639 0.71"
    GOLD = "0.69 0.553 0.235"


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A line with its left end and its baseline, both in points from the upper left corner of the paper."""

    line: Line
    left: float
    base: float


def centred(line: Line, *, at: float, base: float) -> Placed:
    """The line with its middle there."""
    return Placed(line=line, left=at - line.width / 2, base=base)


def flush_right(line: Line, *, edge: float, base: float) -> Placed:
    """The line with its end there."""
    return Placed(line=line, left=edge - line.width, base=base)


class Sheet:
    """Page `number` of a document, counted from 0; what is written first is read first."""

    def __init__(self, embedding: Embedding, *, number: int) -> None:
        self.number = number
        self._embedding, self._parts, self._marks = embedding, [""], 0

    def write(self, role: str, *placed: Placed, ink: Ink = Ink.NAVY, across: int = 1, down: int = 1) -> Tag:
        """Text that belongs to the document; gives its element for the structure tree."""
        tag = Tag(role=role, page=self.number, mark=self._marks, across=across, down=down)
        self._parts.append(f"/{role} <</MCID {self._marks}>> BDC {self._set(placed, ink)} EMC")
        self._marks += 1
        return tag

    def repeat(self, *placed: Placed, ink: Ink = Ink.NAVY) -> None:
        """Text that belongs to the page: feet and repeated heads."""
        self._parts.append(f"/Artifact <</Type /Pagination>> BDC {self._set(placed, ink)} EMC")

    def rule(self, left: float, top: float, width: float, weight: float, *, ink: Ink = Ink.NAVY) -> None:
        """A horizontal rule of that weight below `top`."""
        low, high, right = HEIGHT - top - weight, HEIGHT - top, left + width
        # The needless point in the middle keeps it fine on screens: viewers widen thin boxes to whole pixels.
        points = ((left, low), ((left + right) / 2, low), (right, low), (right, high), (left, high))
        path = " l ".join(f"{x:.2f} {y:.2f}" for x, y in points).replace(" l", " m", 1)
        self._parts.append(f"/Artifact BMC {ink.value} rg {path} l h f EMC")

    def strokes(self, segments: Iterable[Segment], weight: float, *, ink: Ink = Ink.BLACK) -> None:
        """The lines of a table, as one artifact."""
        drawn = " ".join(f"{x:.2f} {HEIGHT - y:.2f} m {u:.2f} {HEIGHT - v:.2f} l" for x, y, u, v in segments)
        self._parts.append(f"/Artifact BMC {ink.value} RG {weight:g} w 2 J {drawn} S 0 J EMC")

    def beneath(self, drawn: bytes) -> None:
        """An artifact under everything else."""
        self._parts[0] += f"/Artifact BMC q {drawn.decode('ascii')} Q EMC"

    def content(self) -> bytes:
        """The content stream."""
        return "\n".join(self._parts).encode("ascii")

    def _set(self, placed: tuple[Placed, ...], ink: Ink) -> str:
        return " ".join(("BT", ink.value, "rg", *map(self._line, placed), "ET"))

    def _line(self, placed: Placed) -> str:
        line = placed.line
        start = f"/{self._embedding.name(line.cut)} {line.size:g} Tf {line.spacing:.3f} Tc"
        return f"{start} 1 0 0 1 {placed.left:.2f} {HEIGHT - placed.base:.2f} Tm {self._shown(line)}"

    def _shown(self, line: Line) -> str:
        """One TJ array; a number in it moves back by so many 1/1000 em (9.4.3). Accents may sit higher (9.3.7)."""
        parts, height, owed = ["[<"], 0, 0
        for glyph, code in zip(line.run, self._embedding.codes(line.cut, line.run), strict=True):
            owed -= glyph.right
            if glyph.up != height:
                parts.append(f">] TJ {glyph.up * line.size / 1000:.3f} Ts [<")
                height = glyph.up
            if owed:
                parts.append(f">{owed}<")
            parts.append(f"{code:04X}")
            owed = glyph.width - glyph.advance + glyph.right
        parts.append(">] TJ" if not height else ">] TJ 0 Ts")
        return "".join(parts)


# --- Lines of shaped text: where a paragraph breaks, and how wide a line is

# Where HTML would break, too: a no-break blank is none.
BLANKS = re.compile(r"[ \t\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line at `size` points; `spacing` (points) is added between its glyphs."""

    run: Run
    cut: Cut
    size: float
    spacing: float = 0.0

    @property
    def width(self) -> float:
        """Points from the first glyph to the end of the last one that is no blank."""
        glyphs = len(self.run)
        while glyphs and self.run[glyphs - 1].text == " ":
            glyphs -= 1
        return sum(each.advance for each in self.run[:glyphs]) * self.size / 1000 + self.spacing * max(0, glyphs - 1)


def line(text: str, cut: Cut, size: float, *, spacing: float = 0.0) -> Line:
    """The text on one line, however long."""
    return Line(run=cut.shape(text, ligatures=not spacing), cut=cut, size=size, spacing=spacing)


def wrapped(text: str, cut: Cut, size: float, *, room: float) -> tuple[Line, ...]:
    """The text broken after blanks, and after hyphens and slashes before letters, into lines of at most `room` points.

    What has no such place within the room breaks anywhere. Blanks stay at the ends of lines: read in a row, the lines
    are the text again.
    """
    run = cut.shape(BLANKS.sub(" ", text).lstrip(" "))
    return tuple(Line(run=part, cut=cut, size=size) for part in _broken(run, room * 1000 / size)) or (
        line("", cut, size),
    )


def with_blank(set_line: Line) -> Line:
    """The same line ending in a blank, so that read in a row the next one is a word of its own."""
    blank = set_line.cut.shape(" ")
    return Line(run=(*set_line.run, *blank), cut=set_line.cut, size=set_line.size)


def baseline(size: float, height: float) -> float:
    """Points from the top of a line of that height to the baseline.

    What is left beside the face's own ascent and descent (1.036 and 0.335 em) is halved, as in CSS 2.1 10.8.1.
    """
    return (height + 0.701 * size) / 2


def _broken(run: Run, room: float) -> Iterator[Run]:
    start, after, used = 0, 0, 0.0
    for place, glyph in enumerate(run):
        if used + glyph.advance > room and glyph.text != " " and place > start:
            cut = after if after > start else place
            yield run[start:cut]
            start = cut
            used = sum(each.advance for each in run[start:place])
        used += glyph.advance
        # As in UAX 14: "dan/atau" and "undang-undang" may break, numbers such as 2026-000123 may not.
        if glyph.text == " " or (glyph.text in {"-", "/"} and run[place + 1 :] and run[place + 1].text[:1].isalpha()):
            after = place + 1
    if run[start:]:
        yield run[start:]


# --- Which size a line of unforeseeable length gets, and where it breaks, before any page is laid out


def set_text(text: str, cut: Cut, *, room: float, sizes: Sequence[float], most: int = 2) -> tuple[Line, ...]:
    """The largest of `sizes` (descending) at which `text` is one line within `room` points, else the fewest lines.

    Broken lines are balanced, so that no academic title is left alone on the last one. Where even the smallest size
    needs more than `most` lines, it becomes smaller still: nothing is ever cut. Every line but the last ends in a
    blank: read in a row, the lines are the text again.
    """
    words = BLANKS.split(text.strip())
    widths = [cut.width(word) / 1000 for word in words]
    space = cut.width(" ") / 1000
    for count in range(1, most + 1):
        for size in sizes if count == 1 else sizes[-1:]:
            places = _break_lines(widths, space, count)
            if _widest(places, widths, space) * size <= room:
                return _set(words, places, cut, size)
    places = _break_lines(widths, space, most)
    return _set(words, places, cut, round(room / _widest(places, widths, space), 2))


def _break_lines(widths: list[float], space: float, count: int) -> list[range]:
    """Word places per line, the widest line as narrow as it can be."""
    if count == 1 or len(widths) == 1:
        return [range(len(widths))]
    tries = []
    for cut in range(1, len(widths)):
        rest = [range(cut + each.start, cut + each.stop) for each in _break_lines(widths[cut:], space, count - 1)]
        tries.append([range(cut), *rest])
    return min(tries, key=lambda lines: _widest(lines, widths, space))


def _widest(lines: list[range], widths: list[float], space: float) -> float:
    return max(sum(widths[place] for place in line) + space * (len(line) - 1) for line in lines)


def _set(words: list[str], lines: list[range], cut: Cut, size: float) -> tuple[Line, ...]:
    *rest, last = (" ".join(words[place] for place in each) for each in lines)
    return tuple(line(text, cut, size) for text in (*(f"{each} " for each in rest), last))


# --- Sheets filled from top to bottom: where the next block goes, and when a new sheet begins

# Points from the upper left corner of the paper (A4 landscape); below `BOTTOM` is the foot.
LEFT, TOP, BOTTOM = 18 * MM, 17 * MM, HEIGHT - 25 * MM
ACROSS = WIDTH - 2 * LEFT


class Flow:
    """`top` is where the next block begins on `sheet`; `new_sheet` gives the sheets."""

    def __init__(self, new_sheet: Callable[[], Sheet]) -> None:
        self._new = new_sheet
        self.sheets = [new_sheet()]
        self.top = TOP

    @property
    def sheet(self) -> Sheet:
        """The one being filled."""
        return self.sheets[-1]

    def make_room(self, height: float) -> bool:
        """Begin a new sheet unless so many points are left on this one; whether it did."""
        if self.top + height <= BOTTOM:
            return False
        self.sheets.append(self._new())
        self.top = TOP
        return True

    def paragraph(
        self, role: str, lines: Sequence[Line], height: float, *, hanging: float = 0, ink: Ink = Ink.NAVY
    ) -> Tag:
        """Write lines of that height, whole on one sheet; all but the first are indented by `hanging` points."""
        self.make_room(len(lines) * height)
        placed = [
            Placed(
                line=one,
                left=LEFT + (hanging if place else 0),
                base=self.top + place * height + baseline(one.size, height),
            )
            for place, one in enumerate(lines)
        ]
        self.top += len(lines) * height
        return self.sheet.write(role, *placed, ink=ink)


# --- The structure tree of a document we set ourselves (ISO 32000-1 14.7): what a screen reader goes by


@dataclass(frozen=True, slots=True, kw_only=True)
class Tag:
    """An element with kids, or one marked run of a page (`page` and `mark` counted from 0).

    `across` and `down` are how many columns and rows a cell spans. A TH heads its columns.
    """

    role: str
    kids: tuple[Tag, ...] = ()
    page: int = 0
    mark: int | None = None
    across: int = 1
    down: int = 1


def write_structure(pdf: Pdf, document: Tag) -> None:
    """Put the tree below the catalog, and on every page the way back from its marks to it (14.7.4.4)."""
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


# --- The lines of a ruled table, as few as there can be


def joined(segments: Iterable[Segment]) -> list[Segment]:
    """Each line once, and those that go on in the next row in one piece."""
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
