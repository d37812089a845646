"""Bring a database to this version's schema, from nothing or from any earlier version; rows are kept."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, text

from service.store.engine import for_writing, open_engine
from service.store.migrations import HEAD
from service.store.troubles import not_prepared, translated

_LOCK = 0x434D42  # any number, the same in every installation: one migration at a time


def migrate(database_url: str, *, to: str = HEAD) -> None:
    """Create or upgrade the schema in one transaction; repeating it changes nothing. Raises StoreError."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).with_name("migrations")).replace("%", "%%"))
    engine = open_engine(database_url, create=True)
    try:
        with translated(), for_writing(engine).begin() as connection:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
            config.attributes["connection"] = connection
            command.upgrade(config, to)
    finally:
        engine.dispose()


def require_current(engine: Engine) -> None:
    """NotPrepared unless the schema is exactly this version's: older code on a newer schema is wrong too."""
    if engine.dialect.name == "sqlite" and not Path(engine.url.database or "").exists():
        raise not_prepared()
    with translated(), engine.connect() as connection:
        if _revision(connection) != HEAD:
            raise not_prepared()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision
