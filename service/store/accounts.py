"""Accounts of people and programs, and their sessions; passwords and session keys are here only as digests."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, insert, select, update

from service.store.queries import columns_of, insert_into
from service.store.schema import ACCOUNTS, IDEMPOTENCY_KEYS, SESSIONS, SIGN_IN_NETWORKS, TOKENS

_A, _S, _N = ACCOUNTS.c, SESSIONS.c, SIGN_IN_NETWORKS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account. What it may do follows from the roles of the employee with that NIP.

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
    """Read accounts and sessions."""

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

    def sign_in_network(self, account_id: str, network: str) -> SignInNetwork | None:
        row = self._connection.execute(select(SIGN_IN_NETWORKS).where(_at(account_id, network))).one_or_none()
        return SignInNetwork(**row._asdict()) if row else None

    def _one(self, condition: Any) -> Account | None:
        row = self._connection.execute(select(ACCOUNTS).where(condition)).one_or_none()
        return Account(**row._asdict()) if row else None


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInNetwork:
    """What happened at sign-ins to an account from one network; `network` is a keyed digest."""

    account_id: str
    network: str
    failures: int
    seen_at: dt.datetime
    locked_until: dt.datetime | None = None
    signed_in_at: dt.datetime | None = None


def _at(account_id: str, network: str) -> ColumnElement[bool]:
    return (_N.account_id == account_id) & (_N.network == network)


class Accounts(AccountsRead):
    """Read and write accounts and sessions."""

    def add(self, account: Account) -> None:
        """RowExists when the login or the person has an account already."""
        self._connection.execute(insert(ACCOUNTS).values(asdict(account)))

    def change(self, account_id: str, **columns: Any) -> None:
        """Set columns by name (those of `Account`)."""
        self._connection.execute(update(ACCOUNTS).where(_A.id == account_id).values(columns))

    def count_failure(self, account_id: str) -> int:
        """Add one failed sign-in and return how many there are in a row; the database counts, so that none is lost."""
        statement = update(ACCOUNTS).where(_A.id == account_id).values(failures=_A.failures + 1).returning(_A.failures)
        failures: int = self._connection.execute(statement).scalar_one()
        return failures

    def count_failure_from(self, account_id: str, network: str, now: dt.datetime) -> int:
        """Add one failed sign-in from a network; how many there are in a row from there."""
        columns = {"account_id": account_id, "network": network, "failures": 1, "seen_at": now}
        statement = insert_into(self._connection, SIGN_IN_NETWORKS).values(columns)
        counted = statement.on_conflict_do_update(
            index_elements=[_N.account_id, _N.network], set_={_N.failures: _N.failures + 1, _N.seen_at: now}
        ).returning(_N.failures)
        failures: int = self._connection.execute(counted).scalar_one()
        return failures

    def lock_for(self, account_id: str, network: str, until: dt.datetime) -> None:
        """Refuse sign-ins to the account from that network until then."""
        self._connection.execute(update(SIGN_IN_NETWORKS).where(_at(account_id, network)).values(locked_until=until))

    def signed_in_from(self, account_id: str, network: str, now: dt.datetime) -> None:
        """Remember that the account was signed in to from a network; its failures there count no more."""
        columns = {"failures": 0, "locked_until": None, "signed_in_at": now, "seen_at": now}
        statement = insert_into(self._connection, SIGN_IN_NETWORKS)
        self._connection.execute(
            statement.values(account_id=account_id, network=network, **columns).on_conflict_do_update(
                index_elements=[_N.account_id, _N.network], set_=columns
            )
        )

    def forgive(self, account_id: str) -> None:
        """Forget the failures of an account, wherever they came from."""
        mine = update(SIGN_IN_NETWORKS).where(_N.account_id == account_id)
        self._connection.execute(mine.values(failures=0, locked_until=None))

    def sweep_networks(self, before: dt.datetime) -> int:
        """Forget networks from which nobody tried since; return how many."""
        return self._connection.execute(delete(SIGN_IN_NETWORKS).where(_N.seen_at < before)).rowcount

    def open_session(self, session: Session) -> None:
        self._connection.execute(insert(SESSIONS).values(asdict(session)))

    def touch_session(self, key: str, seen_at: dt.datetime, expires_at: dt.datetime) -> None:
        self._connection.execute(update(SESSIONS).where(_S.key == key).values(seen_at=seen_at, expires_at=expires_at))

    def close_session(self, key: str) -> None:
        self._connection.execute(delete(SESSIONS).where(_S.key == key))

    def close_sessions(self, account_id: str, *, but: str = "") -> int:
        """End all sessions of an account except `but`; return how many there were."""
        statement = delete(SESSIONS).where(_S.account_id == account_id, _S.key != but)
        return self._connection.execute(statement).rowcount

    def sweep_sessions(self, now: dt.datetime) -> int:
        """Delete expired sessions; return how many."""
        return self._connection.execute(delete(SESSIONS).where(_S.expires_at <= now)).rowcount


# --- API tokens and idempotency keys

_T, _K = TOKENS.c, IDEMPOTENCY_KEYS.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """An API token of an account; `key` is the SHA-256 (hex) of the token, which was shown once."""

    id: str
    key: str
    account_id: str
    name: str
    scopes: tuple[str, ...]
    created_at: dt.datetime
    expires_at: dt.datetime
    used_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyRecord:
    """A request under its idempotency key; without `status` it is still being carried out."""

    account_id: str
    key: str
    request_digest: str
    status: int | None
    answer: Mapping[str, Any] | None
    created_at: dt.datetime


class TokensRead:
    """Read tokens and idempotency records."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def by_key(self, key: str) -> Token | None:
        row = self._connection.execute(select(TOKENS).where(_T.key == key)).one_or_none()
        return _token(row._asdict()) if row else None

    def get(self, token_id: str) -> Token | None:
        row = self._connection.execute(select(TOKENS).where(_T.id == token_id)).one_or_none()
        return _token(row._asdict()) if row else None

    def of_account(self, account_id: str) -> Sequence[Token]:
        """The account's tokens, newest first, ended ones included."""
        query = select(TOKENS).where(_T.account_id == account_id).order_by(_T.created_at.desc(), _T.id)
        return [_token(row._asdict()) for row in self._connection.execute(query)]

    def idempotency_record(self, account_id: str, key: str) -> IdempotencyRecord | None:
        query = select(IDEMPOTENCY_KEYS).where(_K.account_id == account_id, _K.key == key)
        row = self._connection.execute(query).one_or_none()
        return IdempotencyRecord(**row._asdict()) if row else None


class Tokens(TokensRead):
    """Read and write tokens and idempotency records."""

    def add(self, token: Token) -> None:
        self._connection.execute(insert(TOKENS).values(columns_of(token) | {"scopes": list(token.scopes)}))

    def revoke(self, token_id: str, at: dt.datetime) -> bool:
        """False when it was revoked before."""
        statement = update(TOKENS).where(_T.id == token_id, _T.revoked_at.is_(None)).values(revoked_at=at)
        return self._connection.execute(statement).rowcount == 1

    def touch(self, token_id: str, at: dt.datetime) -> None:
        self._connection.execute(update(TOKENS).where(_T.id == token_id).values(used_at=at))

    def claim(self, account_id: str, key: str, request_digest: str, at: dt.datetime) -> bool:
        """Begin a request under its key; False when the key is taken."""
        statement = insert_into(self._connection, IDEMPOTENCY_KEYS).values(
            account_id=account_id, key=key, request_digest=request_digest, created_at=at
        )
        claimed = self._connection.execute(statement.on_conflict_do_nothing().returning(_K.key))
        return claimed.first() is not None

    def keep_answer(self, account_id: str, key: str, status: int, answer: Mapping[str, Any]) -> None:
        """Keep the answer, to be given again when the request is repeated."""
        statement = update(IDEMPOTENCY_KEYS).where(_K.account_id == account_id, _K.key == key)
        self._connection.execute(statement.values(status=status, answer=dict(answer)))

    def release(self, account_id: str, key: str) -> None:
        """Free the key of a request that was not carried out."""
        self._connection.execute(delete(IDEMPOTENCY_KEYS).where(_K.account_id == account_id, _K.key == key))

    def sweep_answers(self, before: dt.datetime, unfinished_before: dt.datetime) -> None:
        """Take away answers older than `before`, and requests nobody has finished since `unfinished_before`."""
        abandoned = _K.status.is_(None) & (_K.created_at < unfinished_before)
        self._connection.execute(delete(IDEMPOTENCY_KEYS).where((_K.created_at < before) | abandoned))


def _token(columns: dict[str, Any]) -> Token:
    return Token(**columns | {"scopes": tuple(columns["scopes"])})
