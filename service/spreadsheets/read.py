"""Read the bytes of a filled-in table (CSV, XLSX) into rows by column name."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import PurePath
from typing import Any

from service.errors import BadInput
from service.names import cleaned

# --- The layout of a table


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column by its name in the first row. `required`: the column must exist (a cell may be empty).

    `meaning` is a sentence for people who fill it in, `choices` the allowed values, `width` in characters.
    """

    name: str
    meaning: str
    required: bool = True
    width: int = 20
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The columns of a kind of table. `subject` names it in commands, `title` for people; `sample` is invented."""

    subject: str
    title: str
    columns: tuple[Column, ...]
    sample: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns)

    @property
    def required(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.required)


# --- Reading

# A number in a spreadsheet keeps 15 digits; a NIP typed as a number has lost its last three.
_EXACT = 10**15
_LOST = "\ufffd"
# A formula whose result was never stored: not computed is not empty.
_UNCOMPUTED = "\ufffd="
_BOOLEANS = ("TRUE", "FALSE", "BENAR", "SALAH")
# Excel's errors, its row of signs for a column too narrow, and LibreOffice's.
_ERROR = re.compile(r"#[A-Z][A-Z0-9/_]*[!?]|#N/A|#GETTING_DATA|#{2,}|ERR:[0-9]{3}", re.IGNORECASE)
# No NIP ends in 000; spreadsheets keep 15 digits, and shorten long numbers to an exponent.
_DAMAGED_NIP = re.compile(r"[0-9]{15}000|[0-9]+([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
# Bytes, unpacked; a table of all the agency's people takes some megabytes.
_MAX_SIZE = 256 * 2**20
_MAX_ROWS = 200_000
# Errors of openpyxl on a damaged file (SyntaxError: its XML).
_READ_ERRORS = (
    *(KeyError, ValueError, IndexError, OSError, SyntaxError, TypeError, AttributeError),
    *(EOFError, RuntimeError, OverflowError),
)
# The apostrophe our tables write before a would-be formula, and people write before a long number.
_GUARD = re.compile(r"^'(?=['=+\-@\t\r＝＋－＠0-9])")


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the spreadsheet, its stripped cells by column, and what is wrong with them."""

    line: int
    cells: Mapping[str, str]
    wrong: tuple[str, ...] = ()


# `rows_in`, or a function that runs it in the sandbox for uploaded files.
Reader = Callable[[bytes, Layout, str], list[Row]]


def rows_in(content: bytes, layout: Layout, file_name: str) -> list[Row]:
    """Return the rows as `read_rows`; a file whose name ends in .xlsx is a spreadsheet, anything else CSV."""
    return read_rows(content, layout, xlsx=PurePath(file_name).suffix.lower() == ".xlsx")


def read_rows(content: bytes, layout: Layout, *, xlsx: bool) -> list[Row]:
    """Return the filled rows of a CSV (UTF-8, comma or semicolon) or of an XLSX file's first sheet.

    Raises BadInput for a table that cannot be read, has other columns, or has no row.
    """
    rows = list(_rows(_xlsx_lines(content) if xlsx else _csv_lines(content), layout, whole=not xlsx))
    if not rows:
        raise BadInput(f"{layout.title} kosong.", "Isi sedikitnya satu baris di bawah judul kolom.")
    return rows


def _csv_lines(content: bytes) -> Iterator[Sequence[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"Berkas CSV bukan UTF-8 (bita ke-{error.start}).",
            "Simpan ulang dari Excel sebagai “CSV UTF-8”, atau unggah XLSX.",
        ) from error
    header = text.partition("\n")[0]
    delimiter = ";" if header.count(";") > header.count(",") else ","
    try:
        for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True):
            yield [_GUARD.sub("", cell) for cell in cells]
    except csv.Error as error:
        raise BadInput(f"Berkas CSV tidak dapat dibaca ({error}).", "Periksa tanda kutip pada berkas itu.") from error


def _xlsx_lines(content: bytes) -> Iterator[Sequence[str]]:
    from zipfile import BadZipFile, ZipFile
    from zlib import error as damaged

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with ZipFile(io.BytesIO(content)) as packed:
            if sum(member.file_size for member in packed.infolist()) > _MAX_SIZE:
                raise BadInput(
                    "Isi berkas XLSX terlalu besar.", "Hapus lembar dan gambar yang tidak perlu, lalu ulangi."
                )
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        # Some programs write a wrong size into the sheet, so it is ignored.
        sheet.reset_dimensions()
        lines = [[_text(cell.value) for cell in row] for row in islice(sheet.iter_rows(), _MAX_ROWS)]
        for line, place in _uncomputed(content, lines):
            lines[line][place] = _UNCOMPUTED
    except (BadZipFile, InvalidFileException, damaged, *_READ_ERRORS) as error:
        raise BadInput(
            f"Berkas XLSX tidak dapat dibaca ({error}).", "Simpan ulang dari Excel sebagai .xlsx."
        ) from error
    if len(lines) == _MAX_ROWS:
        raise BadInput(f"Tabel memuat {_MAX_ROWS} baris atau lebih.", "Bagi menjadi beberapa berkas.")
    yield from lines


def _uncomputed(content: bytes, lines: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return the places of formulas without a stored result; a stored empty text is a result."""
    from zipfile import ZipFile

    from openpyxl import load_workbook

    with ZipFile(io.BytesIO(content)) as packed:
        sheets = [name for name in packed.namelist() if name.lower().endswith(".xml") and "worksheets" in name.lower()]
        if not any(b"<f" in packed.read(name) or b":f>" in packed.read(name) for name in sheets):
            return []
    stored = load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
    written = load_workbook(io.BytesIO(content), read_only=True, data_only=False).worksheets[0]
    stored.reset_dimensions()
    written.reset_dimensions()
    return [
        (line, place)
        for line, (results, formulas) in enumerate(zip(stored.iter_rows(), written.iter_rows(), strict=True))
        if line < len(lines)
        for place, (result, formula) in enumerate(zip(results, formulas, strict=True))
        if formula.data_type == "f" and result.value is None and result.data_type != "str"
    ]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if abs(cell) >= _EXACT:
            return _LOST
        return str(int(cell)) if cell == int(cell) else str(cell)
    return str(cell)


def _rows(lines: Iterator[Sequence[str]], layout: Layout, *, whole: bool) -> Iterator[Row]:
    """Yield the filled rows; `whole`: each must reach the last column (spreadsheets leave out empty cells)."""
    header = [cell.strip().lower() for cell in next(lines, [])]
    missing = [name for name in layout.required if name not in header]
    unknown = [name for name in header if name and name not in layout.names]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if missing or unknown or twice:
        parts = [f"kolom tidak ada: {', '.join(missing)}"] if missing else []
        parts += [f"kolom tidak dikenal: {', '.join(unknown)}"] if unknown else []
        parts += [f"kolom berulang: {', '.join(twice)}"] if twice else []
        raise BadInput(f"Judul kolom tidak sesuai ({'; '.join(parts)}).", f"Gunakan: {','.join(layout.names)}")
    width = max(place for place, name in enumerate(header, start=1) if name)
    choices = {column.name: column.choices for column in layout.columns}
    for line, cells in enumerate(lines, start=2):
        if any(cell.strip() for cell in cells):
            named = {name: _cleaned(name, cell) for name, cell in zip(header, cells, strict=False) if name}
            wrong = [
                f"kolom {name}: {fault}"
                for name, cell in named.items()
                if (fault := _fault(name, cell, choices.get(name, ())))
            ]
            if any(cell.strip() for cell in cells[width:]):
                wrong.append("ada isi di luar judul kolom; periksa tanda pemisah dan tanda kutip pada baris itu.")
            if whole and len(cells) < width:
                wrong.append("baris berakhir sebelum kolom terakhir; tulis juga pemisah untuk sel yang kosong.")
            yield Row(line, named, tuple(wrong))


def _cleaned(name: str, cell: str) -> str:
    text = cleaned(cell)
    return "".join(text.split()) if _is_nip(name) and text[:1].isdigit() else text


def _is_nip(name: str) -> bool:
    return "nip" in name.split("_")


def _fault(name: str, cell: str, choices: Sequence[str]) -> str:
    """Return what a spreadsheet did to the cell, or nothing."""
    if cell == _LOST:
        return "tersimpan sebagai angka sehingga tiga angka terakhirnya hilang; ubah menjadi teks."
    if cell == _UNCOMPUTED:
        return "rumus tanpa hasil tersimpan; buka dan simpan ulang berkas itu di Excel, atau tulis nilainya."
    if _ERROR.fullmatch(cell):
        return f"berisi galat lembar kerja ({cell}); perbaiki rumusnya atau tulis nilainya."
    if cell.upper() in _BOOLEANS and cell not in choices and cell.lower() not in choices:
        return f"berisi nilai benar/salah ({cell}); tulis isinya sebagai teks."
    if _is_nip(name) and _DAMAGED_NIP.fullmatch(cell):
        return f"NIP {cell} rusak oleh lembar kerja; ubah kolom menjadi teks, lalu tulis ulang 18 angkanya."
    return ""
