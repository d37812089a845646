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

from forms.card import KINDS, CardContent, Officer, Printed
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
    note_text,
    nothing,
    title_of,
)
from forms.recap import RecapContent, RecapRow, Standing
from forms.recap_pdf import AMOUNTS, CHANGES, HEAD, OFFICER, OURS, PERSON, RESULT, changes_title, remark_of, summary_of
from forms.recap_pdf import KINDS as RECAP_KINDS
from forms.recap_pdf import LAW as RECAP_LAW
from forms.recap_pdf import SUM as RECAP_SUM
from forms.recap_pdf import TITLE as RECAP_TITLE
from forms.recap_pdf import facts as recap_facts

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


# --- A control card as XLSX: the same table with real dates and numbers, its sums as formulas

_CARD_WIDTHS = (5, 40, *((17, 30, 9, 5) * len(GROUPS)))
# Each group has a column of its own for the letters that lead to the notes: an amount is a number, nothing else.
_COLUMNS = 4
_MARK = "Ket."
_FIRST = 3


def card_workbook(content: CardContent, printed: Printed) -> bytes:
    """The card as a workbook of one sheet."""
    paper = Paper(f"Kartu {content.year}", _CARD_WIDTHS)
    last = _FIRST + _COLUMNS * len(GROUPS) - 1
    for place, text in enumerate(LAW, 1):
        paper.put(place, last - _COLUMNS + 1, text)
    paper.put(len(LAW) + 1, 1, TITLE, bold=True)
    row = len(LAW) + 3
    for label, value in facts(content):
        paper.put(row, 1, label)
        paper.put(row, _FIRST, value)
        row += 1
    head = row + 1
    _write_card_head(paper, head)
    row = first = head + 2
    for place, activity in enumerate(content.activities, 1):
        for column in range(1, last + 1):
            paper.put(row, column, None, boxed=True)
        paper.put(row, 1, place, boxed=True)
        paper.put(row, 2, title_of(activity), boxed=True)
        start = _FIRST + _COLUMNS * group_of(activity)
        cells: tuple[Value, ...] = (activity.date, activity.guide, activity.jp, mark_of(activity))
        for at, cell in enumerate(cells):
            paper.put(row, start + at, cell, boxed=True)
        row += 1
    if not content.activities:
        paper.put(row, 1, nothing(content))
        row += 1
    _write_card_sums(paper, row, first)
    row = _write_notes(paper, row + 3, content)
    _write_signature(paper, row, content)
    paper.put(row + 6, 1, f"Dicetak {printed.moment} dari kegiatan yang sudah disahkan Biro SDM.")
    paper.repeat(head, head + 1)
    return paper.content()


def _write_card_head(paper: Paper, row: int) -> None:
    paper.heading(row, 1, NUMBER, down=2)
    paper.heading(row, 2, ACTIVITY, down=2)
    for place, (name, texts) in enumerate(GROUPS):
        start = _FIRST + _COLUMNS * place
        paper.heading(row, start, name, across=_COLUMNS)
        for at, text in enumerate((*texts, _MARK)):
            paper.heading(row + 1, start + at, text)


def _write_card_sums(paper: Paper, row: int, first: int) -> None:
    """The sum of each kind, and the year's as the sum of these."""
    paper.heading(row, 1, SUM, across=2)
    amounts = []
    for place in range(len(KINDS)):
        start = _FIRST + _COLUMNS * place
        for column in range(start, start + _COLUMNS):
            paper.put(row, column, None, boxed=True)
        cell = paper.formula(row, start + 2, f"=SUM({span(start + 2, first, row - 1)})", bold=True)
        amounts.append(cell.coordinate)
    paper.put(row + 1, 1, TOTAL, bold=True)
    paper.formula(row + 1, _FIRST, f"={'+'.join(amounts)}", bold=True, boxed=False)
    paper.put(row + 1, _FIRST + 1, "JP", bold=True)


def _write_notes(paper: Paper, row: int, content: CardContent) -> int:
    texts = [note_text(place, note) for place, note in enumerate(content.notes, 1)]
    texts += content.remarks
    if texts:
        paper.put(row, 1, NOTES, bold=True)
        row += 1
    for text in texts:
        paper.put(row, 1, text)
        row += 1
    return row + 1


def _write_signature(paper: Paper, row: int, content: CardContent) -> None:
    officer = content.officer
    column = _FIRST + _COLUMNS * (len(GROUPS) - 1)
    for place, text in enumerate(SIGNED):
        paper.put(row + place, column, text)
    paper.put(row + 5, column, officer.name if officer else "Nama", bold=True)
    paper.put(row + 6, column, f"NIP {officer.nip}" if officer else "NIP")


# --- A recap as XLSX: the same table with real numbers, its totals and what is lacking as formulas; changes on a
# sheet

_RECAP_WIDTHS = (5, 34, 22, 7, 30, *((9, 7) * len(RECAP_KINDS)), 9, 8, 12, 40)
_FIRST_KIND = len(PERSON) + 1
_TOTAL = _FIRST_KIND + 2 * len(RECAP_KINDS)
_TARGET, _LACK, _REMARK = _TOTAL + 1, _TOTAL + 2, _TOTAL + 3
_JP = tuple(_FIRST_KIND + 2 * place + 1 for place in range(len(RECAP_KINDS)))


def recap_workbook(content: RecapContent, standing: Standing, printed: Printed) -> bytes:
    """The recap as a workbook; the changes, if any, on a second sheet."""
    paper = Paper(f"Triwulan {content.quarter}", _RECAP_WIDTHS)
    for place, text in enumerate(RECAP_LAW, 1):
        paper.put(place, _TARGET, text)
    paper.put(len(RECAP_LAW) + 1, 1, RECAP_TITLE, bold=True)
    row = len(RECAP_LAW) + 3
    for label, value in recap_facts(content, standing):
        paper.put(row, 1, label)
        paper.put(row, 3, value)
        row += 1
    head = row + 1
    _write_recap_head(paper, head)
    row = first = head + 2
    for place, each in enumerate(content.rows, 1):
        _write_row(paper, row, place, each, content)
        row += 1
    if not content.rows:
        row += 1
    _write_recap_sums(paper, row, first, summary_of(content))
    for column, above, who in ((2, HEAD, content.head), (_TARGET, OFFICER, content.officer)):
        _write_person(paper, row + 2, column, above, who)
    for place, text in enumerate((OURS, f"Dicetak {printed.moment} dari kegiatan yang sudah disahkan Biro SDM.")):
        paper.put(row + 10 + place, 1, text)
    paper.repeat(head, head + 1)
    if standing.changes:
        _write_changes(paper.another("Perubahan", (22, 34, 24, 40, 40)), standing)
    return paper.content()


def _write_recap_head(paper: Paper, row: int) -> None:
    for place, text in enumerate(PERSON, 1):
        paper.heading(row, place, text, down=2)
    for place, text in enumerate(RECAP_KINDS):
        paper.heading(row, _FIRST_KIND + 2 * place, text, across=2)
        for at, amount in enumerate(AMOUNTS):
            paper.heading(row + 1, _FIRST_KIND + 2 * place + at, amount)
    for place, text in enumerate(RESULT):
        paper.heading(row, _TOTAL + place, text, down=2)


def _write_row(paper: Paper, row: int, place: int, each: RecapRow, content: RecapContent) -> None:
    cells: list[Value] = [place, each.name, each.nip, each.grade, each.position]
    for kind in (each.coaching, each.mentoring, each.self_study):
        cells += [kind.count, kind.jp]
    for column, value in enumerate(cells, 1):
        paper.put(row, column, value, boxed=True)
    paper.formula(row, _TOTAL, "=" + "+".join(_at(column, row) for column in _JP), bold=True)
    paper.put(row, _TARGET, content.target, boxed=True)
    paper.formula(row, _LACK, f"=MAX(0,{_at(_TARGET, row)}-{_at(_TOTAL, row)})")
    paper.put(row, _REMARK, remark_of(content, each), boxed=True)


def _write_recap_sums(paper: Paper, row: int, first: int, summary: str) -> None:
    paper.heading(row, 1, RECAP_SUM, across=len(PERSON))
    for column in (*range(_FIRST_KIND, _TARGET), _LACK):
        paper.formula(row, column, f"=SUM({span(column, first, row - 1)})", bold=True)
    paper.put(row, _TARGET, None, boxed=True)
    paper.put(row, _REMARK, summary, boxed=True)


def _write_person(paper: Paper, row: int, column: int, above: tuple[str, ...], who: Officer | None) -> None:
    for place, text in enumerate(above):
        paper.put(row + place, column, text)
    paper.put(row + 5, column, who.name if who else "Nama", bold=True)
    paper.put(row + 6, column, f"NIP {who.nip}" if who else "NIP")


def _write_changes(paper: Paper, standing: Standing) -> None:
    paper.put(1, 1, changes_title(standing), bold=True)
    for place, text in enumerate(CHANGES, 1):
        paper.heading(3, place, text)
    for row, each in enumerate(standing.changes, 4):
        for column, value in enumerate((each.nip, each.name, each.column, each.before, each.after), 1):
            paper.put(row, column, value, boxed=True)
    paper.repeat(3, 3)


def _at(column: int, row: int) -> str:
    return f"{get_column_letter(column)}{row}"
