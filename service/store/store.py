"""The store's front: transactions over the database, and documents beside it."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text

from service.store.documents import Documents, open_documents
from service.store.errors import StoreUnavailable, newer_schema, not_prepared, translate_errors
from service.store.migrations import HEAD
from service.store.queries import database_address
from service.store.transactions import Transaction, WriteTransaction


@dataclass(frozen=True, slots=True)
class Store:
    """One open installation; a context manager. Safe to share between threads; each process opens its own."""

    _engine: Engine
    _documents: Documents

    @contextmanager
    def transaction(self) -> Iterator[WriteTransaction]:
        """Write: committed when the block ends, rolled back when it raises. Keep it short, others wait."""
        with translate_errors(), for_writing(self._engine).begin() as connection:
            yield WriteTransaction(connection)

    @contextmanager
    def reading(self) -> Iterator[Transaction]:
        """Read one unchanging state; waits for nobody and nobody waits."""
        with translate_errors(), for_reading(self._engine).begin() as connection:
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

    def require_current(self) -> None:
        """Raise NotPrepared or StoreUnavailable unless the database answers with this version's schema."""
        require_current(self._engine)

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


# --- Engines: a commit is durable and checked on both databases

_PRAGMAS = (
    "PRAGMA busy_timeout = 30000",
    "PRAGMA synchronous = FULL",  # in WAL mode only FULL keeps a commit through a power cut
    "PRAGMA foreign_keys = ON",
)
_WAL_TRIES, _WAL_PAUSE = 100, 0.05  # seconds; as patient as any other step of a migration


def open_engine(database_url: str, *, create: bool = False) -> Engine:
    """An engine with nothing connected yet; `create` makes the folder of an SQLite file.

    Raises BadAddress, and StoreUnavailable when that folder cannot be made.
    """
    url = database_address(database_url)
    keep_json = partial(json.dumps, allow_nan=False)
    if url.get_backend_name() != "sqlite":
        return create_engine(url, json_serializer=keep_json, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    if create:
        try:
            Path(url.database or "").absolute().parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreUnavailable("database_folder", cause=str(error.strerror)) from error
    engine = create_engine(url, json_serializer=keep_json)
    event.listen(engine, "connect", _prepare_connection)
    event.listen(engine, "begin", _begin)
    return engine


def for_reading(engine: Engine) -> Engine:
    """Transactions that see one unchanging state and write nothing."""
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return engine


def for_writing(engine: Engine) -> Engine:
    """Transactions that may write; on SQLite they take the write lock at once, so that none fails half way.

    On PostgreSQL each statement sees what others committed before it: one that waited for a lock must see why.
    """
    if engine.dialect.name == "postgresql":
        return engine.execution_options(isolation_level="READ COMMITTED")
    return engine.execution_options(immediate=True)


def _prepare_connection(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we begin transactions ourselves; the driver would begin them too late
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    _use_wal(cursor)
    cursor.close()


def _use_wal(cursor: Any) -> None:
    """Switch to the write-ahead log. Two that switch a new file at once get "locked" without the busy timeout."""
    for attempt in range(_WAL_TRIES):
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError:
            if attempt == _WAL_TRIES - 1:
                raise
            time.sleep(_WAL_PAUSE)
        else:
            return


def _begin(connection: Connection) -> None:
    writes = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql(f"PRAGMA query_only = {'OFF' if writes else 'ON'}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


# --- Migration

_LOCK = 0x434D42  # any number, the same in every installation: one migration at a time


def migrate(database_url: str, *, to: str = HEAD) -> None:
    """Create or upgrade the schema in one transaction; repeating it changes nothing. Raises StoreError."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    engine = open_engine(database_url, create=True)
    try:
        with translate_errors(), for_writing(engine).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            if _is_newer(_revision(connection)):
                raise newer_schema()
            config.attributes["connection"] = connection
            command.upgrade(config, to)
    finally:
        engine.dispose()


def require_current(engine: Engine) -> None:
    """NotPrepared unless the schema is exactly this version's: older code on a newer schema is wrong too."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        raise not_prepared()
    with translate_errors(), engine.connect() as connection:
        revision = _revision(connection)
    if _is_newer(revision):
        raise newer_schema()
    if revision != HEAD:
        raise not_prepared()


def _is_newer(revision: str | None) -> bool:
    """Tell whether a later version of this service made the schema: revisions are numbers of four digits."""
    return revision is not None and revision > HEAD


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
