"""Files to be read, wherever they are: paths, folders, and members of ZIP files, opened only when their turn comes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from service.errors import BadInput

# A form with three signatures and attachments is well under 2 MB; the limit keeps one file from filling the memory.
LARGEST = 25 * 1024 * 1024
_MOST_MEMBERS = 20_000
_ENCRYPTED = 0x1  # general purpose bit 0, APPNOTE 4.4.4
_AGAIN = "Buat ulang berkas ZIP itu dari berkas-berkas PDF-nya, tanpa kata sandi dan tanpa arsip di dalamnya."


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file to read. `member` is its name inside the ZIP file at `path`; `size` is in bytes (uncompressed).

    `refusal` says in Indonesian why it is not opened at all, "" for one that is.
    """

    path: Path
    member: str | None
    size: int
    refusal: str = ""

    @property
    def name(self) -> str:
        return f"{self.path}!{self.member}" if self.member else str(self.path)

    def read(self) -> bytes:
        """The bytes; BadInput when the file is refused, has gone, cannot be opened or unpacks to more than declared."""
        if self.refusal:
            raise BadInput(f"{self.name}: {self.refusal}.", _AGAIN)
        try:
            if self.member is None:
                return self.path.read_bytes()
            with ZipFile(self.path) as archive, archive.open(self.member) as file:
                content = file.read(self.size + 1)
        except (OSError, EOFError, BadZipFile, RuntimeError, NotImplementedError, KeyError) as error:
            raise BadInput(f"{self.name}: tidak dapat dibuka ({error}).", "Periksa berkasnya, lalu ulangi.") from error
        if len(content) > self.size:
            raise BadInput(f"{self.name}: isi ZIP lebih besar daripada yang dinyatakan.", _AGAIN)
        return content

    def digest(self) -> str:
        """SHA-256 (hex), read in pieces: also for files too large to be read at once. Empty when it cannot be read."""
        sha = hashlib.sha256()
        try:
            with self.path.open("rb") if self.member is None else ZipFile(self.path).open(self.member) as file:
                while piece := file.read(1 << 20):
                    sha.update(piece)
        except (OSError, EOFError, BadZipFile, RuntimeError, NotImplementedError, KeyError):
            return ""
        return sha.hexdigest()


def walk(paths: Sequence[Path]) -> Iterator[Source]:
    """Every file named, and PDFs inside folders and ZIP files in name order; hidden ones are left aside.

    What cannot be opened is a source with a refusal, never the end of the walk.
    """
    for path in paths:
        if path.is_dir():
            for inner in sorted(path.rglob("*")):
                if (
                    inner.suffix.lower() in {".pdf", ".zip"}
                    and not _hidden(PurePosixPath(inner.relative_to(path)))
                    and inner.is_file()
                ):
                    yield from _one(inner)
        else:
            yield from _one(path)


def _one(path: Path) -> Iterator[Source]:
    if path.suffix.lower() != ".zip":
        yield Source(path=path, member=None, size=path.stat().st_size)
        return
    try:
        with ZipFile(path) as archive:
            members = archive.infolist()
    except (OSError, BadZipFile, NotImplementedError) as error:
        yield Source(path=path, member=None, size=0, refusal=f"bukan berkas ZIP yang dapat dibuka ({error})")
        return
    if len(members) > _MOST_MEMBERS:
        yield Source(path=path, member=None, size=0, refusal=f"memuat lebih dari {_MOST_MEMBERS} berkas")
        return
    for member in members:
        place = PurePosixPath(member.filename)
        if not member.is_dir() and place.suffix.lower() in {".pdf", ".zip"} and not _hidden(place):
            yield Source(path=path, member=member.filename, size=member.file_size, refusal=_refusal(member, place))


def _hidden(place: PurePosixPath) -> bool:
    """What systems put beside files for themselves: `__MACOSX/`, `._x.pdf`, hidden folders."""
    return any(part == "__MACOSX" or (part.startswith(".") and part != "..") for part in place.parts)


def _refusal(member: ZipInfo, place: PurePosixPath) -> str:
    if place.suffix.lower() == ".zip":
        return "arsip di dalam arsip tidak dibuka"
    if place.is_absolute() or ".." in place.parts or "\\" in member.filename:
        return "namanya menunjuk ke luar arsip"
    if member.flag_bits & _ENCRYPTED:
        return "dikunci dengan kata sandi"
    return ""
