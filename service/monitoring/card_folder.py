"""A folder of cards with its list: one row per card, from which a run that was cut short goes on."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from forms.card import CardContent
from forms.indonesian import comma

COLUMNS = ("nip", "nama", "unit_kerja", "jp", "berkas", "basis", "sha256")
_ENCODING = "utf-8-sig"  # with its mark, without which Excel takes it for something older
# What makes a spreadsheet take a text for a formula (OWASP, "CSV Injection").
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "'")


class CardFolder:
    """Cards of one year and kind (`pdf`, `xlsx`) in `folder`; a context manager. `write` puts whole files there."""

    def __init__(self, folder: Path, year: int, kind: str, write: Callable[[Path, bytes], None]) -> None:
        self._folder, self._year, self._kind, self._write_file = folder, year, kind, write
        self.list = folder / f"kartu-{year}-{kind}.csv"
        self._known = {row[0]: row for row in self._rows()}
        folder.mkdir(parents=True, exist_ok=True)
        beside = self.list.with_name(f".{self.list.name}.part")
        with beside.open("w", encoding=_ENCODING, newline="") as file:
            csv.writer(file).writerows([COLUMNS, *self._known.values()])
        beside.replace(self.list)
        self._file: TextIO = self.list.open("a", encoding="utf-8", newline="")

    def path(self, content: CardContent) -> Path:
        return self._folder / f"kartu-{self._year}-{content.nip}.{self._kind}"

    def has(self, content: CardContent) -> bool:
        """Whether the card is there and says just this."""
        row = self._known.get(content.nip)
        return row is not None and row[5] == content.basis and self.path(content).exists()

    def keep(self, content: CardContent, file: bytes) -> Path:
        """The card, then its row: whoever kills us in between has it drawn again. A later row of a NIP holds."""
        path = self.path(content)
        self._write_file(path, file)
        texts = (content.name, content.unit)
        row = (
            content.nip,
            *(f"'{each}" if each.startswith(_FORMULA) else each for each in texts),
            comma(content.total),
            path.name,
            content.basis,
            hashlib.sha256(file).hexdigest(),
        )
        csv.writer(self._file).writerow(row)
        self._file.flush()
        return path

    def _rows(self) -> Iterator[tuple[str, ...]]:
        """The whole rows of a list of ours; the last one may have been cut short."""
        if not self.list.exists():
            return
        with self.list.open(encoding=_ENCODING, errors="replace", newline="") as file:
            for line in file:
                with suppress(csv.Error):
                    row = tuple(next(csv.reader([line], strict=True), ()))
                    if len(row) == len(COLUMNS) and row != COLUMNS and line.endswith("\n"):
                        yield row

    def __enter__(self) -> Self:
        """Use it as a context."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the list."""
        self._file.close()
