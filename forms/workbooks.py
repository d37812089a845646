"""Cards and recaps as XLSX: real numbers and dates, formulas of ours only; what people wrote is always text."""

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

from forms.card import KINDS, CardContent, Officer, PrintTime
from forms.card_pdf import (
    ACTIVITY,
    GROUPS,
    LAW,
    NOTES,
    NUMBER,
    SIGNED,
    SUM,
    TITLE,
    TOTAL,
    facts,
    group_of,
    mark_of,
    no_activities_text,
    note_text,
    title_of,
)
from forms.recap import RecapContent, RecapRow, RecapStatus
from forms.recap_pdf import AMOUNTS, CHANGES, HEAD, OFFICER, OURS, PERSON, RESULT, changes_title, remark_of, summary_of
from forms.recap_pdf import KINDS as RECAP_KINDS
from forms.recap_pdf import LAW as RECAP_LAW
from forms.recap_pdf import SUM as RECAP_SUM
from forms.recap_pdf import TITLE as RECAP_TITLE
from forms.recap_pdf import facts as recap_facts

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

CellValue = str | int | Decimal | dt.date | None
# A text that begins so becomes a formula when somebody edits the cell (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")
_LONGEST = 32_767  # characters in a cell
_THIN = Side(style="thin")
_BOX = Border(left=_THIN, right=_THIN, top=_THIN, bottom=_THIN)
# The locale of `DAY` is Indonesian, whatever the language of the reader.
AMOUNT, DAY = "0.##", "[$-421]d mmmm yyyy"
_WHOLE = "0"
_LINE = 13.5  # points


class SheetWriter:
    """One sheet of a new workbook, set up for A4 landscape; rows and columns count from 1."""

    def __init__(self, title: str, widths: Sequence[float], *, book: Workbook | None = None) -> None:
        self._book = book or Workbook()
        worksheet = self._book.create_sheet(title) if book else self._book.active
        if worksheet is None:
            raise ValueError("a new workbook has a sheet")
        self._worksheet: Worksheet = worksheet
        worksheet.title = title
        for place, width in enumerate(widths, 1):
            worksheet.column_dimensions[get_column_letter(place)].width = width
        worksheet.page_setup.orientation, worksheet.page_setup.paperSize = "landscape", worksheet.PAPERSIZE_A4
        worksheet.page_setup.fitToHeight = 0
        worksheet.page_margins = PageMargins(left=0.6, right=0.6, top=0.6, bottom=0.7)
        worksheet.sheet_properties.pageSetUpPr.fitToPage = True
        worksheet.oddFooter.right.text = "Halaman &P dari &N"

    def another(self, title: str, widths: Sequence[float]) -> SheetWriter:
        """Add a sheet to the workbook."""
        return SheetWriter(title, widths, book=self._book)

    def put(self, row: int, column: int, value: CellValue, *, bold: bool = False, boxed: bool = False) -> Cell:
        """Write a value with its type. Text never becomes a formula, not even when somebody edits the cell."""
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
        """Write a formula of ours, such as `=SUM(E9:E12)`."""
        cell = self._at(row, column, bold=bold, boxed=boxed)
        cell.value, cell.number_format = text, AMOUNT
        cell.alignment = Alignment(vertical="top", horizontal="center")
        return cell

    def heading(self, row: int, column: int, text: str, *, down: int = 1, across: int = 1) -> None:
        """Write a cell of the head of a table over `down` rows and `across` columns."""
        for below in range(down):
            for beside in range(across):
                self._at(row + below, column + beside, bold=True, boxed=True)
        cell = self.put(row, column, text, bold=True, boxed=True)
        cell.alignment = Alignment(vertical="center", horizontal="center", wrap_text=True)
        self.merge(row, column, down=down, across=across)

    def merge(self, row: int, column: int, *, down: int = 1, across: int = 1) -> None:
        """Merge the cells of `down` rows and `across` columns."""
        if down > 1 or across > 1:
            self._worksheet.merge_cells(
                start_row=row, start_column=column, end_row=row + down - 1, end_column=column + across - 1
            )

    def repeat(self, first: int, last: int) -> None:
        """Repeat these rows on every printed page, and keep them in view on screen."""
        self._worksheet.print_title_rows = f"{first}:{last}"
        self._worksheet.freeze_panes = f"A{last + 1}"

    def content(self) -> bytes:
        """Return the bytes of the workbook."""
        out = io.BytesIO()
        self._book.save(out)
        return out.getvalue()

    def _make_room(self, row: int, column: int, text: str) -> None:
        """Make the row high enough for wrapped text, because not every program does so by itself."""
        letters = int(self._worksheet.column_dimensions[get_column_letter(column)].width)
        lines = sum(-(-max(1, len(paragraph)) // letters) for paragraph in text.split("\n"))
        height = self._worksheet.row_dimensions[row].height or _LINE
        self._worksheet.row_dimensions[row].height = max(height, _LINE * lines)

    def _at(self, row: int, column: int, *, bold: bool, boxed: bool) -> Cell:
        cell: Cell = self._worksheet.cell(row=row, column=column)
        cell.font = Font(name="Calibri", size=10, bold=bold)
        if boxed:
            cell.border = _BOX
        return cell


def span(column: int, first: int, last: int) -> str:
    """Return a range such as `E9:E12`."""
    letter = get_column_letter(column)
    return f"{letter}{first}:{letter}{last}"


# --- Control card

_CARD_WIDTHS = (5, 40, *((17, 30, 9, 5) * len(GROUPS)))
# Each group has its own column for the letters of the notes, because an amount must be a number.
_COLUMNS = 4
_MARK = "Ket."
_FIRST = 3


def card_workbook(content: CardContent, printed: PrintTime) -> bytes:
    """Return the card as a workbook of one sheet."""
    sheet = SheetWriter(f"Kartu {content.year}", _CARD_WIDTHS)
    last = _FIRST + _COLUMNS * len(GROUPS) - 1
    for place, text in enumerate(LAW, 1):
        sheet.put(place, last - _COLUMNS + 1, text)
    sheet.put(len(LAW) + 1, 1, TITLE, bold=True)
    row = len(LAW) + 3
    for label, value in facts(content):
        sheet.put(row, 1, label)
        sheet.put(row, _FIRST, value)
        row += 1
    head = row + 1
    _write_card_head(sheet, head)
    row = first = head + 2
    for place, activity in enumerate(content.activities, 1):
        for column in range(1, last + 1):
            sheet.put(row, column, None, boxed=True)
        sheet.put(row, 1, place, boxed=True)
        sheet.put(row, 2, title_of(activity), boxed=True)
        start = _FIRST + _COLUMNS * group_of(activity)
        cells: tuple[CellValue, ...] = (activity.date, activity.guide, activity.jp, mark_of(activity))
        for at, cell in enumerate(cells):
            sheet.put(row, start + at, cell, boxed=True)
        row += 1
    if not content.activities:
        sheet.put(row, 1, no_activities_text(content))
        row += 1
    _write_card_sums(sheet, row, first)
    row = _write_notes(sheet, row + 3, content)
    _write_signer(sheet, row, _FIRST + _COLUMNS * (len(GROUPS) - 1), SIGNED, content.officer)
    sheet.put(row + 6, 1, printed.sentence)
    sheet.repeat(head, head + 1)
    return sheet.content()


def _write_card_head(sheet: SheetWriter, row: int) -> None:
    sheet.heading(row, 1, NUMBER, down=2)
    sheet.heading(row, 2, ACTIVITY, down=2)
    for place, (name, texts) in enumerate(GROUPS):
        start = _FIRST + _COLUMNS * place
        sheet.heading(row, start, name, across=_COLUMNS)
        for at, text in enumerate((*texts, _MARK)):
            sheet.heading(row + 1, start + at, text)


def _write_card_sums(sheet: SheetWriter, row: int, first: int) -> None:
    """Write the sum of each kind, and the sum of the year as the sum of these."""
    sheet.heading(row, 1, SUM, across=2)
    amounts = []
    for place in range(len(KINDS)):
        start = _FIRST + _COLUMNS * place
        for column in range(start, start + _COLUMNS):
            sheet.put(row, column, None, boxed=True)
        cell = sheet.formula(row, start + 2, f"=SUM({span(start + 2, first, row - 1)})", bold=True)
        amounts.append(cell.coordinate)
    sheet.put(row + 1, 1, TOTAL, bold=True)
    sheet.formula(row + 1, _FIRST, f"={'+'.join(amounts)}", bold=True, boxed=False)
    sheet.put(row + 1, _FIRST + 1, "JP", bold=True)


def _write_notes(sheet: SheetWriter, row: int, content: CardContent) -> int:
    texts = [note_text(place, note) for place, note in enumerate(content.notes, 1)]
    texts += content.remarks
    if texts:
        sheet.put(row, 1, NOTES, bold=True)
        row += 1
    for text in texts:
        sheet.put(row, 1, text)
        row += 1
    return row + 1


# --- Recap

_RECAP_WIDTHS = (5, 34, 22, 7, 30, *((9, 7) * len(RECAP_KINDS)), 9, 8, 12, 40)
_FIRST_KIND = len(PERSON) + 1
_TOTAL = _FIRST_KIND + 2 * len(RECAP_KINDS)
_TARGET, _LACK, _REMARK = _TOTAL + 1, _TOTAL + 2, _TOTAL + 3
_JP = tuple(_FIRST_KIND + 2 * place + 1 for place in range(len(RECAP_KINDS)))


def recap_workbook(content: RecapContent, status: RecapStatus, printed: PrintTime) -> bytes:
    """Return the recap as a workbook; the changes, if any, on a second sheet."""
    sheet = SheetWriter(f"Triwulan {content.quarter}", _RECAP_WIDTHS)
    for place, text in enumerate(RECAP_LAW, 1):
        sheet.put(place, _TARGET, text)
    sheet.put(len(RECAP_LAW) + 1, 1, RECAP_TITLE, bold=True)
    row = len(RECAP_LAW) + 3
    for label, value in recap_facts(content, status):
        sheet.put(row, 1, label)
        sheet.put(row, 3, value)
        row += 1
    head = row + 1
    _write_recap_head(sheet, head)
    row = first = head + 2
    for place, employee in enumerate(content.rows, 1):
        _write_row(sheet, row, place, employee, content)
        row += 1
    if not content.rows:
        row += 1
    _write_recap_sums(sheet, row, first, summary_of(content))
    for column, above, officer in ((2, HEAD, content.head), (_TARGET, OFFICER, content.officer)):
        _write_signer(sheet, row + 2, column, above, officer)
    for place, text in enumerate((OURS, printed.sentence)):
        sheet.put(row + 10 + place, 1, text)
    sheet.repeat(head, head + 1)
    if status.changes:
        _write_changes(sheet.another("Perubahan", (22, 34, 24, 40, 40)), status)
    return sheet.content()


def _write_recap_head(sheet: SheetWriter, row: int) -> None:
    for place, text in enumerate(PERSON, 1):
        sheet.heading(row, place, text, down=2)
    for place, text in enumerate(RECAP_KINDS):
        sheet.heading(row, _FIRST_KIND + 2 * place, text, across=2)
        for at, amount in enumerate(AMOUNTS):
            sheet.heading(row + 1, _FIRST_KIND + 2 * place + at, amount)
    for place, text in enumerate(RESULT):
        sheet.heading(row, _TOTAL + place, text, down=2)


def _write_row(sheet: SheetWriter, row: int, place: int, employee: RecapRow, content: RecapContent) -> None:
    cells: list[CellValue] = [place, employee.name, employee.nip, employee.grade, employee.position]
    for kind in (employee.coaching, employee.mentoring, employee.self_study):
        cells += [kind.count, kind.jp]
    for column, value in enumerate(cells, 1):
        sheet.put(row, column, value, boxed=True)
    sheet.formula(row, _TOTAL, "=" + "+".join(_at(column, row) for column in _JP), bold=True)
    sheet.put(row, _TARGET, content.target, boxed=True)
    sheet.formula(row, _LACK, f"=MAX(0,{_at(_TARGET, row)}-{_at(_TOTAL, row)})")
    sheet.put(row, _REMARK, remark_of(content, employee), boxed=True)


def _write_recap_sums(sheet: SheetWriter, row: int, first: int, summary: str) -> None:
    sheet.heading(row, 1, RECAP_SUM, across=len(PERSON))
    for column in (*range(_FIRST_KIND, _TARGET), _LACK):
        sheet.formula(row, column, f"=SUM({span(column, first, row - 1)})", bold=True)
    sheet.put(row, _TARGET, None, boxed=True)
    sheet.put(row, _REMARK, summary, boxed=True)


def _write_signer(sheet: SheetWriter, row: int, column: int, above: tuple[str, ...], officer: Officer | None) -> None:
    """Write the lines above the place to sign, and name and NIP below it."""
    for place, text in enumerate(above):
        sheet.put(row + place, column, text)
    sheet.put(row + 5, column, officer.name if officer else "Nama", bold=True)
    sheet.put(row + 6, column, f"NIP {officer.nip}" if officer else "NIP")


def _write_changes(sheet: SheetWriter, status: RecapStatus) -> None:
    sheet.put(1, 1, changes_title(status), bold=True)
    for place, text in enumerate(CHANGES, 1):
        sheet.heading(3, place, text)
    for row, change in enumerate(status.changes, 4):
        for column, value in enumerate((change.nip, change.name, change.column, change.before, change.after), 1):
            sheet.put(row, column, value, boxed=True)
    sheet.repeat(3, 3)


def _at(column: int, row: int) -> str:
    return f"{get_column_letter(column)}{row}"
