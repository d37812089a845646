"""Database errors become ours here and only here; what is left as it came is a defect of this code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.store.errors import (
    NotPrepared,
    RowExists,
    StoreBusy,
    StoreError,
    StoreUnavailable,
    UnknownRow,
    storage_full,
)

# Result codes of SQLite by name, SQLSTATE of PostgreSQL (appendix A of its manual).
_FULL = {"SQLITE_FULL", "53100"}
_BUSY = {"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED", "55P03", "40P01", "40001"}
_ABSENT = {"SQLITE_CONSTRAINT_FOREIGNKEY", "23503"}
_PRESENT = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505"}
_NOT_OURS = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_PERM")


@contextmanager
def translated() -> Iterator[None]:
    """Run a block; database errors leave it as a StoreError where a person can do something about them."""
    try:
        yield
    except PoolTimeout as error:
        raise _busy() from error
    except DBAPIError as error:
        ours = _ours(error)
        if ours is None:
            raise
        raise ours from error


def _ours(error: DBAPIError) -> StoreError | None:
    code = _code(error)
    if code in _FULL:
        return storage_full()
    if code in _BUSY:
        return _busy()
    if code in _ABSENT:
        return UnknownRow("Yang dirujuk tidak ada di penyimpanan.", "Daftarkan lebih dahulu yang dirujuk itu.")
    if code in _PRESENT:
        return RowExists("Yang akan disimpan sudah ada.", "Periksa yang sudah tersimpan; tidak ada yang diubah.")
    if error.connection_invalidated or code.startswith(_NOT_OURS) or _is_connection(error, code):
        cause = str(error.orig).strip().partition("\n")[0]
        return StoreUnavailable(
            f"Basis data tidak dapat dipakai ({cause}).",
            "Periksa apakah basis datanya berjalan, alamatnya benar, dan izinnya cukup, lalu ulangi.",
        )
    return None


def _code(error: DBAPIError) -> str:
    for name in ("sqlite_errorname", "sqlstate"):
        code = getattr(error.orig, name, None)
        if code:
            return str(code)
    return ""


def _is_connection(error: DBAPIError, code: str) -> bool:
    """SQLSTATE classes 08 (connection), 28 (authorization), 3D (no such database), 57P (shutdown); or none at all."""
    return isinstance(error, OperationalError) and (not code or code.startswith(("08", "28", "3D", "57P")))


def _busy() -> StoreBusy:
    return StoreBusy(
        "Penyimpanan sedang dipakai proses lain terlalu lama; tidak ada yang tersimpan.", "Ulangi sebentar lagi."
    )


def not_prepared() -> NotPrepared:
    """The one sentence for a missing or other schema."""
    return NotPrepared(
        "Basis data belum disiapkan, atau versinya berbeda dengan versi layanan ini.", "Jalankan `cmb init`."
    )
