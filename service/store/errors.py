"""What can go wrong while keeping or finding: codes and parameters; none repeats an address or a secret."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from service.language import Param


class StoreError(Exception):
    """Base of everything the store raises: a code and its parameters."""

    def __init__(self, code: str, /, **params: Param) -> None:
        super().__init__(code)
        self.code = code
        self.params: Mapping[str, Param] = params

    def __str__(self) -> str:
        """Return the code with its parameters, for the log."""
        told = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code} ({told})" if told else self.code


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


class StaysRevoked(StoreError):
    """The year's certificate was revoked by a person, and no person decided to issue another one."""


class DocumentMissing(StoreError):
    """No document with that digest."""


class StoredDocumentDamaged(StoreError):
    """The stored bytes no longer have the digest they are kept under."""


def storage_full() -> StorageFull:
    """The one sentence for a full disk, whether the database or a document met it."""
    return StorageFull("storage_full")


# --- Database errors become ours here and only here; what is left as it came is a defect of this code

# Result codes of SQLite by name, SQLSTATE of PostgreSQL (appendix A of its manual).
_FULL = {"SQLITE_FULL", "53100"}
_BUSY = {"SQLITE_BUSY", "SQLITE_BUSY_SNAPSHOT", "SQLITE_LOCKED", "55P03", "40P01", "40001"}
_ABSENT = {"SQLITE_CONSTRAINT_FOREIGNKEY", "23503"}
_PRESENT = {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505"}
_NOT_OURS = ("SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR", "SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_PERM")


@contextmanager
def translate_errors() -> Iterator[None]:
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
        return UnknownRow("reference_unknown")
    if code in _PRESENT:
        return RowExists("stored_already")
    if error.connection_invalidated or code.startswith(_NOT_OURS) or _is_connection(error, code):
        cause = str(error.orig).strip().partition("\n")[0]
        return StoreUnavailable("database_unavailable", cause=cause)
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
    return StoreBusy("store_busy")


def not_prepared() -> NotPrepared:
    """The one sentence for a missing or other schema."""
    return NotPrepared("store_not_prepared")


def newer_schema() -> NotPrepared:
    """The schema was made by a later version of this service; only the command shows it, when it opens the store."""
    return NotPrepared("store_newer")
