"""Read the bytes of a filled-in table (CSV, XLSX) into rows by column name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath

from service.errors import BadInput
from service.names import cleaned, cleanings
from service.spreadsheets.lines import LOST, UNCOMPUTED, Lines, csv_lines, xlsx_lines

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

_BOOLEANS = ("TRUE", "FALSE", "BENAR", "SALAH")
# Excel's errors, its row of signs for a column too narrow, and LibreOffice's.
_ERROR = re.compile(r"#[A-Z][A-Z0-9/_]*[!?]|#N/A|#DIV/0|#GETTING_DATA|#{2,}|ERR:[0-9]{3}", re.IGNORECASE)
# No NIP ends in 000; spreadsheets keep 15 digits, and shorten long numbers to an exponent.
_DAMAGED_NIP = re.compile(r"[0-9]{15}000|[0-9]+([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_ZIPPED = b"PK\x03\x04"
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its line in the spreadsheet, its cleaned cells by column, and what is wrong with them.

    `notes` are sentences about what was changed or may be overlooked, each naming its row; the first row has those of
    the table too.
    """

    line: int
    cells: Mapping[str, str]
    wrong: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


# `rows_in`, or a function that runs it in the sandbox for uploaded files.
Reader = Callable[[bytes, Layout, str], list[Row]]


def rows_in(content: bytes, layout: Layout, file_name: str) -> list[Row]:
    """Return the rows as `read_rows`; a spreadsheet is known by its first bytes or its name, anything else is CSV."""
    if content.startswith(_OLD_OR_LOCKED):
        raise BadInput(
            f"{file_name} adalah berkas Excel lama (.xls) atau terkunci kata sandi.",
            "Simpan sebagai .xlsx tanpa kata sandi, lalu ulangi.",
        )
    return read_rows(content, layout, xlsx=content.startswith(_ZIPPED) or PurePath(file_name).suffix.lower() == ".xlsx")


def read_rows(content: bytes, layout: Layout, *, xlsx: bool) -> list[Row]:
    """Return the filled rows of a CSV (UTF-8 or UTF-16, any usual separator) or of an XLSX file's first sheet.

    Raises BadInput for a table that cannot be read, has other columns, or has no row.
    """
    lines = xlsx_lines(content) if xlsx else csv_lines(content, layout.names)
    rows = list(_rows(lines, layout, whole=not xlsx))
    if not rows:
        raise BadInput(f"{layout.title} kosong.", "Isi sedikitnya satu baris di bawah judul kolom.")
    return rows


def _rows(lines: Lines, layout: Layout, *, whole: bool) -> Iterator[Row]:
    """Yield the filled rows; `whole`: each must reach the last column (spreadsheets leave out empty cells)."""
    header = [cleaned(cell).lower() for cell in (lines.cells[0] if lines.cells else ())]
    missing = [name for name in layout.required if name not in header]
    unknown = [name for name in header if name and name not in layout.names]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if missing or unknown or twice:
        parts = [f"kolom tidak ada: {', '.join(missing)}"] if missing else []
        parts += [f"kolom tidak dikenal: {', '.join(unknown)}"] if unknown else []
        parts += [f"kolom berulang: {', '.join(twice)}"] if twice else []
        raise BadInput(f"Judul kolom tidak sesuai ({'; '.join(parts)}).", f"Gunakan: {','.join(layout.names)}")
    width = max(place for place, name in enumerate(header, start=1) if name)
    of_table = lines.notes
    for line, cells in enumerate(lines.cells[1:], start=2):
        if any(map(cleaned, cells)):
            row = _row(line, cells, header[:width], layout, whole=whole)
            hidden = (f"Baris {line}: tersembunyi pada lembar kerja; tetap dibaca.",) if line in lines.hidden else ()
            yield Row(row.line, row.cells, row.wrong, (*of_table, *hidden, *row.notes))
            of_table = ()


def _row(line: int, cells: Sequence[str], header: Sequence[str], layout: Layout, *, whole: bool) -> Row:
    choices = {column.name: column.choices for column in layout.columns}
    written = {name: cell for name, cell in zip(header, cells, strict=False) if name}
    named = {name: _cleaned(name, cell) for name, cell in written.items()}
    wrong = [
        f"kolom {name}: {fault}" for name, cell in named.items() if (fault := _fault(name, cell, choices.get(name, ())))
    ]
    untitled = [cell for name, cell in zip(header, cells, strict=False) if not name]
    if any(map(cleaned, (*untitled, *cells[len(header) :]))):
        wrong.append("ada isi di luar judul kolom; periksa tanda pemisah dan tanda kutip pada baris itu.")
    if whole and len(cells) < len(header):
        wrong.append("baris berakhir sebelum kolom terakhir; tulis juga pemisah untuk sel yang kosong.")
    notes = [
        f"Baris {line}: kolom {name} disimpan sebagai “{named[name]}” ({changes[0]})."
        for name, cell in written.items()
        if (changes := cleanings(cell))
    ]
    return Row(line, named, tuple(wrong), tuple(notes))


def _cleaned(name: str, cell: str) -> str:
    text = cleaned(cell)
    return "".join(text.split()) if _is_nip(name) and text[:1].isdigit() else text


def _is_nip(name: str) -> bool:
    return "nip" in name.split("_")


def _fault(name: str, cell: str, choices: Sequence[str]) -> str:
    """Return what a spreadsheet did to the cell, or nothing."""
    if cell == LOST:
        return "tersimpan sebagai angka sehingga tiga angka terakhirnya hilang; ubah menjadi teks."
    if cell == UNCOMPUTED:
        return "rumus tanpa hasil tersimpan; buka dan simpan ulang berkas itu di Excel, atau tulis nilainya."
    if _ERROR.fullmatch(cell):
        return f"berisi galat lembar kerja ({cell}); perbaiki rumusnya atau tulis nilainya."
    if cell.upper() in _BOOLEANS and cell not in choices and cell.lower() not in choices:
        return f"berisi nilai benar/salah ({cell}); tulis isinya sebagai teks."
    if _is_nip(name) and _DAMAGED_NIP.fullmatch(cell):
        return f"NIP {cell} rusak oleh lembar kerja; ubah kolom menjadi teks, lalu tulis ulang 18 angkanya."
    return ""
