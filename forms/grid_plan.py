"""What a ruled table looks like and what goes into it, before anything is set."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import accumulate
from typing import Literal

from forms.flow import LEFT

Side = Literal["left", "middle", "right"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """How wide, in points, and to which side its cells go."""

    width: float
    side: Side = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """One cell of the head, which has as many rows as its deepest cell."""

    text: str
    column: int
    row: int = 0
    across: int = 1
    down: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell of a row. `mark` stands small and high behind the text and leads to a footnote."""

    text: str = ""
    mark: str = ""
    across: int = 1
    bold: bool = False
    side: Side | None = None


Row = tuple[Cell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What a table looks like, whatever is in it; letters are `size` points, lines `line` points apart."""

    columns: tuple[Column, ...]
    head: tuple[Heading, ...]
    size: float = 8.4
    line: float = 10.4

    @property
    def edges(self) -> tuple[float, ...]:
        """Points from the left edge of the paper to every vertical line."""
        return tuple(accumulate((each.width for each in self.columns), initial=LEFT))
