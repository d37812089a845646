"""Coming in with a password: argon2, a lock that grows with every failure, and a session that ends by itself."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from parsers.records import Problem
from parsers.values import read_nip
from service.errors import BadInput, NotGranted
from service.records import Event
from service.store import Store, WriteTransaction
from service.store.accounts import Account, Session

IDLE = dt.timedelta(minutes=45)  # without a request
LONGEST = dt.timedelta(hours=12)  # with requests: one working day
_FREE_FAILURES = 4
_FIRST_LOCK, _LONGEST_LOCK = dt.timedelta(seconds=30), dt.timedelta(hours=1)
SHORTEST_PASSWORD = 12
_LONGEST_PASSWORD = 200

_NOBODY = "-"

_REFUSED = NotGranted(
    "Nama pengguna atau kata sandi tidak cocok.",
    "Periksa keduanya, lalu coba lagi. Sesudah beberapa kali gagal, tunggu dahulu: 30 detik, lalu makin lama, paling "
    "lama satu jam.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What letting people in needs; `hasher` costs about 50 ms on purpose (RFC 9106)."""

    store: Store
    hasher: PasswordHasher
    clock: Callable[[], dt.datetime]
    randomness: Callable[[int], bytes]


def sign_in(login: str, password: str, *, gate: Gate) -> Account:
    """The account, when the password is its own. NotGranted otherwise, in the same words whatever was wrong.

    After four failures the account waits: 30 seconds, then twice as long each time, an hour at most. That it waits is
    not said: there would be no such answer for a login that does not exist.
    """
    now = gate.clock()
    with gate.store.reading() as tx:
        account = tx.accounts.by_login(login.strip())
    fits = _fits(account, password, gate.hasher)
    waits = account is not None and account.locked_until is not None and account.locked_until > now
    with gate.store.transaction() as tx:
        if account is not None and fits and account.active and not waits:
            tx.accounts.change(account.id, failures=0, locked_until=None, signed_in_at=now)
            tx.events.append(Event(at=now, actor=account.login, action="account.signed_in", subject=account.id))
            return replace(account, failures=0, locked_until=None, signed_in_at=now)
        if account is not None and not waits:
            _lock(account, now, tx.accounts.count_failure(account.id), tx.accounts.change)
        # Noted for every login, so that each costs one write. What was typed is not: it may be somebody's password.
        who, subject = (account.login, account.id) if account else (_NOBODY, _NOBODY)
        tx.events.append(Event(at=now, actor=who, action="account.refused", subject=subject))
    raise NotGranted(_REFUSED.message, _REFUSED.hint)


def open_session(account: Account, *, gate: Gate) -> str:
    """A fresh session; gives what the cookie holds (64 hex digits), of which only the digest is kept."""
    now, token = gate.clock(), gate.randomness(32).hex()
    session = Session(key=session_key(token), account_id=account.id, created_at=now, seen_at=now, expires_at=now + IDLE)
    with gate.store.transaction() as tx:
        tx.accounts.sweep_sessions(now)
        tx.accounts.open_session(session)
    return token


def session_key(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def account_of(token: str, *, gate: Gate) -> Account | None:
    """Whose session that is, while it lasts; being used prolongs it (written once a minute, not at every request)."""
    now, key = gate.clock(), session_key(token)
    with gate.store.reading() as tx:
        session = tx.accounts.session(key)
        account = tx.accounts.get(session.account_id) if session else None
    if session is None or account is None or not account.active or session.expires_at <= now:
        return None
    if now - session.seen_at > dt.timedelta(minutes=1):
        with gate.store.transaction() as tx:
            tx.accounts.touch_session(key, now, min(now + IDLE, session.created_at + LONGEST))
    return account


def change_password(account: Account, old: str, new: str, *, gate: Gate, keep: str) -> int:
    """Set a new password and end every other way in (`keep` is this session's token); how many tokens were revoked.

    NotGranted when `old` is not the password, BadInput when `new` is not good enough.
    """
    if not _fits(account, old, gate.hasher):
        raise NotGranted("Kata sandi lama tidak cocok.", "Ketik kata sandi yang Anda pakai untuk masuk tadi.")
    require_good(new, account, old=old)
    return set_password(account, new, gate=gate, actor=account.login, must_change=False, keep=keep)


def set_password(account: Account, new: str, *, gate: Gate, actor: str, must_change: bool, keep: str = "") -> int:
    """Keep a password (its hash); the account's other sessions end and its programs' tokens are revoked.

    Whoever changes a password that somebody else came to know expects that somebody to be out. Gives how many tokens.
    """
    hashed, now = gate.hasher.hash(new), gate.clock()
    with gate.store.transaction() as tx:
        tx.accounts.change(account.id, password_hash=hashed, must_change=must_change, failures=0, locked_until=None)
        tx.accounts.close_sessions(account.id, but=session_key(keep))
        tx.events.append(Event(at=now, actor=actor, action="account.password_set", subject=account.id))
        revoked = [each.id for each in tx.tokens.of_account(account.id) if tx.tokens.revoke(each.id, now)]
        for token_id in revoked:
            tx.events.append(Event(at=now, actor=actor, action="token.revoked", subject=token_id))
    return len(revoked)


def require_good(new: str, account: Account, *, old: str = "") -> None:
    """Long enough and not a repetition: length is what protects (NIST SP 800-63B 3.1.1.2), not odd characters."""
    if not SHORTEST_PASSWORD <= len(new) <= _LONGEST_PASSWORD:
        raise BadInput(
            f"Kata sandi baru harus {SHORTEST_PASSWORD} sampai {_LONGEST_PASSWORD} huruf.",
            "Beberapa kata yang mudah Anda ingat sudah cukup.",
        )
    known = [each.lower() for each in (account.login, account.nip or "", old) if each]
    if any(each in new.lower() for each in known) or len(set(new)) < 5:  # noqa: PLR2004 - "aaaa..." is no password
        raise BadInput(
            "Kata sandi baru mudah ditebak.", "Jangan memakai NIP, nama pengguna, atau kata sandi lama di dalamnya."
        )


def _fits(account: Account | None, password: str, hasher: PasswordHasher) -> bool:
    """Whoever has no password costs the same time, so that nobody learns which logins exist."""
    kept = account.password_hash if account else None
    if kept is None:
        hasher.hash(password[:_LONGEST_PASSWORD])
        return False
    try:
        return hasher.verify(kept, password[:_LONGEST_PASSWORD])
    except (VerificationError, InvalidHashError):
        return False


def _lock(account: Account, now: dt.datetime, failures: int, change: Callable[..., None]) -> None:
    if failures > _FREE_FAILURES:
        wait = min(_FIRST_LOCK * 2 ** min(failures - _FREE_FAILURES - 1, 10), _LONGEST_LOCK)
        change(account.id, locked_until=now + wait)


# --- Coming in with the agency's own account: what its provider says of a person becomes an account here

_ASK = "Hubungi admin layanan di kantor Anda; Anda tetap dapat masuk dengan kata sandi bila mempunyainya."


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """What the provider vouches for: who that is there (`issuer` and `subject`), and the NIP as its claim has it."""

    issuer: str
    subject: str
    nip: str

    @property
    def key(self) -> str:
        """Subjects are unique within their issuer only."""
        return f"{self.issuer} {self.subject}"


def admit(claimed: Claimed, *, gate: Gate) -> Account:
    """The account of that subject: linked at the first sign-in, opened then if the employee has none.

    A subject never moves to another account, nor an account to another subject. NotGranted says why somebody may not
    come in, and the log keeps it.
    """
    nip = read_nip(claimed.nip)
    if isinstance(nip, Problem):
        raise NotGranted("Akun instansi Anda tidak menyebut NIP.", _ASK)
    with gate.store.transaction() as tx:
        outcome = _account(tx, claimed, nip, gate)
        now = gate.clock()
        if isinstance(outcome, NotGranted):
            detail = {"nip": nip, "because": outcome.message}
            tx.events.append(Event(at=now, actor=nip, action="account.refused", subject=claimed.key, detail=detail))
        else:
            # A first password nobody has used yet is not needed any more, and so is not left lying about.
            void = {"password_hash": None, "must_change": False} if outcome.must_change else {}
            tx.accounts.change(outcome.id, failures=0, locked_until=None, signed_in_at=now, **void)
            detail = {"by": "oidc"}
            tx.events.append(
                Event(at=now, actor=outcome.login, action="account.signed_in", subject=outcome.id, detail=detail)
            )
    if isinstance(outcome, NotGranted):
        raise outcome
    return replace(outcome, must_change=False, signed_in_at=now)


def _account(tx: WriteTransaction, claimed: Claimed, nip: str, gate: Gate) -> Account | NotGranted:
    """The account, or why there is none; the refusal is kept in the same transaction, so it is not raised here."""
    linked = tx.accounts.by_subject(claimed.key)
    account = linked or tx.accounts.by_nip(nip)
    if linked is not None and linked.nip != nip:
        return NotGranted("Akun instansi Anda tercatat di sini untuk NIP lain.", _ASK)
    if account is None:
        if tx.employees.get(nip) is None:
            return NotGranted(f"NIP {nip} tidak ada pada data kepegawaian layanan ini.", _ASK)
        return _opened(tx, claimed, nip, gate)
    if not account.active:
        return NotGranted("Akun Anda pada layanan ini sudah ditutup.", _ASK)
    if account.oidc_subject is None:
        tx.accounts.change(account.id, oidc_subject=claimed.key)
        tx.events.append(Event(at=gate.clock(), actor=nip, action="account.linked", subject=account.id))
    elif account.oidc_subject != claimed.key:
        return NotGranted("NIP Anda sudah terhubung dengan akun instansi yang lain.", _ASK)
    return account


def _opened(tx: WriteTransaction, claimed: Claimed, nip: str, gate: Gate) -> Account:
    now = gate.clock()
    account = Account(
        id=gate.randomness(12).hex(),
        login=nip,
        nip=nip,
        password_hash=None,
        must_change=False,
        oidc_subject=claimed.key,
        created_at=now,
    )
    tx.accounts.add(account)
    detail = {"nip": nip, "by": "oidc"}
    tx.events.append(Event(at=now, actor=nip, action="account.opened", subject=account.id, detail=detail))
    return account
