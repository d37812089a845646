"""Files that are whole or not there, even after a killed process, a full disk or a power cut.

obstore's own local writer renames a finished file into place but never calls fsync (seen with strace): after a power
cut the name could stand there with nothing in it. So the local folder is written here, and only read through obstore.
"""

from __future__ import annotations

import errno
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from service.store.errors import StoreUnavailable, storage_full

# Half-written files of killed processes stay in here until somebody opens the folder when they are this old (seconds):
# they are parts of people's documents, and nobody is still writing them.
_INCOMING = "incoming"
_LEFT_BEHIND = 24 * 3600
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
PIECE = 2**20  # bytes of a large file in memory at a time


def make_folder(folder: Path) -> None:
    """Create a folder and what leads to it, durably. Raises StorageFull or StoreUnavailable."""
    with _told():
        _make(folder)


def sweep(folder: Path, *, now: float) -> None:
    """Delete what killed processes left half-written a day ago. Quiet: whoever comes next deletes what stays."""
    with suppress(OSError):
        for each in os.scandir(folder / _INCOMING):
            if each.is_file(follow_symlinks=False) and now - each.stat(follow_symlinks=False).st_mtime > _LEFT_BEHIND:
                with suppress(OSError):
                    os.unlink(each.path)  # noqa: PTH108 - scandir's entry, nothing a Path would add


def write_durably(root: Path, name: str, content: bytes) -> None:
    """Put `content` at `root/name` (readable by this account only). Raises StorageFull or StoreUnavailable.

    When this returns, the bytes, the name and the folders leading to it are on the disk. The file appears whole under
    its name or not at all; the same bytes written by several at once are fine.
    """
    target = root / name
    with _told():
        _make(target.parent)
        if not _holds(target, content):
            _make(root / _INCOMING)
            _write(root / _INCOMING, target, content)
        # Also when it was there: whoever wrote it may not have come this far yet.
        _sync_folder(target.parent)


def take_durably(root: Path, source: BinaryIO, name_of: Callable[[str], str]) -> str:
    """Put all of an open file at `root/name_of(digest)`, a piece in memory at a time; its SHA-256 (hex).

    The same promises as `write_durably`; whatever stood there under that name is replaced.
    """
    sha = hashlib.sha256()

    def copied(file: BinaryIO) -> Path:
        while piece := source.read(PIECE):
            sha.update(piece)
            file.write(piece)
        target = root / name_of(sha.hexdigest())
        _make(target.parent)
        return target

    with _told():
        _make(root / _INCOMING)
        _place(root / _INCOMING, copied)
        _sync_folder((root / name_of(sha.hexdigest())).parent)
    return sha.hexdigest()


def _write(incoming: Path, target: Path, content: bytes) -> None:
    def written(file: BinaryIO) -> Path:
        file.write(content)
        return target

    _place(incoming, written)


def _place(incoming: Path, write: Callable[[BinaryIO], Path]) -> None:
    """Let `write` fill a file beside, make it durable, and put it where `write` says."""
    descriptor, temporary = tempfile.mkstemp(dir=incoming)
    try:
        with os.fdopen(descriptor, "wb") as file:
            target = write(file)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, target)  # noqa: PTH105 - a pair of plain names, nothing a Path would add
    except BaseException:
        with suppress(OSError):
            os.unlink(temporary)  # noqa: PTH108 - as above
        raise


def _holds(target: Path, content: bytes) -> bool:
    try:
        return target.read_bytes() == content
    except FileNotFoundError:
        return False


def _make(folder: Path) -> None:
    if folder.is_dir():
        return
    _make(folder.parent)
    folder.mkdir(exist_ok=True)
    _sync_folder(folder.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise storage_full() from error
        raise StoreUnavailable(
            f"Folder penyimpanan dokumen tidak dapat ditulisi ({error.strerror}).",
            "Periksa letak folder dan izinnya, lalu ulangi.",
        ) from error
