"""Small steps every table shares: values to columns, inserts that yield to what is there, rows in portions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit

from sqlalchemy import Connection, Row, Select, Table
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from service.store.errors import BadAddress

PORTION = 500

_T = TypeVar("_T")


def columns_of(value: Any) -> dict[str, Any]:
    """The fields of a frozen value by name, as they are."""
    return {field.name: getattr(value, field.name) for field in fields(value)}


def insert_into(connection: Connection, table: Table) -> Any:
    """An insert with ON CONFLICT, which both databases have under the same words in different modules."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def stream(connection: Connection, query: Select[Any], build: Callable[[Row[Any]], _T]) -> Iterator[_T]:
    """Values of a large result, a portion in memory at a time; usable while the transaction lasts."""
    # For this query only: set on the connection it would make server-side cursors of the writes that follow.
    for row in connection.execute(query, execution_options={"yield_per": PORTION}):
        yield build(row)


# --- What the two URLs of an installation mean; a URL is never repeated in a message, it may hold a password

_DRIVERS = {
    "sqlite": "sqlite+pysqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}


def database_address(database_url: str) -> URL:
    """`sqlite:///FILE` or `postgresql://...` (also `postgres://`); BadAddress for anything else."""
    try:
        url = make_url(database_url)
        driver = _DRIVERS[url.drivername]
    except (ArgumentError, KeyError, ValueError) as error:
        raise BadAddress("database_address") from error
    if driver.startswith("sqlite") and url.database in {None, "", ":memory:"}:
        raise BadAddress("database_address.sqlite")
    return url.set(drivername=driver)


def storage_folder(storage_url: str) -> Path | None:
    """The folder a path or `file://` URL means; None when documents live elsewhere (`s3://` and its like)."""
    parts = urlsplit(storage_url)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    return None if "://" in storage_url else Path(storage_url).absolute()
