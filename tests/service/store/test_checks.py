"""Public look-ups are counted by caller, so that a walk through the register is seen."""

from __future__ import annotations

import datetime as dt

import pytest

from service.store import Store
from service.store.certificates import Check, UnknownLookups
from service.store.errors import UnknownRow
from support.sample_rows import NOW, issue, register


def check(caller: str, *, state: str = "unknown", asked: str = "CMB-2026-000001", at: dt.datetime = NOW) -> Check:
    return Check(at=at, by="number", asked=asked, state=state, caller=caller)


def test_whoever_asks_for_many_unknown_numbers_stands_out(store: Store) -> None:
    with store.transaction() as tx:
        for _time in range(3):
            tx.checks.append(check("a"))
        tx.checks.append(check("a", at=NOW - dt.timedelta(days=2)))
        tx.checks.append(check("b"))
        for _time in range(4):
            tx.checks.append(check("c", state="valid"))
    with store.reading() as tx:
        since = NOW - dt.timedelta(days=1)
        assert tx.checks.unknown_by_caller(since, 2) == [UnknownLookups(caller="a", unknown=3)]
        assert tx.checks.count(since) == 8


def test_look_ups_of_one_number_come_newest_first(store: Store) -> None:
    with store.transaction() as tx:
        for place in range(3):
            tx.checks.append(check(f"{place}", asked="X" if place else "Y"))
    with store.reading() as tx:
        assert [check.caller for check in tx.checks.of("X")] == ["2", "1"]


def test_a_share_lasts_until_it_is_taken_back(store: Store) -> None:
    register(store)
    number = issue(store).number
    with store.transaction() as tx:
        assert tx.shares.since(number) is None
        tx.shares.share(number, NOW)
        tx.shares.share(number, NOW + dt.timedelta(days=1))
        assert tx.shares.since(number) == NOW
        assert tx.shares.unshare(number)
        assert not tx.shares.unshare(number)
        assert tx.shares.since(number) is None


def test_a_number_that_is_not_there_is_not_shared(store: Store) -> None:
    with pytest.raises(UnknownRow), store.transaction() as tx:
        tx.shares.share("CMB-2026-000009", NOW)
