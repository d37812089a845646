"""Original bytes under their own SHA-256: whole or not there, the same bytes once, checked on every reading."""

from __future__ import annotations

import hashlib
import re
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from service.store.addresses import storage_folder
from service.store.errors import BadAddress, DocumentMissing, StoredDocumentDamaged, StoreUnavailable
from service.store.folder import PIECE, make_folder, sweep, take_durably, write_durably

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
        raise BadAddress(
            "Alamat penyimpanan dokumen tidak dikenali.",
            "Pakai letak folder, file:///letak/folder, atau s3://nama-ember/awalan pada CMB_STORAGE_URL.",
        ) from error


def _name(digest: str) -> str:
    return f"sha256/{digest[:2]}/{digest}"


def _digest_of(file: BinaryIO) -> str:
    sha = hashlib.sha256()
    while piece := file.read(PIECE):
        sha.update(piece)
    return sha.hexdigest()


def _damaged(digest: str) -> StoredDocumentDamaged:
    return StoredDocumentDamaged(
        f"Dokumen {digest[:12]}… di penyimpanan rusak: isinya tidak lagi sama dengan yang dahulu disimpan.",
        "Pulihkan berkas itu dari cadangan, atau kirim ulang berkas aslinya; jangan pakai isi yang sekarang.",
    )


def _missing(digest: str) -> DocumentMissing:
    return DocumentMissing(
        f"Dokumen {digest[:12]}… tidak ada di penyimpanan.", "Periksa letak penyimpanan dokumen (CMB_STORAGE_URL)."
    )


def _unreachable() -> StoreUnavailable:
    return StoreUnavailable(
        "Penyimpanan dokumen tidak dapat dipakai; tidak ada yang tersimpan.",
        "Periksa CMB_STORAGE_URL, sambungan, dan izinnya, lalu ulangi.",
    )
