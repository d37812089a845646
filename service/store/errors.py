"""What can go wrong while keeping or finding; every sentence is Indonesian, and none repeats an address or a secret."""

from __future__ import annotations


class StoreError(Exception):
    """Base of everything the store raises. `hint` says what to do now."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class BadAddress(StoreError):
    """The database or storage URL is not one this store can use."""


class NotPrepared(StoreError):
    """The database has no schema yet, or one of another version."""


class StoreUnavailable(StoreError):
    """The database or the storage does not answer, or refuses us."""


class StoreBusy(StoreError):
    """Others held the database for too long; nothing was written."""


class StorageFull(StoreError):
    """No room left on the disk (or the quota); what was being written is not there at all."""


class UnknownRow(StoreError):
    """Something referred to is not in the store."""


class RowExists(StoreError):
    """Something that may exist once is there already."""


class RowEnded(StoreError):
    """The certificate ended before (revoked or superseded); an end is never undone or rewritten."""


class DocumentMissing(StoreError):
    """No document with that digest."""


class StoredDocumentDamaged(StoreError):
    """The stored bytes no longer have the digest they are kept under."""


def storage_full() -> StorageFull:
    """The one sentence for a full disk, whether the database or a document met it."""
    return StorageFull(
        "Ruang penyimpanan penuh; yang sedang disimpan dibatalkan seluruhnya.",
        "Kosongkan atau tambah ruang penyimpanan, lalu ulangi perintah yang sama.",
    )
