"""Card, recap, evaluation and certificate of random offices say the same of everybody, and what the law says."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kept import NOW
from monitored import BIRO, KANREG, PEOPLE, approve_in, settle_in

from service.accumulation import accumulate
from service.config import Official
from service.content import certificate_content
from service.monitoring.card import cards_of, everybody
from service.monitoring.evaluation import evaluate
from service.monitoring.quarter import Quarter
from service.monitoring.recap import recap_of
from service.policy import KINDS, SCOPES
from service.store import Store, Transaction, migrate, open_store

YEAR, TODAY = 2025, NOW.date()
OFFICIAL = Official(place="Jakarta", name="Diah", nip="197801012003122001", position="Kepala Biro SDM")

# Few days, so that limits of months and days are met; the year before and after besides.
DAYS = st.sampled_from(
    [dt.date(2024, 12, 31), dt.date(2026, 1, 1)]
    + [dt.date(YEAR, month, day) for month in (1, 3, 4, 6, 12) for day in (1, 2, 15, 30)]
)
ACTIVITY = st.fixed_dictionaries(
    {
        "nip": st.sampled_from([each.nip for each in PEOPLE[:4]]),
        "kind": st.sampled_from(KINDS),
        "scope": st.sampled_from(SCOPES),
        "date": DAYS,
        "begins": st.sampled_from([dt.time(8), dt.time(9), dt.time(13)]),
        "minutes": st.sampled_from([30, 45, 60, 90, 180]),
    }
)


@pytest.fixture(scope="module")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Store]:
    """Gives an office of its own, with people and nothing approved, as often as it is asked."""
    folder = tmp_path_factory.mktemp("random")
    first = folder / "first.sqlite3"
    migrate(f"sqlite:///{first}")
    with open_store(database_url=f"sqlite:///{first}", storage_url=str(folder / "documents")) as store:
        settle_in(store)
    places = iter(range(10_000))

    def office() -> Store:
        mine = Path(shutil.copy(first, folder / f"{next(places)}.sqlite3"))
        return open_store(database_url=f"sqlite:///{mine}", storage_url=str(folder / "documents"))

    return office


@settings(max_examples=20, deadline=None)
@given(activities=st.lists(ACTIVITY, max_size=24))
def test_everything_says_the_same_of_everybody(activities: list[dict[str, Any]], fresh: Callable[[], Store]) -> None:
    with fresh() as store:
        with store.transaction() as tx:
            for each in activities:
                approve_in(tx, **each)
        with store.reading() as tx:
            law = {person.nip: accumulate(person.nip, YEAR, tx).assessment.total for person in PEOPLE}
            assert of_cards(tx) == law
            assert of_recaps(tx) == law
            assert of_evaluation(tx) == law
            assert of_certificates(tx) == law


def of_cards(tx: Transaction) -> dict[str, Decimal]:
    cards = list(cards_of(everybody(YEAR, tx, unit=None), YEAR, tx))
    assert all(card.total == sum(card.of_kind(kind) for kind in KINDS) for card in cards)
    return {card.nip: card.total for card in cards}


def of_recaps(tx: Transaction) -> dict[str, Decimal]:
    recaps = [recap_of(unit, Quarter(year=YEAR, number=4), tx, today=TODAY) for unit in (BIRO, KANREG)]
    return {row.nip: row.total for recap in recaps for row in recap.rows}


def of_evaluation(tx: Transaction) -> dict[str, Decimal]:
    return {each.nip: each.jp for each in evaluate(YEAR, 3, tx, today=TODAY).people}


def of_certificates(tx: Transaction) -> dict[str, Decimal]:
    told = {}
    for person in PEOPLE:
        content = certificate_content(
            accumulate(person.nip, YEAR, tx),
            person,
            number="CMB-2025-000001-AAAAAAAA",
            official=OFFICIAL,
            check_url="https://contoh.example/periksa",
            issued_on=dt.date(2026, 1, 2),
        )
        assert content.total_jp == sum(each.jp for each in content.activities)
        told[person.nip] = content.total_jp
    return told
