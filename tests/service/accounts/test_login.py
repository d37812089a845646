"""Coming in: the right password only, a lock that grows, sessions that end."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, replace
from typing import Literal

import pytest
from argon2 import PasswordHasher

from service.accounts.accounts import make_token, open_account, reset_password, set_active, token_of
from service.accounts.login import Gate, account_of, change_password, open_session, sign_in
from service.errors import BadInput, NotGranted
from service.store import Store
from service.store.errors import RowExists
from support.sample_rows import NOW, entry

NIP = "197503152000031002"
GOOD = "jalan pagi di kebun"


@dataclass
class Clock:
    now: dt.datetime = NOW

    def __call__(self) -> dt.datetime:
        return self.now

    def pass_(self, **span: float) -> None:
        self.now += dt.timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def gate(store: Store, clock: Clock) -> Gate:
    with store.transaction() as tx:
        tx.employees.upsert([entry(NIP)])
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return Gate(store=store, hasher=cheap, clock=clock, randomness=secrets.token_bytes)


def test_the_right_password_lets_in_and_is_kept_only_as_its_hash(gate: Gate) -> None:
    account, password = open_account(NIP, gate=gate, actor="uji")
    assert sign_in(NIP, password, gate=gate).id == account.id
    with gate.store.reading() as tx:
        kept = tx.accounts.by_login(NIP)
    assert kept is not None
    assert kept.must_change
    assert password not in repr(kept)
    assert (kept.password_hash or "").startswith("$argon2id$")


class Counting(PasswordHasher):
    """It costs what it costs; how often it was asked is what is counted."""

    asked = 0

    def hash(self, password: str | bytes, *, salt: bytes | None = None) -> str:
        self.asked += 1
        return super().hash(password, salt=salt)

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library's name
        self.asked += 1
        return super().verify(hash, password)


def test_a_wrong_password_and_an_unknown_login_are_refused_in_the_same_words_at_the_same_cost(gate: Gate) -> None:
    _, password = open_account(NIP, gate=gate, actor="uji")
    counted = Counting(time_cost=1, memory_cost=8, parallelism=1)
    told = set()
    for attempt in range(8):
        for login, typed in ((NIP, "salah" if attempt < 6 else password), ("tidak ada", "salah")):
            before = counted.asked
            with gate.store.reading() as tx:
                noted = len(tx.events.list())
            with pytest.raises(NotGranted) as caught:
                sign_in(login, typed, gate=replace(gate, hasher=counted))
            with gate.store.reading() as tx:
                noted = len(tx.events.list()) - noted
            told.add((caught.value.message, caught.value.hint, counted.asked - before, noted))
    assert len(told) == 1


def test_after_five_failures_the_account_waits_longer_each_time_even_for_the_right_password(
    gate: Gate, clock: Clock
) -> None:
    _, password = open_account(NIP, gate=gate, actor="uji")
    waits = []
    for attempt in range(7):
        with pytest.raises(NotGranted):
            sign_in(NIP, "salah", gate=gate)
        with gate.store.reading() as tx:
            kept = tx.accounts.by_login(NIP)
        assert kept is not None
        if attempt >= 4:
            assert kept.locked_until is not None
            waits.append((kept.locked_until - clock.now).total_seconds())
            with pytest.raises(NotGranted, match="tidak cocok"):
                sign_in(NIP, password, gate=gate)
            clock.now = kept.locked_until
    assert waits == [30, 60, 120]
    assert sign_in(NIP, password, gate=gate).failures == 0


def test_a_session_lasts_while_it_is_used_and_ends_by_itself(gate: Gate, clock: Clock) -> None:
    account, _ = open_account(NIP, gate=gate, actor="uji")
    token = open_session(account, gate=gate)
    for _ in range(3):
        clock.pass_(minutes=40)
        assert account_of(token, gate=gate) is not None
    clock.pass_(minutes=46)
    assert account_of(token, gate=gate) is None


def test_a_session_ends_after_a_working_day_however_busy(gate: Gate, clock: Clock) -> None:
    account, _ = open_account(NIP, gate=gate, actor="uji")
    token = open_session(account, gate=gate)
    seen = 0
    while account_of(token, gate=gate) is not None:
        clock.pass_(minutes=30)
        seen += 1
    assert seen == 24


def test_a_new_password_ends_the_other_sessions_and_not_this_one(gate: Gate) -> None:
    account, password = open_account(NIP, gate=gate, actor="uji")
    here, there = open_session(account, gate=gate), open_session(account, gate=gate)
    change_password(account, password, GOOD, gate=gate, keep=here)
    assert account_of(here, gate=gate) is not None
    assert account_of(there, gate=gate) is None
    assert not sign_in(NIP, GOOD, gate=gate).must_change


@pytest.mark.parametrize("new", ["pendek", f"sandi {NIP}", "a" * 20, "x" * 201])
def test_a_password_that_is_short_or_guessed_is_not_taken(gate: Gate, new: str) -> None:
    account, password = open_account(NIP, gate=gate, actor="uji")
    with pytest.raises(BadInput):
        change_password(account, password, new, gate=gate, keep="")


def test_a_closed_account_is_out_at_once_and_stays_out(gate: Gate) -> None:
    account, password = open_account(NIP, gate=gate, actor="uji")
    token = open_session(account, gate=gate)
    set_active(NIP, active=False, gate=gate, actor="uji")
    assert account_of(token, gate=gate) is None
    with pytest.raises(NotGranted):
        sign_in(NIP, password, gate=gate)


@pytest.mark.parametrize("own", [True, False], ids=["changed", "reset"])
def test_a_new_password_revokes_the_tokens_of_programs_and_says_who_did(own: bool, gate: Gate) -> None:
    account, password = open_account(NIP, gate=gate, actor="uji")
    token, shown = make_token(account, "rekap", ("jp:read",), 30, gate=gate)
    if own:
        assert change_password(account, password, GOOD, gate=gate, keep="") == 1
    else:
        first = reset_password(NIP, gate=gate, actor="admin")
        change_password(sign_in(NIP, first, gate=gate), first, GOOD, gate=gate, keep="")
    assert token_of(shown, gate=gate) is None
    with gate.store.reading() as tx:
        assert [each.actor for each in tx.events.list(token.id)] == [NIP if own else "admin", NIP]


def test_a_reset_password_is_another_one(gate: Gate) -> None:
    _, first = open_account(NIP, gate=gate, actor="uji")
    second = reset_password(NIP, gate=gate, actor="uji")
    assert first != second
    with pytest.raises(NotGranted):
        sign_in(NIP, first, gate=gate)
    assert sign_in(NIP, second, gate=gate).must_change


def test_one_person_has_one_account_and_only_employees_have_one(gate: Gate) -> None:
    open_account(NIP, gate=gate, actor="uji")
    with pytest.raises(RowExists):
        open_account(NIP, gate=replace(gate), actor="uji")
    with pytest.raises(BadInput):
        open_account("1", gate=gate, actor="uji")
