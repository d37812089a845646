"""ZIP files of strangers: what is in them, and what is not read from them and why. Nothing is unpacked to a disk."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from lzma import LZMAError
from pathlib import Path
from zipfile import BadZipFile, ZipFile, ZipInfo

# Everything the reading of a damaged or strange ZIP file was seen to raise.
DAMAGED = (OSError, BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError, zlib.error, LZMAError)
Refusal = tuple[str, str, str, str]
_ARCHIVES = (".zip", ".rar", ".7z", ".tar", ".gz", ".tgz", ".bz2", ".xz", ".zst")
_MOST_MEMBERS = 100_000
# PDFs are packed already and shrink to a half at best, empty signature fields to a tenth. Overlapping members, the
# trick of the strongest bombs, add up to far more than the archive too.
_MOST_TIMES = 100
_ALWAYS_FINE = 2**20  # bytes
_ENCRYPTED, _UTF8 = 0x1, 0x800  # flag bits (APPNOTE 4.4.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member: its `place` in the list, `size` unpacked as declared, `refusal` (code, title, message, hint)."""

    name: str
    place: int
    size: int
    refusal: Refusal | None = None


def members(path: Path) -> tuple[Member, ...]:
    """The PDFs of a ZIP file in its own order, and whatever in it is refused; hidden and macOS's own are left out.

    A file that is no ZIP file, or a bomb as a whole, is one refused member without a name.
    """
    return tuple(_members(path))


def _members(path: Path) -> Iterator[Member]:
    try:
        with ZipFile(path) as archive:
            listed = archive.infolist()
    except DAMAGED as error:
        yield _whole("cannot_open", "ZIP tidak dapat dibuka", f"ZIP ini tidak dapat dibuka ({error}).")
        return
    if len(listed) > _MOST_MEMBERS or _is_bomb(sum(each.file_size for each in listed), path.stat().st_size):
        yield _whole("archive_bomb", "ZIP tidak wajar", "Isi ZIP ini jauh lebih besar daripada berkasnya.")
        return
    for place, each in enumerate(listed):
        name = _name(each)
        parts = re.split(r"[/\\]", name)
        if each.is_dir() or any(part == "__MACOSX" or re.match(r"\.[^.]", part) for part in parts):
            continue
        if name.lower().endswith((".pdf", *_ARCHIVES)):
            yield Member(name=name, place=place, size=each.file_size, refusal=_refusal(each, name, parts))


@lru_cache(maxsize=1)
def opened(path: Path, _changed: int, _size: int) -> ZipFile:
    """The archive, open: thousands of members come one after the other, and each opening reads the whole list."""
    return ZipFile(path)


def _refusal(each: ZipInfo, name: str, parts: list[str]) -> Refusal | None:
    if ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in name:
        return (
            "unsafe_name",
            "Nama berkas tidak wajar",
            f"Nama “{name}” menunjuk ke luar ZIP.",
            "Buat ulang ZIP dari folder yang hanya berisi formulir.",
        )
    if name.lower().endswith(_ARCHIVES):
        return (
            "nested_archive",
            "ZIP di dalam ZIP",
            f"“{name}” adalah arsip di dalam arsip; isinya tidak dibaca.",
            "Keluarkan isinya lebih dahulu, lalu kirim sebagai berkas atau satu ZIP.",
        )
    if each.flag_bits & _ENCRYPTED:
        return (
            "encrypted",
            "Terkunci kata sandi",
            f"“{name}” dikunci dengan kata sandi ZIP.",
            "Buat ulang ZIP tanpa kata sandi.",
        )
    if _is_bomb(each.file_size, each.compress_size):
        return (
            "archive_bomb",
            "ZIP tidak wajar",
            f"“{name}” membesar {each.file_size // max(each.compress_size, 1)} kali bila dibuka.",
            "Kirim formulirnya sendiri, tanpa ZIP.",
        )
    return None


def _is_bomb(unpacked: int, packed: int) -> bool:
    return unpacked > _ALWAYS_FINE and unpacked > _MOST_TIMES * packed


def _name(each: ZipInfo) -> str:
    """The name as it was meant: many tools write UTF-8 without saying so, and then the standard's cp437 is rubbish."""
    if each.flag_bits & _UTF8:
        return each.orig_filename
    try:
        return each.orig_filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return each.orig_filename


def _whole(code: str, title: str, message: str) -> Member:
    return refused_whole((code, title, message, "Buat ulang ZIP itu dari formulir aslinya, lalu ulangi."))


def refused_whole(refusal: Refusal) -> Member:
    """The one member that stands for an archive nothing is read from."""
    return Member(name="", place=0, size=0, refusal=refusal)
