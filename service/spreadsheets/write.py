"""Write a table row by row to CSV or XLSX by the file's name, the whole file or nothing."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from service.errors import BadInput

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

Cell = str | int | Decimal | dt.date | dt.datetime | None
Append = Callable[[Sequence[Cell]], None]


@dataclass(frozen=True, slots=True)
class Heading:
    """The name of a column in the first row, and its width in a spreadsheet."""

    name: str
    width: int = 16


@contextmanager
def written_table(path: Path, headings: Sequence[Heading], *, sheet: str) -> Iterator[Append]:
    """Yield a function that appends one row. Texts are never formulas; XLSX gets numbers and dates, CSV ISO 8601.

    BadInput for another kind of file; nothing is left behind when the block raises.
    """
    if path.suffix.lower() not in {".csv", ".xlsx"}:
        raise BadInput(f"{path}: jenis berkas tidak dikenal.", "Pakai nama berakhiran .csv atau .xlsx.")
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = path.with_name(f".{path.name}.part")
    try:
        opened = _csv if path.suffix.lower() == ".csv" else _xlsx
        with opened(beside, headings, sheet) as append:
            yield append
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def _csv(path: Path, headings: Sequence[Heading], _sheet: str) -> Iterator[Append]:
    with path.open("w", encoding=ENCODING, newline="") as file:
        writer = csv.writer(file)
        writer.writerow([heading.name for heading in headings])
        yield lambda cells: writer.writerow([_in_csv(cell) for cell in cells])


@contextmanager
def _xlsx(path: Path, headings: Sequence[Heading], sheet: str) -> Iterator[Append]:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = Workbook(write_only=True)
    page = book.create_sheet(sheet)
    page.freeze_panes = "A2"
    for place, heading in enumerate(headings, start=1):
        page.column_dimensions[get_column_letter(place)].width = heading.width
    first = [WriteOnlyCell(page, value=heading.name) for heading in headings]
    for cell in first:
        cell.font = Font(bold=True)
    page.append(first)
    yield lambda cells: page.append([_in_xlsx(book, cell) for cell in cells])
    book.save(path)


def _in_csv(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, dt.date):
        return cell.isoformat()
    return str(cell) if isinstance(cell, int) else harmless(plain(cell))


def _in_xlsx(book: Workbook, cell: Cell) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if cell is None:
        return None
    if isinstance(cell, str):
        text = plain(cell)
        # openpyxl makes formulas and error codes of these only; a cell object for every text would be slow.
        return text_cell(book, text) if text.startswith(("=", "#")) else text
    if isinstance(cell, dt.datetime):
        # A spreadsheet has no time zones: write the local time.
        written, number_format = WriteOnlyCell(book.worksheets[0], value=cell.replace(tzinfo=None)), "dd/mm/yyyy hh:mm"
    elif isinstance(cell, dt.date):
        written, number_format = WriteOnlyCell(book.worksheets[0], value=cell), "dd/mm/yyyy"
    else:
        return cell
    written.number_format = number_format
    return written


# --- Safe values

# Beginnings of a text that spreadsheets take for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_MAX_LENGTH = 32_000  # a cell of XLSX holds 32,767 characters

# CSV with the byte-order mark that Excel needs.
ENCODING = "utf-8-sig"


def plain(text: str) -> str:
    """Return the text on one line, without control characters, no longer than a cell."""
    return _CONTROL.sub(" ", text)[:_MAX_LENGTH]


def harmless(text: str) -> str:
    """Return the text for CSV, with an apostrophe before a would-be formula; `read` removes it again."""
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def text_cell(book: Workbook, text: str) -> Any:
    """Return a cell that stays text whatever it looks like."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(book.worksheets[0], value=text)
    cell.data_type = "s"
    return cell
