"""A paper of the monitoring as values: facts, sections with text, a chart and the table behind it, who signs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

# How it is printed: numbers to the right with a decimal comma, days in words; None is an empty cell.
Cell = str | int | Decimal | dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """`title` says what the rows are; `total` is the last row, set apart; `widths` are hundredths of the line."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    widths: tuple[int, ...] | None = None
    empty: str = "Tidak ada."


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A chart of bars: one label and one number each. `told` is the whole of it in a sentence, for who cannot see it.

    `aim` draws a line at that number. The table behind it stands beside it in the section.
    """

    title: str
    bars: tuple[tuple[str, Decimal], ...]
    unit: str
    told: str
    aim: Decimal | None = None
    upright: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One heading and what stands under it, in this order."""

    heading: str
    texts: tuple[str, ...] = ()
    charts: tuple[Bars, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Who stands under the paper; name and NIP may be empty lines to fill by hand."""

    place_and_day: str
    position: str
    name: str
    nip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """One paper. `cites` is what it rests on, `made` says when and from what it was made."""

    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    cites: str
    made: str
    signing: Signing | None = None
    number: str = ""
    wide: bool = False
    kind: Literal["report", "letter"] = "report"
