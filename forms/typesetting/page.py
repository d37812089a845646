"""One page being set: tagged text and the artifacts around it, as a content stream in points from the lower left."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from forms.embedding import Embedding
from forms.guilloche import HEIGHT
from forms.lines import Line
from forms.tags import Tag

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
