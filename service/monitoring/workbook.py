"""The tables of a document as a workbook: one sheet each, numbers as numbers, no text taken for a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from forms.dossier import Cell, Dossier, Table

_FORBIDDEN = re.compile(r"[\[\]:*?/\\]")
_MAX_NAME = 31
_NARROWEST, _WIDEST = 8, 60


def tables_of(paper: Dossier) -> list[Table]:
    return [table for section in paper.sections for table in section.tables]


def workbook(tables: Sequence[Table]) -> bytes:
    """Return these tables as XLSX; a total is a formula where it is the sum of its column."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    names: set[str] = set()
    for table in tables:
        sheet = book.create_sheet(_name(table.title, names))
        sheet.freeze_panes = "A2"
        for place, width in enumerate(_widths(table)):
            sheet.column_dimensions[_letter(place)].width = width
        sheet.append([_cell(sheet, text, bold=True) for text in table.columns])
        for row in table.rows:
            sheet.append([_cell(sheet, value) for value in row])
        if table.total:
            sheet.append([_cell(sheet, value, bold=True) for value in _sums(table, table.total)])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


class _Formula(str):
    """A formula that is meant as one."""

    __slots__ = ()


def _sums(table: Table, total: tuple[Cell, ...]) -> list[Cell]:
    cells: list[Cell] = []
    for place, value in enumerate(total):
        column = [row[place] for row in table.rows]
        numbers = [cell for cell in column if isinstance(cell, int | Decimal)]
        if column and len(numbers) == len(column) and sum(numbers) == value:
            letter = _letter(place)
            cells.append(_Formula(f"=SUM({letter}2:{letter}{len(column) + 1})"))
        else:
            cells.append(value)
    return cells


def _cell(sheet: Any, value: Cell, *, bold: bool = False) -> Any:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font

    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str) and not isinstance(value, _Formula):
        cell.data_type = "s"
    elif isinstance(value, Decimal):
        cell.number_format = "#,##0.##" if value != value.to_integral_value() else "#,##0"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _name(title: str, names: set[str]) -> str:
    plain = _FORBIDDEN.sub(" ", title)[:_MAX_NAME].strip()
    name, turn = plain, 2
    while name.casefold() in names:
        name, turn = f"{plain[: _MAX_NAME - 3]} {turn}", turn + 1
    names.add(name.casefold())
    return name


def _widths(table: Table) -> list[int]:
    longest = [len(text) for text in table.columns]
    for row in table.rows:
        longest = [max(length, len(str(cell or ""))) for length, cell in zip(longest, row, strict=True)]
    return [min(_WIDEST, max(_NARROWEST, length + 2)) for length in longest]


def _letter(place: int) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(place + 1))
