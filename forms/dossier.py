"""A paper of the monitoring as values: facts, sections with text, a chart and the table behind it, who signs."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

import pikepdf

from forms.indonesian import comma, long_date

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


# --- Cells of a dossier as people read them: decimal comma, thousands apart, days in words


class Written(NamedTuple):
    """A cell's text, and whether it is a number that stands to the right."""

    text: str
    number: bool


def shown(cell: Cell) -> Written:
    """`1.234`, `22,4`, `7 April 2026`; nothing for None."""
    if cell is None:
        return Written("", number=False)
    if isinstance(cell, int):
        return Written(f"{cell:,}".replace(",", "."), number=True)
    if isinstance(cell, Decimal):
        whole, _, rest = comma(cell).partition(",")
        return Written(f"{int(whole):,}".replace(",", ".") + (f",{rest}" if rest else ""), number=True)
    if isinstance(cell, dt.date):
        return Written(long_date(cell), number=False)
    return Written(cell, number=False)


def numeric(table: Table, place: int) -> bool:
    """Whether a column holds numbers, so that its head stands over them."""
    rows = (*table.rows, *((table.total,) if table.total else ()))
    return any(shown(row[place]).number for row in rows)


# --- The place to sign on a monitoring paper: where its template left room, known again by name

SLOT = "ttd_pejabat"
# What the template calls the room above the official's name (`templates/dossier.html`); as tall and wide as there.
_ROOM = "ttd"
_MM = 72 / 25.4
_WIDTH, _HEIGHT, _AIR = 70 * _MM, 25 * _MM, 0.5 * _MM


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A page (from 0) and a box on it: left, bottom, right, top in points."""

    page: int
    box: tuple[float, float, float, float]


def room_to_sign(pdf: bytes) -> Room | None:
    """Where somebody signs; None on a paper that names nobody to sign."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if pikepdf.Name.Names not in document.Root:
            return None
        placed = pikepdf.NameTree(document.Root.Names.Dests).get(_ROOM)
        if placed is None:
            return None
        pages = [each.obj.objgen for each in document.pages]
        target = placed.as_list()
        left, top = float(target[2]), float(target[3]) - _AIR
        return Room(page=pages.index(target[0].objgen), box=(left, top - _HEIGHT, left + _WIDTH, top))
