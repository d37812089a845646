"""A monitoring paper as values: facts, sections of text, charts and tables, and who signs."""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, NamedTuple

import pikepdf

from forms.indonesian import comma, long_date
from forms.schema import Box
from forms.typesetting.paper import MM

# Printed with a decimal comma and dates in words; None is an empty cell.
Cell = str | int | Decimal | dt.date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table. `total` is the last row; `widths` are percentages of the line."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    total: tuple[Cell, ...] | None = None
    widths: tuple[int, ...] | None = None
    empty: str = "Tidak ada."


@dataclass(frozen=True, slots=True, kw_only=True)
class Bars:
    """A bar chart: a label and a number for each bar. `description` is its alternative text.

    `aim` draws a line at that number. The section also has the numbers as a table.
    """

    title: str
    bars: tuple[tuple[str, Decimal], ...]
    unit: str
    description: str
    aim: Decimal | None = None
    upright: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A heading, and what follows it in this order."""

    heading: str
    texts: tuple[str, ...] = ()
    charts: tuple[Bars, ...] = ()
    tables: tuple[Table, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing:
    """Who signs the paper; name and NIP may be empty, to be filled in by hand."""

    place_and_day: str
    position: str
    name: str
    nip: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """A paper. `cites` is its legal basis, `made` says when and from what it was made."""

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


# --- Cells as text


class FormattedCell(NamedTuple):
    """The text of a cell, and whether it is a number, which is aligned right."""

    text: str
    number: bool


def as_cell(cell: Cell) -> FormattedCell:
    """Return `1.234`, `22,4` or `7 April 2026`; an empty text for None."""
    if cell is None:
        return FormattedCell("", number=False)
    if isinstance(cell, int):
        return FormattedCell(f"{cell:,}".replace(",", "."), number=True)
    if isinstance(cell, Decimal):
        whole, _, rest = comma(cell).partition(",")
        return FormattedCell(f"{int(whole):,}".replace(",", ".") + (f",{rest}" if rest else ""), number=True)
    if isinstance(cell, dt.date):
        return FormattedCell(long_date(cell), number=False)
    return FormattedCell(cell, number=False)


def is_numeric(table: Table, place: int) -> bool:
    """Tell whether a column holds numbers, so that its head is aligned like them."""
    rows = (*table.rows, *((table.total,) if table.total else ()))
    return any(as_cell(row[place]).number for row in rows)


# --- Place to sign

SLOT = "ttd_pejabat"
# Named destination above the name of the official in `templates/dossier.html`, and the size of the room there.
_DESTINATION = "ttd"
_WIDTH, _HEIGHT, _AIR = 70 * MM, 25 * MM, 0.5 * MM


@dataclass(frozen=True, slots=True, kw_only=True)
class SignatureBox:
    """A page (from 0) and a box on it."""

    page: int
    box: Box


def signature_box(pdf: bytes) -> SignatureBox | None:
    """Return the place to sign; None on a paper without a signer."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if pikepdf.Name.Names not in document.Root:
            return None
        destination = pikepdf.NameTree(document.Root.Names.Dests).get(_DESTINATION)
        if destination is None:
            return None
        pages = [page.obj.objgen for page in document.pages]
        target = destination.as_list()
        left, top = float(target[2]), float(target[3]) - _AIR
        return SignatureBox(page=pages.index(target[0].objgen), box=(left, top - _HEIGHT, left + _WIDTH, top))
