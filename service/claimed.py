"""Coming in with the agency's own account: what its provider says of a person becomes an account here."""

from __future__ import annotations

from dataclasses import dataclass, replace

from parsers.records import Problem
from parsers.values import read_nip
from service.errors import NotGranted
from service.records import Event
from service.signin import Gate
from service.store import Writing
from service.store.accounts import Account

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


def _account(tx: Writing, claimed: Claimed, nip: str, gate: Gate) -> Account | NotGranted:
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


def _opened(tx: Writing, claimed: Claimed, nip: str, gate: Gate) -> Account:
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
