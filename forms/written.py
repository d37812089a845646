"""Cells of a dossier as people read them: decimal comma, thousands apart, days in words."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import NamedTuple

from forms.dossier import Cell, Table
from forms.indonesian import comma, long_date


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
