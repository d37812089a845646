"""Accounts of people and programs, and their sessions; passwords and session keys are here only as digests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from service.store.account_tables import ACCOUNTS, SESSIONS

_A, _S = ACCOUNTS.c, SESSIONS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One way in. What it may do follows from the roles of the employee with that NIP.

    `mail` is `each`, `daily` or `none`; `language` is `id` or `en`; without `password_hash` only OIDC lets it in.
    """

    id: str
    login: str
    nip: str | None
    password_hash: str | None
    must_change: bool
    created_at: dt.datetime
    oidc_subject: str | None = None
    active: bool = True
    failures: int = 0
    locked_until: dt.datetime | None = None
    language: str = "id"
    mail: str = "each"
    signed_in_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Somebody signed in until `expires_at`; `key` is the SHA-256 (hex) of what the cookie holds."""

    key: str
    account_id: str
    created_at: dt.datetime
    seen_at: dt.datetime
    expires_at: dt.datetime


class AccountsRead:
    """Finding accounts and sessions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, account_id: str) -> Account | None:
        return self._one(_A.id == account_id)

    def by_login(self, login: str) -> Account | None:
        return self._one(_A.login == login)

    def by_nip(self, nip: str) -> Account | None:
        return self._one(_A.nip == nip)

    def by_subject(self, subject: str) -> Account | None:
        return self._one(_A.oidc_subject == subject)

    def all(self) -> Sequence[Account]:
        """Every account, by login."""
        return [Account(**row._asdict()) for row in self._connection.execute(select(ACCOUNTS).order_by(_A.login))]

    def session(self, key: str) -> Session | None:
        row = self._connection.execute(select(SESSIONS).where(_S.key == key)).one_or_none()
        return Session(**row._asdict()) if row else None

    def _one(self, condition: Any) -> Account | None:
        row = self._connection.execute(select(ACCOUNTS).where(condition)).one_or_none()
        return Account(**row._asdict()) if row else None


class Accounts(AccountsRead):
    """Finding and keeping accounts and sessions."""

    def add(self, account: Account) -> None:
        """RowExists when the login or the person has an account already."""
        self._connection.execute(insert(ACCOUNTS).values(asdict(account)))

    def change(self, account_id: str, **columns: Any) -> None:
        """Set columns by name (those of `Account`)."""
        self._connection.execute(update(ACCOUNTS).where(_A.id == account_id).values(columns))

    def count_failure(self, account_id: str) -> int:
        """One failure more; how many there are now in a row. Counted by the database, so that none is lost."""
        statement = update(ACCOUNTS).where(_A.id == account_id).values(failures=_A.failures + 1).returning(_A.failures)
        failures: int = self._connection.execute(statement).scalar_one()
        return failures

    def open_session(self, session: Session) -> None:
        self._connection.execute(insert(SESSIONS).values(asdict(session)))

    def touch_session(self, key: str, seen_at: dt.datetime, expires_at: dt.datetime) -> None:
        self._connection.execute(update(SESSIONS).where(_S.key == key).values(seen_at=seen_at, expires_at=expires_at))

    def close_session(self, key: str) -> None:
        self._connection.execute(delete(SESSIONS).where(_S.key == key))

    def close_sessions(self, account_id: str, *, but: str = "") -> int:
        """Everywhere else too; how many were open."""
        statement = delete(SESSIONS).where(_S.account_id == account_id, _S.key != but)
        return self._connection.execute(statement).rowcount

    def sweep_sessions(self, now: dt.datetime) -> int:
        """Take away what has expired; how many."""
        return self._connection.execute(delete(SESSIONS).where(_S.expires_at <= now)).rowcount
