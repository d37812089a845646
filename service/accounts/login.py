"""Sign-in by password (argon2, a lock that grows with failures) or by the agency's OIDC provider; sessions."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from parsers.records import Problem
from parsers.values import read_nip
from service.errors import BadInput, NotGranted
from service.names import cleaned
from service.records import Event
from service.store import Store, WriteTransaction
from service.store.accounts import Account, Session

IDLE = dt.timedelta(minutes=45)  # without a request
LONGEST = dt.timedelta(hours=12)  # with requests: one working day
# Failures in a row before somebody waits: from one network, and from all networks the owner has not used together.
_FREE_FAILURES, _FREE_FAILURES_OF_STRANGERS = 4, 20
_FIRST_LOCK, _LONGEST_LOCK = dt.timedelta(seconds=30), dt.timedelta(hours=1)
_NETWORK_KNOWN = dt.timedelta(days=180)  # after that, a network nobody signed in from is a stranger's again
SHORTEST_PASSWORD = 12
_LONGEST_PASSWORD = 200

_NOBODY = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountContext:
    """The dependencies of accounts and sign-in; `hasher` costs about 50 ms on purpose (RFC 9106)."""

    store: Store
    hasher: PasswordHasher
    clock: Callable[[], dt.datetime]
    randomness: Callable[[int], bytes]


def sign_in(login: str, password: str, *, network: str, account_context: AccountContext) -> Account:
    """Return the account when the password is right; NotGranted otherwise, in the same words whatever was wrong.

    `network` is a keyed digest of where the visitor comes from. After four failures from there the account is locked
    for that network: 30 seconds, then twice as long each time, an hour at most. Twenty failures from networks in which
    the owner never signed in lock it for all of those, and never for the owner's own. The answer does not mention the
    lock, because a login that does not exist would give no such answer.
    """
    now = account_context.clock()
    with account_context.store.reading() as tx:
        account = tx.accounts.by_login(cleaned(login))
        before = tx.accounts.sign_in_network(account.id, network) if account else None
    matches = _password_matches(account, password, account_context.hasher)
    known = before is not None and before.signed_in_at is not None and now - before.signed_in_at < _NETWORK_KNOWN
    locked = (before is not None and _holds(before.locked_until, now)) or (
        not known and account is not None and _holds(account.locked_until, now)
    )
    with account_context.store.transaction() as tx:
        if account is not None and matches and account.active and not locked:
            tx.accounts.signed_in_from(account.id, network, now)
            tx.accounts.sweep_networks(now - _NETWORK_KNOWN)
            # What strangers tried goes on counting while the owner signs in from a network of their own.
            cleared: dict[str, Any] = {} if known else {"failures": 0, "locked_until": None}
            tx.accounts.change(account.id, signed_in_at=now, **cleared)
            tx.events.append(Event(at=now, actor=account.login, action="account.signed_in", subject=account.id))
            return replace(account, signed_in_at=now, **cleared)
        if account is not None and not locked:
            wait = _wait(tx.accounts.count_failure_from(account.id, network, now), _FREE_FAILURES)
            if wait is not None:
                tx.accounts.lock_for(account.id, network, now + wait)
            wait = None if known else _wait(tx.accounts.count_failure(account.id), _FREE_FAILURES_OF_STRANGERS)
            if wait is not None:
                tx.accounts.change(account.id, locked_until=now + wait)
        # Logged for every login, so that each costs one write. What was typed is not: it may be somebody's password.
        actor, subject = (account.login, account.id) if account else (_NOBODY, _NOBODY)
        tx.events.append(Event(at=now, actor=actor, action="account.refused", subject=subject))
    raise NotGranted("sign_in_refused")


def _holds(until: dt.datetime | None, now: dt.datetime) -> bool:
    return until is not None and until > now


def _wait(failures: int, free: int) -> dt.timedelta | None:
    """Return how long nobody may try after so many failures in a row; None as long as they are free."""
    return None if failures <= free else min(_FIRST_LOCK * 2 ** min(failures - free - 1, 10), _LONGEST_LOCK)


def open_session(account: Account, *, account_context: AccountContext) -> str:
    """Open a session and return the cookie's value (64 hex digits); only its digest is kept."""
    now, token = account_context.clock(), account_context.randomness(32).hex()
    session = Session(key=session_key(token), account_id=account.id, created_at=now, seen_at=now, expires_at=now + IDLE)
    with account_context.store.transaction() as tx:
        tx.accounts.sweep_sessions(now)
        tx.accounts.open_session(session)
    return token


def session_key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def account_of(token: str, *, account_context: AccountContext) -> Account | None:
    """Return the account of a valid session and prolong it (written once a minute, not at every request)."""
    now, key = account_context.clock(), session_key(token)
    with account_context.store.reading() as tx:
        session = tx.accounts.session(key)
        account = tx.accounts.get(session.account_id) if session else None
    if session is None or account is None or not account.active or session.expires_at <= now:
        return None
    if now - session.seen_at > dt.timedelta(minutes=1):
        with account_context.store.transaction() as tx:
            tx.accounts.touch_session(key, now, min(now + IDLE, session.created_at + LONGEST))
    return account


def change_password(account: Account, old: str, new: str, *, account_context: AccountContext, keep: str) -> int:
    """Set a new password, end all sessions but `keep` (a token), and return how many API tokens were revoked.

    NotGranted when `old` is not the password, BadInput when `new` is not good enough.
    """
    if not _password_matches(account, old, account_context.hasher):
        raise NotGranted("password_old_wrong")
    require_strong_password(new, account, old=old)
    return set_password(
        account, new, account_context=account_context, actor=account.login, must_change=False, keep=keep
    )


def set_password(
    account: Account, new: str, *, account_context: AccountContext, actor: str, must_change: bool, keep: str = ""
) -> int:
    """Keep the hash of a password, end the account's other sessions, revoke its API tokens and return how many.

    A password is often changed because somebody else knows it: they must be signed out.
    """
    hashed, now = account_context.hasher.hash(new), account_context.clock()
    with account_context.store.transaction() as tx:
        tx.accounts.change(account.id, password_hash=hashed, must_change=must_change, failures=0, locked_until=None)
        tx.accounts.forgive(account.id)
        tx.accounts.close_sessions(account.id, but=session_key(keep))
        tx.events.append(Event(at=now, actor=actor, action="account.password_set", subject=account.id))
        revoked = [
            api_token.id for api_token in tx.tokens.of_account(account.id) if tx.tokens.revoke(api_token.id, now)
        ]
        for token_id in revoked:
            tx.events.append(Event(at=now, actor=actor, action="token.revoked", subject=token_id))
    return len(revoked)


def require_strong_password(new: str, account: Account, *, old: str = "") -> None:
    """BadInput unless the password is long and not a repetition: length protects (NIST SP 800-63B 3.1.1.2)."""
    if not SHORTEST_PASSWORD <= len(new) <= _LONGEST_PASSWORD:
        raise BadInput("password_length", shortest=SHORTEST_PASSWORD, longest=_LONGEST_PASSWORD)
    known = [word.lower() for word in (account.login, account.nip or "", old) if word]
    if any(word in new.lower() for word in known) or len(set(new)) < 5:  # noqa: PLR2004 - "aaaa..." is guessed at once
        raise BadInput("password_guessable")


def _password_matches(account: Account | None, password: str, hasher: PasswordHasher) -> bool:
    """Tell whether the password is right; an account without one takes as long, so that no login can be guessed."""
    password_hash = account.password_hash if account else None
    if password_hash is None:
        hasher.hash(password[:_LONGEST_PASSWORD])
        return False
    try:
        return hasher.verify(password_hash, password[:_LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False


# --- Sign-in by OIDC


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityClaims:
    """What the OIDC provider claims: the subject within its issuer, and the NIP."""

    issuer: str
    subject: str
    nip: str

    @property
    def key(self) -> str:
        """Return issuer and subject: subjects are unique within their issuer only."""
        return f"{self.issuer} {self.subject}"


def sign_in_with_identity(claims: IdentityClaims, *, account_context: AccountContext) -> Account:
    """Return the account of that subject, linked at the first sign-in and opened then if the employee has none.

    A subject never moves to another account, nor an account to another subject. NotGranted, with the reason, is logged
    too.
    """
    nip = read_nip(claims.nip)
    if isinstance(nip, Problem):
        raise NotGranted("agency_account_refused.without_nip")
    with account_context.store.transaction() as tx:
        outcome = _find_or_open(tx, claims, nip, account_context)
        now = account_context.clock()
        if isinstance(outcome, NotGranted):
            detail = {"nip": nip, "because": outcome.code}
            tx.events.append(Event(at=now, actor=nip, action="account.refused", subject=claims.key, detail=detail))
        else:
            # A first password that was never used is not needed any more, so it is removed.
            cleared = {"password_hash": None, "must_change": False} if outcome.must_change else {}
            tx.accounts.change(outcome.id, failures=0, locked_until=None, signed_in_at=now, **cleared)
            detail = {"by": "oidc"}
            tx.events.append(
                Event(at=now, actor=outcome.login, action="account.signed_in", subject=outcome.id, detail=detail)
            )
    if isinstance(outcome, NotGranted):
        raise outcome
    return replace(outcome, must_change=False, signed_in_at=now)


def _find_or_open(
    tx: WriteTransaction, claims: IdentityClaims, nip: str, account_context: AccountContext
) -> Account | NotGranted:
    """Return the account, or the refusal: it is logged in the same transaction, so it is not raised here."""
    linked = tx.accounts.by_subject(claims.key)
    account = linked or tx.accounts.by_nip(nip)
    if linked is not None and linked.nip != nip:
        return NotGranted("agency_account_refused.other_nip")
    if account is None:
        if tx.employees.get(nip) is None:
            return NotGranted("agency_account_refused.nip_unknown", nip=nip)
        return _open_linked(tx, claims, nip, account_context)
    if not account.active:
        return NotGranted("agency_account_refused.closed")
    if account.oidc_subject is None:
        tx.accounts.change(account.id, oidc_subject=claims.key)
        tx.events.append(Event(at=account_context.clock(), actor=nip, action="account.linked", subject=account.id))
    elif account.oidc_subject != claims.key:
        return NotGranted("agency_account_refused.other_account")
    return account


def _open_linked(tx: WriteTransaction, claims: IdentityClaims, nip: str, account_context: AccountContext) -> Account:
    now = account_context.clock()
    account = Account(
        id=account_context.randomness(12).hex(),
        login=nip,
        nip=nip,
        password_hash=None,
        must_change=False,
        oidc_subject=claims.key,
        created_at=now,
    )
    tx.accounts.add(account)
    detail = {"nip": nip, "by": "oidc"}
    tx.events.append(Event(at=now, actor=nip, action="account.opened", subject=account.id, detail=detail))
    return account
