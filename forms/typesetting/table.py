"""A ruled table over several sheets: rows stay whole, the head is repeated, the sum is never alone on a sheet."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from forms.errors import Undrawable
from forms.typesetting.fonts import Font, FontFamily
from forms.typesetting.page import (
    Flow,
    Ink,
    Line,
    PlacedLine,
    Segment,
    Sheet,
    Tag,
    baseline,
    centred,
    flush_right,
    join_segments,
    line,
    wrapped,
)
from forms.typesetting.paper import BOTTOM, LEFT, MM, TOP

Side = Literal["left", "middle", "right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """The width of a column in points, and the side its cells are set to."""

    width: float
    side: Side = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One cell of the head. The head has as many rows as its deepest cell."""

    text: str
    column: int
    row: int = 0
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a row. `mark` is the superscript of a footnote after the text."""

    text: str = ""
    mark: str = ""
    across: int = 1
    bold: bool = False
    side: Side | None = None


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TableLayout:
    """The columns and the head of a table; text is `size` points, its lines are `line` points apart."""

    columns: tuple[Column, ...]
    head: tuple[Heading, ...]
    size: float = 8.4
    line: float = 10.4

    @property
    def edges(self) -> tuple[float, ...]:
        """Points from the left edge of the paper to each vertical line."""
        return tuple(accumulate((column.width for column in self.columns), initial=LEFT))


# --- Setting a table

_INNER, _PAD = 1.1 * MM, 0.9 * MM  # beside the text of a cell, above and below it
_WEIGHT = 0.5
_MARK_SIZE, _MARK_RISE = 6.2, 2.6


class RuledTable:
    """One table, written into `flow`."""

    def __init__(self, layout: TableLayout, flow: Flow, fonts: FontFamily) -> None:
        self._layout, self._flow, self._fonts = layout, flow, fonts
        self._edges = layout.edges
        self._rows = 1 + max(heading.row + heading.down - 1 for heading in layout.head)
        self._heading_lines = [self._heading(heading) for heading in layout.head]
        self._head_heights = self._measured_head()
        self._segments: list[Segment] = []

    def set(self, rows: Iterable[Row], closing: Sequence[Row] = (), *, after: float = 0) -> Tag:
        """Write the table in reading order and return its element. Undrawable for a row higher than a page.

        The last row, the closing rows and `after` points below the table stay on one sheet.
        """
        body_rows = [self._lines(row) for row in rows]
        closing_rows = [self._lines(row) for row in closing]
        heights = [self._height(row) for row in body_rows]
        tail = sum(map(self._height, closing_rows)) + after
        head = sum(self._head_heights)
        self._flow.make_room(head + (heights[0] if heights else 0) + (tail if len(heights) < 2 else 0))  # noqa: PLR2004 - a single row is also the last
        heading = self._write_head(self._flow.sheet)
        body = []
        for place, (row, height) in enumerate(zip(body_rows, heights, strict=True), 1):
            wanted = height + (tail if place == len(body_rows) else 0)
            if head + height > BOTTOM - TOP:
                raise Undrawable(f"Teks pada baris {place} tabel lebih panjang dari satu halaman.")
            self._make_room(min(wanted, BOTTOM - TOP - head))
            body.append(self._write_row(row, height))
        for row in closing_rows:
            self._make_room(self._height(row))
            body.append(self._write_row(row, self._height(row)))
        self._draw_lines(self._flow.sheet)
        return Tag(role="Table", kids=(Tag(role="THead", kids=heading), Tag(role="TBody", kids=tuple(body))))

    def _make_room(self, height: float) -> None:
        sheet = self._flow.sheet
        if self._flow.make_room(height):
            self._draw_lines(sheet)
            self._write_head(None)

    def _heading(self, heading: Heading) -> tuple[Line, ...]:
        return wrapped(heading.text, self._fonts.semibold, self._layout.size, room=self._room(heading))

    def _room(self, cell: Heading) -> float:
        return self._edges[cell.column + cell.across] - self._edges[cell.column] - 2 * _INNER

    def _measured_head(self) -> list[float]:
        """Return the height of each row of the head, such that every cell has room."""
        heights = [0.0] * self._rows
        for heading, lines in sorted(
            zip(self._layout.head, self._heading_lines, strict=True), key=lambda pair: pair[0].down
        ):
            span = slice(heading.row, heading.row + heading.down)
            short = len(lines) * self._layout.line + 2 * _PAD - sum(heights[span])
            if short > 0:
                heights[heading.row + heading.down - 1] += short
        return heights

    def _write_head(self, first: Sheet | None) -> tuple[Tag, ...]:
        """Write the head: as elements on the `first` sheet, on later sheets (None) as a repeated artifact."""
        flow, tops = self._flow, list(accumulate(self._head_heights, initial=self._flow.top))
        rows: list[list[Tag]] = [[] for _ in range(self._rows)]
        repeated: list[PlacedLine] = []
        for heading, lines in zip(self._layout.head, self._heading_lines, strict=True):
            left, right = self._edges[heading.column], self._edges[heading.column + heading.across]
            top, bottom = tops[heading.row], tops[heading.row + heading.down]
            start = (top + bottom - len(lines) * self._layout.line) / 2
            placed = [
                centred(set_line, at=(left + right) / 2, base=start + place * self._layout.line + self._base)
                for place, set_line in enumerate(lines)
            ]
            self._segments += [
                (left, top, right, top), (left, bottom, right, bottom),
                (left, top, left, bottom), (right, top, right, bottom),
            ]  # fmt: skip
            if first is None:
                repeated += placed
            else:
                rows[heading.row].append(
                    first.write("TH", *placed, ink=Ink.BLACK, across=heading.across, down=heading.down)
                )
        flow.top = tops[-1]
        if repeated:
            flow.sheet.repeat(*repeated, ink=Ink.BLACK)
        return tuple(Tag(role="TR", kids=tuple(row)) for row in rows)

    @property
    def _base(self) -> float:
        return baseline(self._layout.size, self._layout.line)

    def _lines(self, row: Row) -> list[tuple[Cell, int, tuple[Line, ...]]]:
        """Return every cell with its first column and its text broken into lines."""
        cells, column = [], 0
        for cell in row:
            room = self._edges[column + cell.across] - self._edges[column] - 2 * _INNER
            lines = wrapped(cell.text, self._font(cell), self._layout.size, room=room) if cell.text else ()
            cells.append((cell, column, lines))
            column += cell.across
        return cells

    def _font(self, cell: Cell) -> Font:
        return self._fonts.semibold if cell.bold else self._fonts.regular

    def _height(self, row: list[tuple[Cell, int, tuple[Line, ...]]]) -> float:
        return max(1, *(len(lines) for _, _, lines in row)) * self._layout.line + 2 * _PAD

    def _write_row(self, row: list[tuple[Cell, int, tuple[Line, ...]]], height: float) -> Tag:
        flow, tags = self._flow, []
        bottom = flow.top + height
        for cell, column, lines in row:
            placed = self._placed(cell, column, lines)
            right = self._edges[column + cell.across]
            self._segments.append((right, flow.top, right, bottom))
            if placed:
                tags.append(flow.sheet.write("TD", *placed, ink=Ink.BLACK, across=cell.across))
            else:
                tags.append(Tag(role="TD", across=cell.across))
        self._segments += [(LEFT, flow.top, LEFT, bottom), (LEFT, bottom, self._edges[-1], bottom)]
        flow.top = bottom
        return Tag(role="TR", kids=tuple(tags))

    def _placed(self, cell: Cell, column: int, lines: tuple[Line, ...]) -> list[PlacedLine]:
        left, right = self._edges[column], self._edges[column + cell.across]
        side = cell.side or self._layout.columns[column].side
        placed = []
        for place, set_line in enumerate(lines):
            base = self._flow.top + _PAD + place * self._layout.line + self._base
            if side == "middle":
                placed.append(centred(set_line, at=(left + right) / 2, base=base))
            elif side == "right":
                placed.append(flush_right(set_line, edge=right - _INNER, base=base))
            else:
                placed.append(PlacedLine(line=set_line, left=left + _INNER, base=base))
        if cell.mark and placed:
            last = placed[-1]
            mark = line(f" {cell.mark}", self._fonts.regular, _MARK_SIZE)
            placed.append(PlacedLine(line=mark, left=last.left + last.line.width, base=last.base - _MARK_RISE))
        return placed

    def _draw_lines(self, sheet: Sheet) -> None:
        sheet.strokes(join_segments(self._segments), _WEIGHT)
        self._segments = []
