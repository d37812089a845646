"""Cards and recaps as they are kept; what counts of many people at once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from service.records import Submission
from service.store import Store
from service.store.errors import RowEnded, RowExists, UnknownRow
from service.store.monitoring import Card, SentRecap
from service.year import accumulate, accumulations
from support.monitored_office import CAHYA, DIAH, LESTARI, approve, register_people
from support.sample_rows import EMPLOYEE, NOW, STRANGER, SUPERVISOR, register

CARD = Card(
    id="P-1",
    nip=EMPLOYEE,
    year=2026,
    officer_nip=SUPERVISOR,
    basis="b1",
    digest="d1",
    made_at=NOW,
    made_by="dewi",
)
RECAP = SentRecap(
    unit="Biro Contoh",
    year=2026,
    quarter=1,
    version=1,
    content={"rows": [{"jp": "2.4"}], "a": None},
    digest="d1",
    sent_at=NOW,
    sent_by="dewi",
)


def test_a_card_is_signed_once(store: Store) -> None:
    register(store)
    with store.transaction() as tx:
        tx.cards.add(CARD)
    with store.transaction() as tx:
        tx.cards.keep_signed("P-1", "s1", NOW, "dewi")
    with pytest.raises(RowEnded), store.transaction() as tx:
        tx.cards.keep_signed("P-1", "s2", NOW, "eko")
    with store.reading() as tx:
        assert tx.cards.get("P-1") == replace(CARD, signed_digest="s1", signed_at=NOW, signed_by="dewi")


def test_of_cards_that_say_the_same_the_signed_one_is_found(store: Store) -> None:
    register(store)
    later = replace(CARD, id="P-2", made_at=NOW + dt.timedelta(hours=1))
    with store.transaction() as tx:
        tx.cards.add(CARD)
        tx.cards.add(later)
        assert tx.cards.with_basis(EMPLOYEE, 2026, "b1") == later
        tx.cards.keep_signed("P-1", "s1", NOW, "dewi")
        found = tx.cards.with_basis(EMPLOYEE, 2026, "b1")
        assert found is not None
        assert found.id == "P-1"
        assert tx.cards.with_basis(EMPLOYEE, 2026, "b2") is None
        assert [card.id for card in tx.cards.of(EMPLOYEE, 2026)] == ["P-2", "P-1"]


def test_a_card_of_nobody_we_know_and_a_signature_on_none_are_refused(store: Store) -> None:
    with pytest.raises(UnknownRow), store.transaction() as tx:
        tx.cards.add(replace(CARD, nip=STRANGER))
    with pytest.raises(UnknownRow), store.transaction() as tx:
        tx.cards.keep_signed("P-9", "s1", NOW, "dewi")


def test_a_version_of_a_recap_is_sent_once_and_the_newest_is_found(store: Store) -> None:
    second = replace(RECAP, version=2, digest="d2")
    with store.transaction() as tx:
        tx.recaps.add(RECAP)
        tx.recaps.add(second)
        tx.recaps.add(replace(RECAP, unit="Biro Lain", quarter=2))
    with pytest.raises(RowExists), store.transaction() as tx:
        tx.recaps.add(second)
    with store.reading() as tx:
        assert tx.recaps.versions("Biro Contoh", 2026, 1) == [second, RECAP]
        assert tx.recaps.latest("Biro Contoh", 2026, 1) == second
        assert tx.recaps.latest("Biro Contoh", 2026, 2) is None
        assert [(recap.unit, recap.version) for recap in tx.recaps.of_year(2026)] == [
            ("Biro Contoh", 2),
            ("Biro Lain", 1),
        ]
        assert tx.recaps.sent(2026) == {("Biro Contoh", 1), ("Biro Lain", 2)}


def test_many_peoples_years_are_what_each_ones_year_is(store: Store) -> None:
    register_people(store)
    for day in ("2026-03-31", "2026-03-04", "2026-04-01", "2025-03-11"):
        approve(store, "coaching", day)
        approve(store, "belajar_mandiri", day, nip=LESTARI)
    with store.reading() as tx:
        many = list(accumulations([LESTARI, DIAH, CAHYA], 2026, tx))
        years = [accumulate(nip, 2026, tx) for nip in sorted([LESTARI, DIAH, CAHYA])]
    light = [replace(one, submissions=tuple(map(_without_answer, one.submissions))) for one in years]
    assert many == light
    assert [one.basis for one in many] == [one.basis for one in years]


def _without_answer(submission: Submission) -> Submission:
    return replace(submission, answer={})
