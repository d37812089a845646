"""Values on their way into a spreadsheet: nothing that could be taken for a formula, nothing a cell cannot hold."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

# What makes a spreadsheet take a text for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_LONGEST = 32_000  # a cell of XLSX holds 32,767 characters

# CSV with its mark, without which Excel takes it for something older.
ENCODING = "utf-8-sig"


def plain(text: str) -> str:
    """One line without control characters, no longer than a cell."""
    return _CONTROL.sub(" ", text)[:_LONGEST]


def harmless(text: str) -> str:
    """The text for CSV: with an apostrophe before what would be a formula; `read` takes it off again."""
    return f"'{text}" if text.startswith((*_FORMULA, "'")) else text


def text_cell(book: Workbook, text: str) -> Any:
    """A cell that is text whatever it looks like."""
    from openpyxl.cell import WriteOnlyCell

    cell = WriteOnlyCell(book.worksheets[0], value=text)
    cell.data_type = "s"
    return cell
