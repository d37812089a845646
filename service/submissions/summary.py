"""The summary of a batch, one row a file: CSV, written as answers come and read again to resume, and XLSX."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO

from service.errors import BadInput
from service.language import Reader
from service.sandbox.limits import Defect, GaveUp
from service.spreadsheets.write import ENCODING, harmless, plain, text_cell

if TYPE_CHECKING:
    from openpyxl.workbook import Workbook

COLUMNS = (
    "berkas",
    "sha256",
    "hasil",
    "kode",
    "alasan",
    "kiriman",
    "nomor_seri",
    "nip",
    "nama",
    "jenis",
    "tanggal",
    "menit",
)
_UNJUDGED = {GaveUp.code, Defect.code}


class Summary:
    """Writes rows into the files asked for; a context manager. Only when resuming is anything kept in memory.

    With `resume` the rows of an interrupted run stay, except those on which a reader gave up. Raises BadInput when the
    file is not such a summary, OSError when it cannot be written.
    """

    def __init__(
        self, *, table: Path | None, sheet: Path | None, resume: bool = False, reader: Reader | None = None
    ) -> None:
        self._reader = reader or Reader()
        self._done: dict[str, tuple[str, str]] = {}
        self._sheet = sheet
        self._book = _new_book() if sheet else None
        self._file: TextIO | None = None
        if table:
            kept = table.with_name(f".{table.name}.part")
            try:
                with kept.open("w", encoding=ENCODING, newline="") as self._file:
                    self._write(COLUMNS)
                    for row in _rows(table) if resume else ():
                        self._done[row[0]] = (row[1], row[2])
                        self._write(row)
                kept.replace(table)
            finally:
                kept.unlink(missing_ok=True)
            self._file = table.open("a", encoding="utf-8", newline="")
        elif self._book:
            self._write(COLUMNS)

    def done(self, file: str) -> tuple[str, str] | None:
        """Return SHA-256 and result of a file of the earlier run, None for any other."""
        return self._done.get(plain(file)) if self._done else None

    def add(self, answer: Mapping[str, Any]) -> None:
        """Add one answer of `verify` or `submit` (contract); without a file to write to, nothing happens."""
        if self._file is None and self._book is None:
            return
        record = answer.get("record") or {}
        form = answer.get("form") or {}
        employee = record.get("employee", {})
        # The proof and its libraries are slow to load; the command that only shows its help needs none of them.
        from service.verification.wording import shown_reasons

        reasons = shown_reasons(answer["reasons"], self._reader)
        cells = (
            answer["file"],
            answer.get("sha256"),
            answer.get("status") or answer["verdict"],
            " ".join(reason["code"] for reason in reasons),
            " ".join(f"{reason['message']} {reason['hint']}".strip() for reason in reasons),
            answer.get("submission"),
            form.get("serial"),
            employee.get("nip"),
            employee.get("name"),
            record.get("kind"),
            record.get("date"),
            record.get("minutes"),
        )
        self._write(tuple(plain(str(cell if cell is not None else "")) for cell in cells))

    def _write(self, row: tuple[str, ...]) -> None:
        if self._file is not None:
            csv.writer(self._file).writerow([harmless(cell) for cell in row])
            self._file.flush()  # what was answered is there if the process is killed
        if self._book is not None:
            self._book.worksheets[0].append([text_cell(self._book, cell) for cell in row])

    def __enter__(self) -> Self:
        """Enter the context."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the CSV and write the XLSX, also of an interrupted batch."""
        if self._file is not None:
            self._file.close()
        if self._book is not None and self._sheet is not None:
            partial = self._sheet.with_name(f".{self._sheet.name}.part")
            try:
                self._book.save(partial)
                partial.replace(self._sheet)
            finally:
                partial.unlink(missing_ok=True)


def _rows(table: Path) -> Iterator[tuple[str, ...]]:
    """Return the complete rows of our CSV; the last one may be cut off."""
    if not table.exists():
        return
    with table.open(encoding=ENCODING, errors="replace", newline="") as file:
        for place, line in enumerate(file):
            cells: list[str] = []
            with suppress(csv.Error):
                cells = next(csv.reader([line], strict=True), [])
            row = tuple(cell.removeprefix("'") for cell in cells)
            if place == 0 and row != COLUMNS:
                raise BadInput("summary_not_ours", file=str(table))
            whole = line.endswith("\n") and len(row) == len(COLUMNS)
            if place and whole and row[1] and not _UNJUDGED & set(row[3].split()):
                yield row


def _new_book() -> Workbook:
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("Hasil")
    sheet.freeze_panes = "A2"
    for letter, width in zip("ABCDEFGHIJKL", (40, 12, 10, 24, 60, 16, 20, 22, 28, 16, 12, 8), strict=True):
        sheet.column_dimensions[letter].width = width
    return book
