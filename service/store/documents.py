"""Original bytes under their own SHA-256: whole or not there, the same bytes once, checked on every reading."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url

from service.store.addresses import storage_folder
from service.store.errors import BadAddress, DocumentMissing, StoredDocumentDamaged, StoreUnavailable
from service.store.folder import make_folder, write_durably

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
            raise StoredDocumentDamaged(
                f"Dokumen {digest[:12]}… di penyimpanan rusak: isinya tidak lagi sama dengan yang dahulu disimpan.",
                "Pulihkan berkas itu dari cadangan, atau kirim ulang berkas aslinya; jangan pakai isi yang sekarang.",
            )
        return content

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


def _missing(digest: str) -> DocumentMissing:
    return DocumentMissing(
        f"Dokumen {digest[:12]}… tidak ada di penyimpanan.", "Periksa letak penyimpanan dokumen (CMB_STORAGE_URL)."
    )


def _unreachable() -> StoreUnavailable:
    return StoreUnavailable(
        "Penyimpanan dokumen tidak dapat dipakai; tidak ada yang tersimpan.",
        "Periksa CMB_STORAGE_URL, sambungan, dan izinnya, lalu ulangi.",
    )
