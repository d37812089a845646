"""Files to be read, wherever they are: paths, folders, and members of ZIP files, opened only when their turn comes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile, ZipFile, is_zipfile

from service.errors import BadInput

# A form with three signatures and attachments is well under 2 MB; the limit keeps one file from filling the memory.
LARGEST = 25 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file to read. `member` is its name inside the ZIP file at `path`; `size` is in bytes (uncompressed)."""

    path: Path
    member: str | None
    size: int

    @property
    def name(self) -> str:
        return f"{self.path}!{self.member}" if self.member else str(self.path)

    def read(self) -> bytes:
        """The bytes; BadInput when the file has gone, cannot be opened or unpacks to more than it declares."""
        try:
            if self.member is None:
                return self.path.read_bytes()
            with ZipFile(self.path) as archive, archive.open(self.member) as file:
                content = file.read(self.size + 1)
        except (OSError, BadZipFile, RuntimeError, NotImplementedError) as error:
            raise BadInput(f"{self.name}: tidak dapat dibuka ({error}).", "Periksa berkasnya, lalu ulangi.") from error
        if len(content) > self.size:
            raise BadInput(f"{self.name}: isi ZIP lebih besar daripada yang dinyatakan.", "Buat ulang berkas ZIP itu.")
        return content

    def digest(self) -> str:
        """SHA-256 (hex), read in pieces: also for files too large to be read at once."""
        sha = hashlib.sha256()
        with self.path.open("rb") if self.member is None else ZipFile(self.path).open(self.member) as file:
            while piece := file.read(1 << 20):
                sha.update(piece)
        return sha.hexdigest()


def walk(paths: Sequence[Path]) -> Iterator[Source]:
    """Every file named, PDFs inside folders and ZIP files in name order. A ZIP inside a ZIP is not opened."""
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if inner.is_file() and inner.suffix.lower() in {".pdf", ".zip"}:
                    yield from _one(inner)
        else:
            yield from _one(path)


def _one(path: Path) -> Iterator[Source]:
    if path.suffix.lower() == ".zip" and is_zipfile(path):
        with ZipFile(path) as archive:
            members = [
                item
                for item in archive.infolist()
                if not item.is_dir() and item.filename.lower().endswith(".pdf") and "__MACOSX/" not in item.filename
            ]
        for item in members:
            yield Source(path=path, member=item.filename, size=item.file_size)
    else:
        yield Source(path=path, member=None, size=path.stat().st_size)
