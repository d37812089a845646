"""What the two URLs of an installation mean; a URL is never repeated in a message, it may hold a password."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote, urlsplit

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from service.store.errors import BadAddress

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
        raise BadAddress(
            "Alamat basis data tidak dikenali.",
            "Pakai sqlite:///letak/berkas atau postgresql://pengguna@server/nama pada CMB_DATABASE_URL.",
        ) from error
    if driver.startswith("sqlite") and url.database in {None, "", ":memory:"}:
        raise BadAddress(
            "Alamat SQLite itu tidak menunjuk berkas.",
            "Tuliskan letak berkasnya: sqlite:///letak/berkas.",
        )
    return url.set(drivername=driver)


def storage_folder(storage_url: str) -> Path | None:
    """The folder a path or `file://` URL means; None when documents live elsewhere (`s3://` and its like)."""
    parts = urlsplit(storage_url)
    if parts.scheme == "file":
        return Path(unquote(parts.path))
    return None if "://" in storage_url else Path(storage_url).absolute()
