"""Files to be read: paths, folders, members of ZIP files and bytes in memory, opened only when they are read."""

from __future__ import annotations

import hashlib
import os
import re
import stat
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from lzma import LZMAError
from pathlib import Path
from typing import Protocol
from zipfile import BadZipFile, ZipFile, ZipInfo

from service.errors import BadInput
from service.language import Message

# --- ZIP files; nothing is unpacked to a disk

# Every error that reading a damaged or unusual ZIP file was seen to raise.
DAMAGED = (OSError, BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError, zlib.error, LZMAError)
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
_MOST_MEMBERS = 100_000
_HEAD = 1024  # bytes
# Why a file is left out.
NO_PDF, HIDDEN, LOCKED = Message("left_out.no_pdf"), Message("left_out.hidden"), Message("left_out.locked")
# PDFs are packed already and shrink to a half at best, empty signature fields to a tenth. Overlapping members, the
# trick of the strongest bombs, add up to far more than the archive too.
_MOST_TIMES = 100
_ALWAYS_FINE = 2**20  # bytes
_ENCRYPTED, _UTF8 = 0x1, 0x800  # flag bits (APPNOTE 4.4.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member: its `place` in the list, `size` unpacked as declared, `refusal`: why it is not read.

    `skipped` says why a member that is no form is left out.
    """

    name: str
    place: int
    size: int
    refusal: Message | None = None
    skipped: Message | None = None


def members(path: Path) -> tuple[Member, ...]:
    """Return the members of a ZIP file in its order: PDFs, refused ones, and those skipped, each with why.

    A PDF is known by its name or its first bytes. A file that is no ZIP file, or a bomb as a whole, is one refused
    member without a name.
    """
    return tuple(_members(path))


def _members(path: Path) -> Iterator[Member]:
    try:
        with ZipFile(path) as archive:
            listed = archive.infolist()
    except DAMAGED as error:
        yield refused_archive(Message("cannot_open.zip", cause=str(error)))
        return
    if len(listed) > _MOST_MEMBERS or _is_bomb(sum(info.file_size for info in listed), path.stat().st_size):
        yield refused_archive(Message("archive_bomb.whole"))
        return
    for place, info in enumerate(listed):
        name = _name(info)
        if info.is_dir():
            continue
        parts = re.split(r"[/\\]", name)
        refusal: Message | None = None
        skipped: Message | None = None
        named = name.lower().endswith((".pdf", *_ARCHIVES)) or _is_bomb(info.file_size, info.compress_size)
        if any(part == "__MACOSX" or re.match(r"\.[^.]", part) for part in parts):
            skipped = HIDDEN
        elif named or _is_pdf(_head_of_member(path, place)):
            refusal = _refusal(info, name, parts)
        else:
            skipped = LOCKED if info.flag_bits & _ENCRYPTED else NO_PDF
        yield Member(name=name, place=place, size=info.file_size, refusal=refusal, skipped=skipped)


def _head_of_member(path: Path, place: int) -> bytes:
    """Return the first bytes of a member; none of one that cannot be read."""
    about = path.stat()
    try:
        archive = opened(path, about.st_mtime_ns, about.st_size)
        with archive.open(archive.infolist()[place]) as file:
            return file.read(_HEAD)
    except DAMAGED:
        return b""


def _is_pdf(head: bytes) -> bool:
    """Tell whether these are the first bytes of a PDF; some programs write a few before it (ISO 32000-1, H.3)."""
    return b"%PDF-" in head


@lru_cache(maxsize=1)
def opened(path: Path, _changed: int, _size: int) -> ZipFile:
    """Return the open archive, cached: each opening reads the whole list, and members come by the thousand."""
    return ZipFile(path)


def _refusal(info: ZipInfo, name: str, parts: list[str]) -> Message | None:
    if ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in name:
        return Message("unsafe_name", name=name)
    if name.lower().endswith(_ARCHIVES):
        return Message("nested_archive", name=name)
    if info.flag_bits & _ENCRYPTED:
        return Message("encrypted.member", name=name)
    if _is_bomb(info.file_size, info.compress_size):
        return Message("archive_bomb.member", name=name, times=info.file_size // max(info.compress_size, 1))
    return None


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > _ALWAYS_FINE and unpacked > _MOST_TIMES * packed


def _name(info: ZipInfo) -> str:
    """Return the name as meant: many tools write UTF-8 without the flag, and the standard's cp437 would garble it."""
    if info.flag_bits & _UTF8:
        return info.orig_filename
    try:
        return info.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.orig_filename


def refused_archive(refusal: Message) -> Member:
    """Return the one member that stands for an archive nothing is read from."""
    return Member(name="", place=0, size=0, refusal=refusal)


# A form with three signatures and attachments is well under 2 MB; the limit keeps one file from filling the memory.
LARGEST = 25 * 1024 * 1024
_HASHED = 2**30  # a file beyond this is not even read for its digest


class UnopenedFile(BadInput):
    """A file that is not read at all; what its code says before a dot is of the contract."""


class Readable(Protocol):
    """A file to be read, wherever it is; `read` raises UnopenedFile, `digest` is empty where it is not known."""

    @property
    def name(self) -> str: ...

    def read(self) -> bytes: ...

    def digest(self) -> str: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file to read: the one at `path`, or the `member` of the ZIP file there.

    `refusal` says why it is not opened at all; `called` is its name where the path is not
    the one people know (an upload).
    """

    path: Path
    member: Member | None = None
    refusal: Message | None = None
    called: str | None = None

    @property
    def name(self) -> str:
        """Return the name for people; undecodable bytes are replaced."""
        shown = self.called or os.fsencode(self.path).decode("utf-8", "replace")
        return f"{shown}!{self.member.name}" if self.member and self.member.name else shown

    def read(self) -> bytes:
        """Return the bytes; UnopenedFile with the reason if they may not or cannot be read."""
        refusal = self.refusal or (self.member and self.member.refusal)
        if refusal:
            raise UnopenedFile(refusal.code, **refusal.params)
        try:
            return self._member(self.member) if self.member else self._file()
        except DAMAGED as error:
            raise _cannot_open(self.name, error) from error

    def digest(self) -> str:
        """Return SHA-256 (hex), also of a file too large to be read at once; empty if it cannot be computed."""
        sha = hashlib.sha256()
        if self.refusal:
            return ""
        try:
            if self.member is not None:
                sha.update(self.read())
            elif self.path.is_file() and self.path.stat().st_size <= _HASHED:
                with self.path.open("rb") as file:
                    while piece := file.read(1 << 20):
                        sha.update(piece)
            else:
                return ""
        except (OSError, UnopenedFile):
            return ""
        return sha.hexdigest()

    def _file(self) -> bytes:
        about = self.path.stat()
        if not stat.S_ISREG(about.st_mode):
            raise OSError("bukan berkas biasa")
        if about.st_size > LARGEST:
            raise too_large(about.st_size)
        return self.path.read_bytes()

    def _member(self, member: Member) -> bytes:
        if member.size > LARGEST:
            raise too_large(member.size)
        about = self.path.stat()
        archive = opened(self.path, about.st_mtime_ns, about.st_size)
        with archive.open(archive.infolist()[member.place]) as file:
            return file.read(LARGEST)


@dataclass(frozen=True, slots=True, kw_only=True)
class FileInMemory(Source):
    """A file that is in memory already; `path` is its sender's name for it."""

    content: bytes = field(repr=False)

    @classmethod
    def of(cls, content: bytes, name: str) -> FileInMemory:
        return cls(path=Path(name), content=content)

    def read(self) -> bytes:
        if len(self.content) > LARGEST:
            raise too_large(len(self.content))
        return self.content

    def digest(self) -> str:
        return hashlib.sha256(self.content).hexdigest()


Listing = Callable[[Path], Iterable[Member]]
# Called with the name of each file that is left out, and why.
Skip = Callable[[str, Message], None]


def walk(
    paths: Sequence[Path], members_of: Listing = members, *, skip: Skip = lambda _name, _why: None
) -> Iterator[Source]:
    """Yield every file named, and PDFs inside folders and ZIP files in name order; `skip` hears of all others.

    A PDF is known by its name or its first bytes. Hidden (`.x`, `__MACOSX`) files are skipped. Folders are followed
    down, links to folders are not. A member of a ZIP file that cannot be read comes with its refusal.
    """
    for path in paths:
        if path.is_dir():
            yield from _folder(path, members_of, skip)
        else:
            yield from _one(path, members_of, skip)


def _folder(path: Path, members_of: Listing, skip: Skip) -> Iterator[Source]:
    try:
        # Names only, one folder at a time: a year's files stay a few megabytes of names.
        inner = sorted((entry.name, entry.is_dir(follow_symlinks=False)) for entry in os.scandir(path))
    except OSError:
        yield Source(path=path)
        return
    for name, is_folder in inner:
        if name.startswith(".") or name == "__MACOSX":
            skip(Source(path=path / name).name, HIDDEN)
        elif is_folder:
            yield from _folder(path / name, members_of, skip)
        elif name.lower().endswith((".pdf", ".zip")) or _is_pdf(_head_of_file(path / name)):
            yield from _one(path / name, members_of, skip)
        else:
            skip(Source(path=path / name).name, NO_PDF)


def _head_of_file(path: Path) -> bytes:
    """Return the first bytes of a regular file; none of one that cannot be read."""
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            return b""
        with path.open("rb") as file:
            return file.read(_HEAD)
    except OSError:
        return b""


def _one(path: Path, members_of: Listing, skip: Skip) -> Iterator[Source]:
    if path.suffix.lower() == ".zip":
        for member in members_of(path):
            source = Source(path=path, member=member)
            if member.skipped:
                skip(source.name, member.skipped)
            else:
                yield source
    else:
        yield Source(path=path)


def too_large(size: int) -> UnopenedFile:
    return UnopenedFile("too_large.file", megabytes=round(size / 2**20), limit=LARGEST // 2**20)


def _cannot_open(name: str, error: Exception) -> UnopenedFile:
    cause = (error.strerror if isinstance(error, OSError) else None) or str(error) or type(error).__name__
    return UnopenedFile("cannot_open.file", name=name, cause=cause)
