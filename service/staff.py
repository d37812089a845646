"""The staff register's import: a table as bytes in, entries out, or every wrong row at once."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from parsers.records import Problem
from parsers.values import read_grade, read_nip
from service.errors import BadInput, BadRows
from service.records import EmployeeEntry

COLUMNS = ("nip", "nama", "jabatan", "gol", "unit_kerja", "atasan_nip", "email")
OPTIONAL = ("peran",)
ROLES = ("pegawai", "pengelola", "pimpinan", "biro_sdm", "admin")
_NEEDED = ("nama", "jabatan", "unit_kerja")


@dataclass(frozen=True, slots=True)
class _Row:
    line: int
    cells: Mapping[str, str]


def read_staff(content: bytes, *, xlsx: bool, known: Mapping[str, str | None]) -> tuple[EmployeeEntry, ...]:
    """Entries of a CSV (UTF-8, comma or semicolon) or XLSX table.

    `known` maps the NIPs already in the register to their supervisors.

    Raises BadInput for a table that cannot be read and BadRows naming every wrong row.
    """
    rows = _rows(_xlsx_lines(content) if xlsx else _csv_lines(content))
    problems: list[str] = []
    entries: dict[str, EmployeeEntry] = {}
    lines: dict[str, int] = {}
    for row in rows:
        entry, wrong = _entry(row)
        problems += [f"Baris {row.line}: {sentence}" for sentence in wrong]
        if entry is None:
            continue
        if entry.nip in entries:
            problems.append(f"Baris {row.line}: NIP {entry.nip} sudah ada pada baris {lines[entry.nip]}.")
            continue
        entries[entry.nip], lines[entry.nip] = entry, row.line
    problems += [
        f"Baris {lines[entry.nip]}: atasan_nip {entry.supervisor_nip} tidak ada pada berkas ini maupun data yang ada."
        for entry in entries.values()
        if entry.supervisor_nip and entry.supervisor_nip not in entries and entry.supervisor_nip not in known
    ]
    problems += [f"Baris {lines[nip]}: atasan melingkar ({' → '.join(path)})." for nip, path in _cycles(entries, known)]
    if problems:
        raise BadRows(f"{len(problems)} masalah pada tabel pegawai.", tuple(problems))
    if not entries:
        raise BadInput("Tabel pegawai kosong.", "Isi sedikitnya satu baris di bawah judul kolom.")
    return tuple(entries.values())


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
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise BadInput(f"Berkas CSV tidak dapat dibaca ({error}).", "Periksa tanda kutip pada berkas itu.") from error


def _xlsx_lines(content: bytes) -> Iterator[Sequence[str]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        lines = [["" if cell is None else str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]
    except (BadZipFile, KeyError, ValueError, IndexError, OSError) as error:
        raise BadInput(
            f"Berkas XLSX tidak dapat dibaca ({error}).", "Simpan ulang dari Excel sebagai .xlsx."
        ) from error
    yield from lines


def _rows(lines: Iterator[Sequence[str]]) -> Iterator[_Row]:
    header = [cell.strip().lower() for cell in next(lines, [])]
    missing = [name for name in COLUMNS if name not in header]
    unknown = [name for name in header if name and name not in (*COLUMNS, *OPTIONAL)]
    if missing or unknown:
        parts = [f"kolom tidak ada: {', '.join(missing)}"] if missing else []
        parts += [f"kolom tidak dikenal: {', '.join(unknown)}"] if unknown else []
        raise BadInput(f"Judul kolom tidak sesuai ({'; '.join(parts)}).", f"Gunakan: {','.join((*COLUMNS, *OPTIONAL))}")
    for line, cells in enumerate(lines, start=2):
        if any(cell.strip() for cell in cells):
            yield _Row(line, dict(zip(header, (cell.strip() for cell in cells), strict=False)))


def _entry(row: _Row) -> tuple[EmployeeEntry | None, list[str]]:
    cells = row.cells
    wrong = [f"kolom {name} kosong." for name in _NEEDED if not cells.get(name)]
    nip = read_nip(cells.get("nip", ""))
    if isinstance(nip, Problem):
        wrong.append(f"kolom nip: {nip.message}")
    grade = read_grade(cells.get("gol", ""))
    if isinstance(grade, Problem):
        wrong.append(f"kolom gol: {grade.message}")
    supervisor: str | Problem | None = read_nip(cells["atasan_nip"]) if cells.get("atasan_nip") else None
    if isinstance(supervisor, Problem):
        wrong.append(f"kolom atasan_nip: {supervisor.message}")
    email = cells.get("email", "")
    if email and (email.count("@") != 1 or email.startswith("@") or email.endswith("@")):
        wrong.append(f"kolom email: “{email}” bukan alamat surel.")
    roles = tuple(dict.fromkeys(cells.get("peran", "").replace(";", " ").replace(",", " ").split())) or ("pegawai",)
    wrong += [f"kolom peran: “{role}” tidak dikenal ({', '.join(ROLES)})." for role in roles if role not in ROLES]
    if supervisor is not None and supervisor == nip:
        wrong.append("atasan_nip sama dengan nip.")
    if wrong or isinstance(nip, Problem) or isinstance(grade, Problem) or isinstance(supervisor, Problem):
        return None, wrong
    entry = EmployeeEntry(
        nip=nip,
        name=cells["nama"],
        position=cells["jabatan"],
        grade=grade,
        unit=cells["unit_kerja"],
        supervisor_nip=supervisor,
        email=email,
        roles=roles,
    )
    return entry, []


def _cycles(entries: Mapping[str, EmployeeEntry], known: Mapping[str, str | None]) -> Iterator[tuple[str, list[str]]]:
    """Each circle of supervisors the table would close, once, as its path; it begins at a row of the table."""
    above = {**known, **{nip: entry.supervisor_nip for nip, entry in entries.items()}}
    cleared: set[str] = set()
    for start in entries:
        path: list[str] = []
        nip: str | None = start
        while nip is not None and nip in above and nip not in cleared and nip not in path:
            path.append(nip)
            nip = above[nip]
        if nip is not None and nip in path:
            circle = path[path.index(nip) :]
            first = next(each for each in circle if each in entries)
            turn = circle.index(first)
            yield first, [*circle[turn:], *circle[:turn], first]
        cleared.update(path)
