"""XLSX tables: real numbers and dates, formulas of ours alone; what people wrote is text whatever it looks like."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from openpyxl import Workbook
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.page import PageMargins

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

Value = str | int | Decimal | dt.date | None
# What a spreadsheet takes for a formula when somebody edits the cell (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_LONGEST = 32_767  # characters in a cell
_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
# The second names the months in Indonesian, whatever the reader's own language is.
AMOUNT, DAY = "0.##", "[$-421]d mmmm yyyy"
_WHOLE = "0"
_LINE = 13.5  # points


class Paper:
    """One sheet of a new workbook, made for printing on A4 landscape; rows and columns count from 1."""

    def __init__(self, title: str, widths: Sequence[float], *, book: Workbook | None = None) -> None:
        self._book = book or Workbook()
        sheet = self._book.create_sheet(title) if book else self._book.active
        if sheet is None:
            raise ValueError("a new workbook has a sheet")
        self.sheet: Worksheet = sheet
        sheet.title = title
        for place, width in enumerate(widths, 1):
            sheet.column_dimensions[get_column_letter(place)].width = width
        sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
        sheet.page_setup.fitToHeight = 0
        sheet.page_margins = PageMargins(left=0.6, right=0.6, top=0.6, bottom=0.7)
        sheet.sheet_properties.pageSetUpPr.fitToPage = True
        sheet.oddFooter.right.text = "Halaman &P dari &N"

    def another(self, title: str, widths: Sequence[float]) -> Paper:
        """A further sheet of the same workbook."""
        return Paper(title, widths, book=self._book)

    def put(self, row: int, column: int, value: Value, *, bold: bool = False, boxed: bool = False) -> Cell:
        """A value as what it is. Text never becomes a formula, not even when somebody edits the cell."""
        cell = self._at(row, column, bold=bold, boxed=boxed)
        if isinstance(value, str) and value:
            cell.value = _CONTROL.sub(" ", value)[:_LONGEST]
            cell.data_type = "s"
            cell.quotePrefix = value.startswith(_FORMULA)
            if boxed:
                self._make_room(row, column, value)
        else:
            cell.value = None if value == "" else value
        if isinstance(value, Decimal):
            cell.number_format = AMOUNT if value % 1 else _WHOLE
        elif isinstance(value, dt.date):
            cell.number_format = DAY
        across = "left" if isinstance(value, str) else "center"
        cell.alignment = Alignment(vertical="top", horizontal=across, wrap_text=boxed)
        return cell

    def formula(self, row: int, column: int, text: str, *, bold: bool = False, boxed: bool = True) -> Cell:
        """A formula of ours, such as `=SUM(E9:E12)`."""
        cell = self._at(row, column, bold=bold, boxed=boxed)
        cell.value, cell.number_format = text, AMOUNT
        cell.alignment = Alignment(vertical="top", horizontal="center")
        return cell

    def heading(self, row: int, column: int, text: str, *, down: int = 1, across: int = 1) -> None:
        """One cell of a table's head, over so many rows and columns."""
        for below in range(down):
            for beside in range(across):
                self._at(row + below, column + beside, bold=True, boxed=True)
        cell = self.put(row, column, text, bold=True, boxed=True)
        cell.alignment = Alignment(vertical="center", horizontal="center", wrap_text=True)
        self.merge(row, column, down=down, across=across)

    def merge(self, row: int, column: int, *, down: int = 1, across: int = 1) -> None:
        if down > 1 or across > 1:
            self.sheet.merge_cells(
                start_row=row, start_column=column, end_row=row + down - 1, end_column=column + across - 1
            )

    def repeat(self, first: int, last: int) -> None:
        """Rows that stand on every printed page, and stay in view on screen."""
        self.sheet.print_title_rows = f"{first}:{last}"
        self.sheet.freeze_panes = f"A{last + 1}"

    def content(self) -> bytes:
        """The bytes of the workbook."""
        out = io.BytesIO()
        self._book.save(out)
        return out.getvalue()

    def _make_room(self, row: int, column: int, text: str) -> None:
        """So high that wrapped text is seen: not every program finds out by itself."""
        letters = int(self.sheet.column_dimensions[get_column_letter(column)].width)
        lines = sum(-(-max(1, len(each)) // letters) for each in text.split("\n"))
        height = self.sheet.row_dimensions[row].height or _LINE
        self.sheet.row_dimensions[row].height = max(height, _LINE * lines)

    def _at(self, row: int, column: int, *, bold: bool, boxed: bool) -> Cell:
        cell: Cell = self.sheet.cell(row=row, column=column)
        cell.font = Font(name="Calibri", size=10, bold=bold)
        if boxed:
            cell.border = _BOX
        return cell


def span(column: int, first: int, last: int) -> str:
    """`E9:E12`."""
    letter = get_column_letter(column)
    return f"{letter}{first}:{letter}{last}"
