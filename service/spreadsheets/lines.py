"""The lines of a table's bytes as texts: CSV in its usual encodings and separators, and XLSX with what it hides."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from service.errors import BadInput
from service.names import cleaned


@dataclass(frozen=True, slots=True, kw_only=True)
class Lines:
    """The cells line by line, the header first. `hidden` are lines not shown (from 1), `notes` concern the table."""

    cells: Sequence[Sequence[str]]
    hidden: frozenset[int] = frozenset()
    notes: tuple[str, ...] = ()


# Bytes, unpacked; a table of all the agency's people takes some megabytes.
_MAX_SIZE = 256 * 2**20
_MAX_ROWS = 200_000
# The apostrophe our tables write before a would-be formula, and people write before a long number.
_GUARD = re.compile(r"^'(?=['=+\-@\t\r＝＋－＠0-9])")

# --- CSV

_DELIMITERS = ",;\t|"
# Excel's own first line, which names the separator; spreadsheets do not show it, so it counts as no line.
_SEP_LINE = re.compile(r'\ufeff?"?sep=(?P<delimiter>.)"?\r?\n', re.IGNORECASE)
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def csv_lines(content: bytes, names: Collection[str]) -> Lines:
    """Return the lines of a CSV (UTF-8 or UTF-16), separated as its `sep=` line says, else as its header shows.

    Raises BadInput for another encoding, and for a separator that gives none of these column names.
    """
    text = _decoded(content)
    named = _SEP_LINE.match(text)
    text = text[named.end() :] if named else text
    delimiter = named["delimiter"] if named else _delimiter(text, names)
    try:
        lines = [
            [_GUARD.sub("", cell) for cell in cells]
            for cells in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
        ]
    except csv.Error as error:
        raise BadInput(f"Berkas CSV tidak dapat dibaca ({error}).", "Periksa tanda kutip pada berkas itu.") from error
    other = _other_separator(lines[0]) if lines and len(names) > 1 else ""
    if other:
        raise BadInput(
            f"Kolom-kolom tabel ini dipisah dengan “{other}”, yang tidak kami kenal sebagai pemisah.",
            "Pisahkan kolom dengan koma, titik koma, atau tab; atau simpan sebagai XLSX.",
        )
    return Lines(cells=lines)


def _decoded(content: bytes) -> str:
    """Return the text; UTF-16, as Excel's “Unicode Text” has it, also without its mark."""
    wide = content.startswith(_UTF16_MARKS)
    pair = content[:2]
    # A header is plain letters, of which UTF-16 makes every other byte zero.
    encoding = "utf-16" if wide else "utf-8-sig"
    if not wide and b"\0" in pair:
        encoding = "utf-16-be" if pair[:1] == b"\0" else "utf-16-le"
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadInput(
            f"Berkas CSV bukan UTF-8 (bita ke-{error.start}).",
            "Simpan ulang dari Excel sebagai “CSV UTF-8”, atau unggah XLSX.",
        ) from error


def _delimiter(text: str, names: Collection[str]) -> str:
    """Return the separator that shows most of the column names in the first line."""
    header = text.partition("\n")[0]

    def found(delimiter: str) -> tuple[int, int]:
        cells = [cleaned(cell).strip("\"' ").lower() for cell in header.split(delimiter)]
        return sum(cell in names for cell in cells), len(cells)

    return max(_DELIMITERS, key=found)


def _other_separator(header: Sequence[str]) -> str:
    """Return the sign that separates the columns when the header was read as one cell; nothing when there is none."""
    filled = [cell for cell in map(cleaned, header) if cell]
    if len(filled) != 1:
        return ""
    signs = Counter(char for char in filled[0] if not char.isalnum() and char not in "_\"' ")
    return signs.most_common(1)[0][0] if signs else ""


# --- XLSX

# A number in a spreadsheet keeps 15 digits; a NIP typed as a number has lost its last three.
_EXACT = 10**15
LOST = "\ufffd"
# A formula whose result was never stored: not computed is not empty.
UNCOMPUTED = "\ufffd="
# Errors of openpyxl on a damaged file (SyntaxError: its XML).
_READ_ERRORS = (
    *(KeyError, ValueError, IndexError, OSError, SyntaxError, TypeError, AttributeError),
    *(EOFError, RuntimeError, OverflowError),
)
# The sheet of our own tables that explains the columns.
_GUIDE = "Petunjuk"
_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*>")
_COLUMN = re.compile(rb"<(?:\w+:)?col\b[^>]*>")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_HIDDEN = re.compile(rb"""\bhidden=["'](?:1|true)["']""")
_ROW_NUMBER = re.compile(rb"""\br=["'](\d+)["']""")
_RANGE = (re.compile(rb"""\bmin=["'](\d+)["']"""), re.compile(rb"""\bmax=["'](\d+)["']"""))
_MOST_COLUMNS = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hidden:
    """What a sheet does not show: lines and columns, from 1."""

    lines: frozenset[int] = frozenset()
    columns: tuple[int, ...] = ()


def xlsx_lines(content: bytes) -> Lines:
    """Return the lines of an XLSX file's first sheet; other sheets, hidden rows and columns are noted."""
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
        lines = [[_text(cell) for cell in row] for row in islice(sheet.iter_rows(values_only=True), _MAX_ROWS)]
        for line, place in _uncomputed(content, lines):
            lines[line][place] = UNCOMPUTED
        hidden = _hidden(content, sheet)
        notes = (*_column_notes(hidden, lines), *_sheet_notes(book))
    except (BadZipFile, InvalidFileException, damaged, *_READ_ERRORS) as error:
        raise BadInput(
            f"Berkas XLSX tidak dapat dibaca ({error}).", "Simpan ulang dari Excel sebagai .xlsx."
        ) from error
    if len(lines) == _MAX_ROWS:
        raise BadInput(f"Tabel memuat {_MAX_ROWS} baris atau lebih.", "Bagi menjadi beberapa berkas.")
    return Lines(cells=lines, hidden=hidden.lines, notes=notes)


def _hidden(content: bytes, sheet: Any) -> _Hidden:
    """Return the hidden lines and columns, found in the XML: openpyxl's reader of large sheets leaves them out."""
    from zipfile import ZipFile

    with ZipFile(io.BytesIO(content)) as packed:
        # The only place where the sheet's part is named once the workbook is read.
        xml = packed.read(sheet._worksheet_path)  # noqa: SLF001 - openpyxl names it nowhere else
    lines, number = set(), 0
    for row in _ROW.findall(xml):
        named = _ROW_NUMBER.search(row)
        number = int(named[1]) if named else number + 1
        if _HIDDEN.search(row):
            lines.add(number)
    columns: list[int] = []
    for column in _COLUMN.findall(xml):
        first, last = (limit.search(column) for limit in _RANGE)
        if _HIDDEN.search(column) and first and last:
            columns += range(int(first[1]), min(int(last[1]), _MOST_COLUMNS) + 1)
    return _Hidden(lines=frozenset(lines), columns=tuple(columns))


def _column_notes(hidden: _Hidden, lines: Sequence[Sequence[str]]) -> list[str]:
    header = lines[0] if lines else []
    names = [cleaned(header[place - 1]) for place in hidden.columns if place <= len(header)]
    return [f"Kolom {name} tersembunyi pada lembar kerja; isinya tetap dibaca." for name in names if name]


def _sheet_notes(book: Any) -> list[str]:
    """Return what to know of the sheets: that a hidden one was read, and which others with content were not."""
    first, *others = book.worksheets
    notes = []
    if first.sheet_state != "visible":
        notes.append(f"Lembar pertama, “{first.title}”, tersembunyi; lembar itulah yang dibaca.")
    for sheet in others:
        if sheet.title == _GUIDE or not _has_content(sheet):
            continue
        notes.append(
            f"Lembar “{sheet.title}” tidak dibaca; hanya lembar pertama yang diimpor."
            if sheet.sheet_state == "visible"
            else f"Lembar tersembunyi “{sheet.title}” tidak dibaca; hanya lembar pertama yang diimpor."
        )
    return notes


def _has_content(sheet: Any) -> bool:
    sheet.reset_dimensions()
    rows = islice(sheet.iter_rows(values_only=True), 100)
    return any(cell is not None and str(cell).strip() for row in rows for cell in row)


def _uncomputed(content: bytes, lines: Sequence[Sequence[str]]) -> list[tuple[int, int]]:
    """Return the places of formulas without a stored result; a stored empty text is a result."""
    from zipfile import ZipFile

    from openpyxl import load_workbook

    with ZipFile(io.BytesIO(content)) as packed:
        sheets = [name for name in packed.namelist() if name.lower().endswith(".xml") and "worksheets" in name.lower()]
        if not any(_FORMULA.search(packed.read(name)) for name in sheets):
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
            return LOST
        return str(int(cell)) if cell == int(cell) else str(cell)
    return str(cell)
