"""Small steps every table shares: values to columns, inserts that yield to what is there, rows in portions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any, TypeVar

from sqlalchemy import Connection, Row, Select, Table
from sqlalchemy.dialects import postgresql, sqlite

PORTION = 500

_T = TypeVar("_T")


def columns_of(value: Any) -> dict[str, Any]:
    """The fields of a frozen value by name, as they are."""
    return {each.name: getattr(value, each.name) for each in fields(value)}


def insert_into(connection: Connection, table: Table) -> Any:
    """An insert with ON CONFLICT, which both databases have under the same words in different modules."""
    return sqlite.insert(table) if connection.dialect.name == "sqlite" else postgresql.insert(table)


def stream(connection: Connection, query: Select[Any], build: Callable[[Row[Any]], _T]) -> Iterator[_T]:
    """Values of a large result, a portion in memory at a time; usable while the transaction lasts."""
    # For this query only: said to the connection it would make server-side cursors of the writes that follow.
    for row in connection.execute(query, execution_options={"yield_per": PORTION}):
        yield build(row)
