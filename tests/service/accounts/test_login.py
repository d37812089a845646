"""Coming in: the right password only, a lock that grows, sessions that end."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import dataclass, replace
from typing import Literal

import pytest
from argon2 import PasswordHasher

from service.accounts.accounts import make_token, open_account, reset_password, set_active, token_of
from service.accounts.login import AccountContext, account_of, change_password, open_session, set_password, sign_in
from service.errors import BadInput, NotGranted
from service.store import Store
from service.store.errors import RowExists
from support.sample_rows import NOW, entry

NIP = "197503152000031002"
HERE = "here"  # the digest of a network
WRONG = "salah"
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
def account_context(store: Store, clock: Clock) -> AccountContext:
    with store.transaction() as tx:
        tx.employees.upsert([entry(NIP)])
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    return AccountContext(store=store, hasher=cheap, clock=clock, randomness=secrets.token_bytes)


def test_the_right_password_lets_in_and_is_kept_only_as_its_hash(account_context: AccountContext) -> None:
    account, password = open_account(NIP, account_context=account_context, actor="uji")
    assert sign_in(NIP, password, network=HERE, account_context=account_context).id == account.id
    with account_context.store.reading() as tx:
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


def test_a_wrong_password_and_an_unknown_login_are_refused_in_the_same_words_at_the_same_cost(
    account_context: AccountContext,
) -> None:
    _, password = open_account(NIP, account_context=account_context, actor="uji")
    counted = Counting(time_cost=1, memory_cost=8, parallelism=1)
    answers = set()
    for attempt in range(8):
        for login, typed in ((NIP, "salah" if attempt < 6 else password), ("tidak ada", "salah")):
            before = counted.asked
            with account_context.store.reading() as tx:
                noted = len(tx.events.list())
            with pytest.raises(NotGranted) as caught:
                sign_in(login, typed, network=HERE, account_context=replace(account_context, hasher=counted))
            with account_context.store.reading() as tx:
                noted = len(tx.events.list()) - noted
            answers.add((caught.value.code, str(caught.value.params), counted.asked - before, noted))
    assert len(answers) == 1


def tried(account_context: AccountContext, network: str, password: str = WRONG, times: int = 1) -> bool:
    """Sign in so many times; whether the last one was let in."""
    for _ in range(times):
        try:
            sign_in(NIP, password, network=network, account_context=account_context)
        except NotGranted:
            let_in = False
        else:
            let_in = True
    return let_in


def test_failures_of_a_stranger_do_not_keep_the_owner_out_of_a_network_they_used(
    account_context: AccountContext,
) -> None:
    _, password = open_account(NIP, account_context=account_context, actor="uji")
    assert tried(account_context, HERE, password)
    tried(account_context, "a stranger's", times=5)
    assert not tried(account_context, "a stranger's", password)
    assert tried(account_context, HERE, password)
    assert not tried(account_context, "a stranger's", password)


def test_failures_from_one_network_do_not_lock_another(account_context: AccountContext) -> None:
    _, password = open_account(NIP, account_context=account_context, actor="uji")
    tried(account_context, "a stranger's", times=5)
    assert tried(account_context, "never seen before", password)


def test_who_guesses_from_many_networks_waits_in_all_of_them_and_the_owner_does_not(
    account_context: AccountContext,
) -> None:
    _, password = open_account(NIP, account_context=account_context, actor="uji")
    assert tried(account_context, HERE, password)
    for number in range(21):
        tried(account_context, f"stranger {number}")
    assert not tried(account_context, "stranger 22", password)
    assert tried(account_context, HERE, password)
    assert not tried(account_context, "stranger 22", password)  # the owner's sign-in does not begin the count anew


def test_a_new_password_ends_every_wait(account_context: AccountContext) -> None:
    account, _ = open_account(NIP, account_context=account_context, actor="uji")
    tried(account_context, HERE, times=6)
    set_password(account, GOOD, account_context=account_context, actor="admin", must_change=False)
    assert tried(account_context, HERE, GOOD)


def test_after_five_failures_the_account_waits_longer_each_time_even_for_the_right_password(
    account_context: AccountContext, clock: Clock
) -> None:
    _, password = open_account(NIP, account_context=account_context, actor="uji")
    waits = []
    for attempt in range(7):
        with pytest.raises(NotGranted):
            sign_in(NIP, "salah", network=HERE, account_context=account_context)
        with account_context.store.reading() as tx:
            account = tx.accounts.by_login(NIP)
            assert account is not None
            kept = tx.accounts.sign_in_network(account.id, HERE)
        assert kept is not None
        if attempt >= 4:
            assert kept.locked_until is not None
            waits.append((kept.locked_until - clock.now).total_seconds())
            with pytest.raises(NotGranted, match="sign_in_refused"):
                sign_in(NIP, password, network=HERE, account_context=account_context)
            clock.now = kept.locked_until
    assert waits == [30, 60, 120]
    assert sign_in(NIP, password, network=HERE, account_context=account_context).failures == 0


def test_a_session_lasts_while_it_is_used_and_ends_by_itself(account_context: AccountContext, clock: Clock) -> None:
    account, _ = open_account(NIP, account_context=account_context, actor="uji")
    token = open_session(account, account_context=account_context)
    for _ in range(3):
        clock.pass_(minutes=40)
        assert account_of(token, account_context=account_context) is not None
    clock.pass_(minutes=46)
    assert account_of(token, account_context=account_context) is None


def test_a_session_ends_after_a_working_day_however_busy(account_context: AccountContext, clock: Clock) -> None:
    account, _ = open_account(NIP, account_context=account_context, actor="uji")
    token = open_session(account, account_context=account_context)
    seen = 0
    while account_of(token, account_context=account_context) is not None:
        clock.pass_(minutes=30)
        seen += 1
    assert seen == 24


def test_a_new_password_ends_the_other_sessions_and_not_this_one(account_context: AccountContext) -> None:
    account, password = open_account(NIP, account_context=account_context, actor="uji")
    here, there = (
        open_session(account, account_context=account_context),
        open_session(account, account_context=account_context),
    )
    change_password(account, password, GOOD, account_context=account_context, keep=here)
    assert account_of(here, account_context=account_context) is not None
    assert account_of(there, account_context=account_context) is None
    assert not sign_in(NIP, GOOD, network=HERE, account_context=account_context).must_change


@pytest.mark.parametrize("new", ["pendek", f"sandi {NIP}", "a" * 20, "x" * 201])
def test_a_password_that_is_short_or_guessed_is_not_taken(account_context: AccountContext, new: str) -> None:
    account, password = open_account(NIP, account_context=account_context, actor="uji")
    with pytest.raises(BadInput):
        change_password(account, password, new, account_context=account_context, keep="")


def test_a_closed_account_is_out_at_once_and_stays_out(account_context: AccountContext) -> None:
    account, password = open_account(NIP, account_context=account_context, actor="uji")
    token = open_session(account, account_context=account_context)
    set_active(NIP, active=False, account_context=account_context, actor="uji")
    assert account_of(token, account_context=account_context) is None
    with pytest.raises(NotGranted):
        sign_in(NIP, password, network=HERE, account_context=account_context)


@pytest.mark.parametrize("own", [True, False], ids=["changed", "reset"])
def test_a_new_password_revokes_the_tokens_of_programs_and_says_who_did(
    own: bool, account_context: AccountContext
) -> None:
    account, password = open_account(NIP, account_context=account_context, actor="uji")
    token, shown = make_token(account, "rekap", ("jp:read",), 30, account_context=account_context)
    if own:
        assert change_password(account, password, GOOD, account_context=account_context, keep="") == 1
    else:
        first = reset_password(NIP, account_context=account_context, actor="admin")
        change_password(
            sign_in(NIP, first, network=HERE, account_context=account_context),
            first,
            GOOD,
            account_context=account_context,
            keep="",
        )
    assert token_of(shown, account_context=account_context) is None
    with account_context.store.reading() as tx:
        assert [event.actor for event in tx.events.list(token.id)] == [NIP if own else "admin", NIP]


def test_a_reset_password_is_another_one(account_context: AccountContext) -> None:
    _, first = open_account(NIP, account_context=account_context, actor="uji")
    second = reset_password(NIP, account_context=account_context, actor="uji")
    assert first != second
    with pytest.raises(NotGranted):
        sign_in(NIP, first, network=HERE, account_context=account_context)
    assert sign_in(NIP, second, network=HERE, account_context=account_context).must_change


def test_one_person_has_one_account_and_only_employees_have_one(account_context: AccountContext) -> None:
    open_account(NIP, account_context=account_context, actor="uji")
    with pytest.raises(RowExists):
        open_account(NIP, account_context=replace(account_context), actor="uji")
    with pytest.raises(BadInput):
        open_account("1", account_context=account_context, actor="uji")
