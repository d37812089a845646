"""One way to open each database, so that a commit means the same on both: durable, and checked against its rules."""

from __future__ import annotations

import json
import sqlite3
import time
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event

from service.store.addresses import database_address
from service.store.errors import StoreUnavailable

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
            raise StoreUnavailable(
                f"Folder basis data tidak dapat dibuat ({error.strerror}).", "Periksa letak dan izinnya."
            ) from error
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

    On PostgreSQL each statement sees what others committed before it: whoever waited for a lock must see why.
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
    """Switch to the write-ahead log. Two that switch a new file at once are told "locked" without the busy timeout."""
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
    immediate = connection.get_execution_options().get("immediate")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
