"""Accounts and API tokens: opened, reset, closed. A first password is shown once and changed at the first sign-in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from service.accounts.login import AccountContext, session_key, set_password
from service.errors import BadInput, NotGranted
from service.identifiers import short_id
from service.names import cleaned
from service.notifications.messages import notify_password_reset
from service.records import Event
from service.store import Transaction
from service.store.accounts import Account, Token

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # no letters or digits that are confused when read out


def first_password(account_context: AccountContext) -> str:
    """Return a random password such as `k3mw-9pqx-…`: 16 characters of 31, about 79 bits."""
    letters = [_ALPHABET[byte % len(_ALPHABET)] for byte in account_context.randomness(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


def open_account(
    nip: str, *, account_context: AccountContext, actor: str, password: str | None = None
) -> tuple[Account, str]:
    """Open an account for an employee, whose login is the NIP; return it and its first password.

    With a `password` given (a sample office) it need not be changed. BadInput for an unknown NIP, RowExists when the
    person has an account already.
    """
    now, first = account_context.clock(), password or first_password(account_context)
    account = Account(
        id=account_context.randomness(12).hex(),
        login=nip,
        nip=nip,
        password_hash=account_context.hasher.hash(first),
        must_change=password is None,
        created_at=now,
    )
    with account_context.store.transaction() as tx:
        if tx.employees.get(nip) is None:
            raise BadInput("nip_unknown.to_import", nip=nip)
        tx.accounts.add(account)
        tx.events.append(Event(at=now, actor=actor, action="account.opened", subject=account.id, detail={"nip": nip}))
    return account, first


def reset_password(login: str, *, account_context: AccountContext, actor: str) -> str:
    """Set and return a new first password; every session of the account ends, every token is revoked."""
    account, first = _find(login, account_context), first_password(account_context)
    set_password(account, first, account_context=account_context, actor=actor, must_change=True)
    with account_context.store.transaction() as tx:
        now = account_context.clock()
        tx.events.append(Event(at=now, actor=actor, action="account.reset", subject=account.id))
        holder = tx.employees.get(account.nip) if account.nip else None
        if holder is not None:
            # Who could sign in as an admin or for Biro SDM now: the other admins learn of it too.
            watched = {"admin", "biro_sdm"} & set(holder.roles)
            admins = [person.nip for person in tx.people.who_can("admin") if person.nip != actor] if watched else []
            notify_password_reset(tx, nips=[holder.nip, *admins], person_nip=holder.nip, by=actor, now=now)
    return first


def set_active(login: str, *, active: bool, account_context: AccountContext, actor: str) -> None:
    """Close an account (its sessions end at once) or open it again. NotGranted for the last admin's."""
    account = _find(login, account_context)
    with account_context.store.transaction() as tx:
        holder = tx.employees.get(account.nip) if account.nip else None
        if not active and holder is not None and "admin" in holder.roles:
            require_another_admin(holder.nip, tx)
        tx.accounts.change(account.id, active=active, failures=0, locked_until=None)
        tx.accounts.forgive(account.id)
        tx.accounts.close_sessions(account.id)
    _log("account.reopened" if active else "account.closed", account, account_context, actor)


def _find(login: str, account_context: AccountContext) -> Account:
    with account_context.store.reading() as tx:
        account = tx.accounts.by_login(cleaned(login))
    if account is None:
        raise BadInput("account_unknown", login=login)
    return account


def _log(action: str, account: Account, account_context: AccountContext, actor: str) -> None:
    with account_context.store.transaction() as tx:
        tx.events.append(Event(at=account_context.clock(), actor=actor, action=action, subject=account.id))


# --- API tokens

# What a token may be used for, within what its account may do; the words are part of the contract.
SCOPES = (
    *("forms:write", "submissions:read", "submissions:write", "jp:read"),
    *("certificates:read", "certificates:issue", "certificates:revoke", "checks:read"),
    *("batches:read", "batches:write", "webhooks:read", "webhooks:write"),
)
LONGEST_DAYS = 365
_MAX_TOKENS = 20  # valid tokens of one account
_LONGEST_NAME = 60
_PREFIX = "cmb_"  # so that a token found in a file is recognised


def make_token(
    account: Account, name: str, scopes: Sequence[str], days: int, *, account_context: AccountContext
) -> tuple[Token, str]:
    """Make a token; return it and its secret, which is shown once and kept only as a digest."""
    name = " ".join(name.split())
    unknown = sorted(set(scopes) - set(SCOPES))
    if not name or len(name) > _LONGEST_NAME:
        raise BadInput("token_name_length", longest=_LONGEST_NAME)
    if unknown or not scopes:
        raise BadInput("token_scope_unknown", unknown=sorted(unknown) or "-", scopes=tuple(SCOPES))
    if not 1 <= days <= LONGEST_DAYS:
        raise BadInput("token_life", longest=LONGEST_DAYS)
    now, secret = account_context.clock(), _PREFIX + account_context.randomness(32).hex()
    token = Token(
        id=short_id("T", account_context.randomness),
        key=session_key(secret),
        account_id=account.id,
        name=name,
        scopes=tuple(scope for scope in SCOPES if scope in scopes),
        created_at=now,
        expires_at=now + dt.timedelta(days=days),
    )
    detail = {"name": name, "scopes": list(token.scopes), "expires_at": token.expires_at.isoformat()}
    with account_context.store.transaction() as tx:
        valid = [known for known in tx.tokens.of_account(account.id) if is_valid(known, now)]
        if len(valid) >= _MAX_TOKENS:
            raise NotGranted("tokens_too_many", most=_MAX_TOKENS)
        tx.tokens.add(token)
        tx.events.append(Event(at=now, actor=account.login, action="token.made", subject=token.id, detail=detail))
    return token, secret


def revoke_token(token_id: str, *, account: Account | None, account_context: AccountContext, actor: str) -> None:
    """Revoke a token; `account` limits it to that account's tokens. BadInput when there is none."""
    now = account_context.clock()
    with account_context.store.transaction() as tx:
        found = tx.tokens.get(token_id)
        if found is None or (account is not None and found.account_id != account.id):
            raise BadInput("token_unknown", token=token_id)
        if tx.tokens.revoke(token_id, now):
            tx.events.append(Event(at=now, actor=actor, action="token.revoked", subject=token_id))


def token_of(secret: str, *, account_context: AccountContext) -> tuple[Token, Account] | None:
    """Return the token with that secret and its account when both are valid; record its use once a minute."""
    now = account_context.clock()
    if not secret.startswith(_PREFIX):
        return None
    with account_context.store.reading() as tx:
        token = tx.tokens.by_key(session_key(secret))
        account = tx.accounts.get(token.account_id) if token else None
    # After a reset of its password, an account's tokens do not work until its owner has signed in.
    if token is None or account is None or not is_valid(token, now) or not account.active or account.must_change:
        return None
    if token.used_at is None or now - token.used_at > dt.timedelta(minutes=1):
        with account_context.store.transaction() as tx:
            tx.tokens.touch(token.id, now)
    return token, account


def is_valid(token: Token, now: dt.datetime) -> bool:
    return token.revoked_at is None and now < token.expires_at


def state_of(token: Token, now: dt.datetime) -> str:
    """Return `berlaku`, `dicabut` or `kedaluwarsa`."""
    if token.revoked_at is not None:
        return "dicabut"
    return "berlaku" if is_valid(token, now) else "kedaluwarsa"


def require_another_admin(nip: str, tx: Transaction) -> None:
    """NotGranted when `nip` is the last admin who can open accounts and give roles."""
    if not [person for person in tx.people.who_can("admin") if person.nip != nip]:
        raise NotGranted("admin_last")
