"""The store's front: transactions over the database, and documents beside it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from sqlalchemy import Engine

from service.store.documents import Documents, open_documents
from service.store.engine import for_reading, for_writing, open_engine
from service.store.migration import require_current
from service.store.transactions import Transaction, Writing
from service.store.troubles import translated


@dataclass(frozen=True, slots=True)
class Store:
    """One open installation; a context manager. Safe to share between threads; each process opens its own."""

    _engine: Engine
    _documents: Documents

    @contextmanager
    def transaction(self) -> Iterator[Writing]:
        """Write: committed when the block ends, rolled back when it raises. Keep it short, others wait."""
        with translated(), for_writing(self._engine).begin() as connection:
            yield Writing(connection)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Read one unchanging state; waits for nobody and nobody waits."""
        with translated(), for_reading(self._engine).begin() as connection:
            yield Transaction(connection)

    def keep_document(self, content: bytes) -> str:
        """Store bytes durably, outside any transaction, and return their SHA-256 (hex); idempotent.

        Raises StorageFull or StoreUnavailable; then nothing is there under that digest that was not there before.
        """
        return self._documents.keep(content)

    def keep_file(self, file: BinaryIO) -> str:
        """As `keep_document`, of all of an open file that can be wound back: nothing of its size is in memory."""
        return self._documents.keep_file(file)

    @contextmanager
    def document_file(self, digest: str) -> Iterator[Path]:
        """The bytes under a digest as a file, checked, for reading only; raises as `document` does."""
        with self._documents.file(digest) as path:
            yield path

    def document(self, digest: str) -> bytes:
        """The bytes under a digest, checked; DocumentMissing, StoredDocumentDamaged or StoreUnavailable."""
        return self._documents.read(digest)

    def has_document(self, digest: str) -> bool:
        """Whether something is kept under a digest; only `document` tells whether it is undamaged."""
        return self._documents.has(digest)

    def close(self) -> None:
        """Let the connections go; opening another transaction takes new ones."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        """Use the store as a context."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the store."""
        self.close()


def open_store(*, database_url: str, storage_url: str) -> Store:
    """Open an installation whose schema is this version's; migrates nothing.

    Raises NotPrepared (run `migrate`), BadAddress or StoreUnavailable.
    """
    engine = open_engine(database_url)
    try:
        require_current(engine)
        return Store(engine, open_documents(storage_url))
    except BaseException:
        engine.dispose()
        raise
