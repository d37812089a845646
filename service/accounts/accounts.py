"""Accounts made, reset, closed; a first password is said once and has to be changed at the first sign-in."""

from __future__ import annotations

from service.errors import BadInput
from service.records import Event
from service.roles import require_another_admin
from service.signin import Gate, set_password
from service.store.accounts import Account

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that is mistaken for something else when read out


def first_password(gate: Gate) -> str:
    """`k3mw-9pqx-…`: 16 characters of 31, about 79 bits."""
    letters = [_ALPHABET[byte % len(_ALPHABET)] for byte in gate.randomness(16)]
    return "-".join("".join(letters[start : start + 4]) for start in range(0, 16, 4))


def open_account(nip: str, *, gate: Gate, actor: str, password: str | None = None) -> tuple[Account, str]:
    """An account for an employee, whose login is the NIP; gives it and its first password.

    With a `password` given (a sample office) it need not be changed. BadInput for an unknown NIP, RowExists when the
    person has an account already.
    """
    now, said = gate.clock(), password or first_password(gate)
    account = Account(
        id=gate.randomness(12).hex(),
        login=nip,
        nip=nip,
        password_hash=gate.hasher.hash(said),
        must_change=password is None,
        created_at=now,
    )
    with gate.store.transaction() as tx:
        if tx.employees.get(nip) is None:
            raise BadInput(f"NIP {nip} tidak ada pada data kepegawaian.", "Impor pegawainya lebih dahulu.")
        tx.accounts.add(account)
        tx.events.append(Event(at=now, actor=actor, action="account.opened", subject=account.id, detail={"nip": nip}))
    return account, said


def reset_password(login: str, *, gate: Gate, actor: str) -> str:
    """A new first password, said once; every session of the account ends, every token is revoked."""
    account, said = _find(login, gate), first_password(gate)
    set_password(account, said, gate=gate, actor=actor, must_change=True)
    _note("account.reset", account, gate, actor)
    return said


def set_active(login: str, *, active: bool, gate: Gate, actor: str) -> None:
    """Close an account (its sessions end at once) or open it again. NotGranted for the last admin's."""
    account = _find(login, gate)
    with gate.store.transaction() as tx:
        holder = tx.employees.get(account.nip) if account.nip else None
        if not active and holder is not None and "admin" in holder.roles:
            require_another_admin(holder.nip, tx)
        tx.accounts.change(account.id, active=active, failures=0, locked_until=None)
        tx.accounts.close_sessions(account.id)
    _note("account.reopened" if active else "account.closed", account, gate, actor)


def _find(login: str, gate: Gate) -> Account:
    with gate.store.reading() as tx:
        account = tx.accounts.by_login(login.strip())
    if account is None:
        raise BadInput(f"Akun {login} tidak ada.", "Lihat `cmb accounts list`.")
    return account


def _note(action: str, account: Account, gate: Gate, actor: str) -> None:
    with gate.store.transaction() as tx:
        tx.events.append(Event(at=gate.clock(), actor=actor, action=action, subject=account.id))
