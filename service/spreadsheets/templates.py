"""A table to fill in, as the service hands it out: the columns ready, and beside them what each is for."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from service.tables.cells import harmless, plain, text_cell
from service.tables.layout import Layout

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

Rows = Iterable[Mapping[str, str]]
# So many rows offer the choices of a column; whoever needs more copies cells down.
_OFFERED = 10_000


def template_bytes(layout: Layout, *, xlsx: bool, rows: Rows = ()) -> bytes:
    """The table with its columns and these rows; handed in as it is, it says nothing wrong.

    XLSX has a second sheet, `Petunjuk`, and keeps long numbers as text.
    """
    return _xlsx(layout, rows) if xlsx else _csv(layout, rows)


def _csv(layout: Layout, rows: Rows) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(layout.names)
    for row in rows:
        writer.writerow([harmless(plain(row.get(name, ""))) for name in layout.names])
    return out.getvalue().encode("utf-8-sig")


def _xlsx(layout: Layout, rows: Rows) -> bytes:
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook(write_only=True)
    page = book.create_sheet(layout.title)
    page.freeze_panes = "A2"
    for place, column in enumerate(layout.columns, start=1):
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = column.width
        page.column_dimensions[letter].number_format = "@"
        if column.choices:
            offered = DataValidation(type="list", formula1=f'"{",".join(column.choices)}"', allow_blank=True)
            offered.add(f"{letter}2:{letter}{_OFFERED}")
            page.data_validations.append(offered)
    heads = [WriteOnlyCell(page, value=name) for name in layout.names]
    for head in heads:
        head.font = Font(bold=True)
    page.append(heads)
    for row in rows:
        page.append([text_cell(book, plain(row.get(name, ""))) for name in layout.names])
    _guide(book, layout)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _guide(book: Workbook, layout: Layout) -> None:
    page = book.create_sheet("Petunjuk")
    for letter, width in zip("ABCD", (18, 10, 90, 40), strict=True):
        page.column_dimensions[letter].width = width
    page.append(["kolom", "wajib", "artinya", "contoh"])
    for column in layout.columns:
        example = text_cell(book, layout.sample.get(column.name, ""))
        page.append([column.name, "ya" if column.required else "", column.meaning, example])
