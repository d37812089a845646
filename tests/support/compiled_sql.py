"""SQL is compiled once for all stores of one kind, since nearly every test has a store, and an engine, of its own."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event


class Compiled(dict[Any, Any]):
    """SQLAlchemy asks by dialect and statement; one dialect is as good as another of its kind."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get(_kind(key), default)

    def __setitem__(self, key: Any, item: Any) -> None:
        super().__setitem__(_kind(key), item)


def _kind(key: Any) -> tuple[Any, ...]:
    dialect, *statement = key
    return (type(dialect), *statement)


def share_compiled() -> None:
    """From now on every connection of this process takes what another has compiled."""
    kept = Compiled()

    def take(connection: Connection) -> None:
        connection.execution_options(compiled_cache=kept)

    event.listen(Engine, "engine_connect", take)
