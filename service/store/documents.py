"""Original bytes under their own SHA-256: whole or not there, the same bytes once, checked on every reading."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from service.store.errors import BadAddress, DocumentMissing, StoredDocumentDamaged, StoreUnavailable, storage_full
from service.store.queries import storage_folder

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """Content-addressed storage. `folder` is set when the objects are files of this machine."""

    objects: ObjectStore
    folder: Path | None

    def keep(self, content: bytes) -> str:
        """Store the bytes and return their digest (hex); once this returns they survive a power cut.

        Keeping what is there already repairs it if it was damaged. Raises StorageFull or StoreUnavailable.
        """
        digest = hashlib.sha256(content).hexdigest()
        name = _name(digest)
        if self.folder is not None:
            write_durably(self.folder, name, content)
            return digest
        try:
            obstore.put(self.objects, name, content)
        except (BaseError, OSError) as error:
            raise _unreachable() from error
        return digest

    def keep_file(self, file: BinaryIO) -> str:
        """As `keep`, of all of an open file (one that can be wound back), a piece in memory at a time."""
        file.seek(0)
        if self.folder is not None:
            return take_durably(self.folder, file, _name)
        digest = _digest_of(file)
        file.seek(0)
        try:
            obstore.put(self.objects, _name(digest), file)
        except (BaseError, OSError) as error:
            raise _unreachable() from error
        return digest

    @contextmanager
    def file(self, digest: str) -> Iterator[Path]:
        """A file with the bytes kept under a digest, checked as by `read`, for what is too large for the memory.

        It must not be written to; where it is a copy, the copy is gone afterwards.
        """
        with tempfile.TemporaryDirectory() as beside:
            path = self._fetched(digest, Path(beside) / "document") if self.folder is None else None
            path = path or self._here(digest)
            with path.open("rb") as file:
                if _digest_of(file) != digest:
                    raise _damaged(digest)
            yield path

    def read(self, digest: str) -> bytes:
        """The bytes kept under a digest. Raises DocumentMissing, StoredDocumentDamaged or StoreUnavailable."""
        if not _DIGEST.fullmatch(digest):
            raise _missing(digest)
        try:
            content = bytes(obstore.get(self.objects, _name(digest)).bytes())
        except FileNotFoundError as error:
            raise _missing(digest) from error
        except (BaseError, OSError) as error:
            raise _unreachable() from error
        if hashlib.sha256(content).hexdigest() != digest:
            raise _damaged(digest)
        return content

    def _here(self, digest: str) -> Path:
        path = (self.folder or Path()) / _name(digest)
        if not _DIGEST.fullmatch(digest) or not path.is_file():
            raise _missing(digest)
        return path

    def _fetched(self, digest: str, target: Path) -> Path:
        if not _DIGEST.fullmatch(digest):
            raise _missing(digest)
        try:
            with target.open("wb") as copy:
                for piece in obstore.get(self.objects, _name(digest)).stream(min_chunk_size=PIECE):
                    copy.write(piece)
        except FileNotFoundError as error:
            raise _missing(digest) from error
        except (BaseError, OSError) as error:
            raise _unreachable() from error
        return target

    def has(self, digest: str) -> bool:
        """Whether something is kept under that digest (its bytes are not read)."""
        if not _DIGEST.fullmatch(digest):
            return False
        try:
            obstore.head(self.objects, _name(digest))
        except FileNotFoundError:
            return False
        except (BaseError, OSError) as error:
            raise _unreachable() from error
        return True


def open_documents(storage_url: str) -> Documents:
    """Storage at a folder (path or `file://`) or wherever obstore reaches (`s3://` ...); BadAddress otherwise."""
    folder = storage_folder(storage_url)
    if folder is not None:
        make_folder(folder)
        sweep(folder, now=time.time())
        return Documents(objects=LocalStore(folder), folder=folder)
    try:
        return Documents(objects=from_url(storage_url), folder=None)
    except (BaseError, ValueError) as error:
        raise BadAddress("storage_address") from error


def _name(digest: str) -> str:
    return f"sha256/{digest[:2]}/{digest}"


def _digest_of(file: BinaryIO) -> str:
    sha = hashlib.sha256()
    while piece := file.read(PIECE):
        sha.update(piece)
    return sha.hexdigest()


def _damaged(digest: str) -> StoredDocumentDamaged:
    return StoredDocumentDamaged("document_damaged", digest=digest[:12])


def _missing(digest: str) -> DocumentMissing:
    return DocumentMissing("document_missing", digest=digest[:12])


def _unreachable() -> StoreUnavailable:
    return StoreUnavailable("storage_unavailable")


# --- Durable files
#
# obstore's own local writer renames a finished file into place but never calls fsync (seen with strace): after a
# power cut the name could stand there with nothing in it. So the local folder is written here, and only read through
# obstore.

# Half-written files of killed processes stay in here until somebody opens the folder when they are this old (seconds):
# they are parts of people's documents, and nobody is still writing them.
_INCOMING = "incoming"
_LEFT_BEHIND = 24 * 3600
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
PIECE = 2**20  # bytes of a large file in memory at a time


def make_folder(folder: Path) -> None:
    """Create a folder and what leads to it, durably. Raises StorageFull or StoreUnavailable."""
    with _translate_os_errors():
        _make(folder)


def sweep(folder: Path, *, now: float) -> None:
    """Delete what killed processes left half-written a day ago. Raises nothing: the next opening deletes what stays."""
    with suppress(OSError):
        for entry in os.scandir(folder / _INCOMING):
            if entry.is_file(follow_symlinks=False) and now - entry.stat(follow_symlinks=False).st_mtime > _LEFT_BEHIND:
                with suppress(OSError):
                    os.unlink(entry.path)  # noqa: PTH108 - scandir's entry, nothing a Path would add


def write_durably(root: Path, name: str, content: bytes) -> None:
    """Put `content` at `root/name` (readable by this account only). Raises StorageFull or StoreUnavailable.

    When this returns, the bytes, the name and the folders leading to it are on the disk. The file appears whole under
    its name or not at all; the same bytes written by several at once are fine.
    """
    target = root / name
    with _translate_os_errors():
        _make(target.parent)
        if not _holds(target, content):
            _make(root / _INCOMING)
            _write(root / _INCOMING, target, content)
        # Also when it was there: its writer may not have synced the folder yet.
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

    with _translate_os_errors():
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
def _translate_os_errors() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _NO_ROOM:
            raise storage_full() from error
        raise StoreUnavailable("storage_folder", cause=str(error.strerror)) from error
