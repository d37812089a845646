"""Calls to the gateway, delegations and proposals as rows: one call at a time, each decided or settled once."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from service.store import Store
from service.store.delegations import Delegation
from service.store.errors import RowExists, UnknownRow
from service.store.gateway_calls import CallOutcome, GatewayCall
from service.store.monitoring import Card
from service.store.signers import Proposal
from support.sample_rows import EMPLOYEE, NOW, STRANGER, SUPERVISOR, blank, register

SERIAL = "L1-CONTOH"
LATER = NOW + dt.timedelta(minutes=30)


def call(**changed: Any) -> GatewayCall:
    told: dict[str, Any] = {"id": "G-1", "serial": SERIAL, "role": "pegawai", "nip": EMPLOYEE}
    return GatewayCall(**told | {"digest_before": "ab" * 32, "started_at": NOW} | changed)


def proposal(**changed: Any) -> Proposal:
    told: dict[str, Any] = {
        "id": "E-1",
        "fingerprint": "aa",
        "nip": EMPLOYEE,
        "subject": "CN=Contoh",
        "der": b"\x00\xff",
    }
    return Proposal(**told | {"likeness": Decimal("0.95"), "seen_in": "K-1", "proposed_at": NOW} | changed)


@pytest.fixture
def known(store: Store) -> Store:
    register(store)
    with store.transaction() as tx:
        tx.blanks.add(blank())
    return store


def test_one_call_at_a_time_for_a_form_and_role(known: Store) -> None:
    with known.transaction() as tx:
        tx.gateway_calls.begin(call())
        tx.gateway_calls.begin(call(id="G-2", role="atasan"))
    with pytest.raises(RowExists), known.transaction() as tx:
        tx.gateway_calls.begin(call(id="G-3"))
    ended = call(outcome=CallOutcome.REFUSED, ended_at=LATER, message="Passphrase anda salah")
    with known.transaction() as tx:
        tx.gateway_calls.finish(ended)
        tx.gateway_calls.finish(replace(ended, outcome=CallOutcome.SIGNED))
        tx.gateway_calls.begin(call(id="G-3"))
    with known.reading() as tx:
        assert tx.gateway_calls.get("G-1") == ended
        assert [call.id for call in tx.gateway_calls.of(SERIAL)] == ["G-1", "G-2", "G-3"]
        assert tx.gateway_calls.unknown() == []


def test_a_call_whose_caller_is_gone_is_unknown_until_a_file_settles_it(known: Store) -> None:
    with known.transaction() as tx:
        tx.gateway_calls.begin(call())
        assert tx.gateway_calls.mark_unknown(NOW, at=LATER, message="terhenti") == 0
        assert tx.gateway_calls.mark_unknown(LATER, at=LATER, message="terhenti") == 1
        (unknown,) = tx.gateway_calls.unknown(SERIAL)
        assert tx.gateway_calls.unknown("L1-LAIN") == []
        assert (unknown.outcome, unknown.message) == (CallOutcome.UNKNOWN, "terhenti")
        assert tx.gateway_calls.resolve(SERIAL, ["atasan"], at=LATER, digest="cd", message="x") == 0
        assert tx.gateway_calls.resolve(SERIAL, ["pegawai"], at=LATER, digest="cd", message="dilihat") == 1
        settled = replace(unknown, outcome=CallOutcome.SETTLED, digest_after="cd", message="dilihat")
        assert tx.gateway_calls.of(SERIAL) == [settled]


@pytest.mark.parametrize("changed", [{"serial": "L1-X"}, {"nip": STRANGER}])
def test_a_call_for_nothing_or_nobody_is_refused(known: Store, changed: dict[str, str]) -> None:
    with pytest.raises(UnknownRow), known.transaction() as tx:
        tx.gateway_calls.begin(call(**changed))


def test_a_proposal_is_made_once_and_decided_once(known: Store) -> None:
    with known.transaction() as tx:
        assert tx.proposals.add(proposal())
        assert not tx.proposals.add(proposal(id="E-9"))
        assert tx.proposals.add(proposal(id="E-2", nip=SUPERVISOR))
        assert tx.proposals.decide("E-1", "confirmed", at=LATER, by="biro")
        assert not tx.proposals.decide("E-1", "declined", at=LATER, by="biro")
        tx.proposals.decline_others("aa", at=LATER, by="biro")
    with known.reading() as tx:
        assert tx.proposals.get("E-1") == proposal(state="confirmed", decided_at=LATER, decided_by="biro")
        assert tx.proposals.open() == []
        second = tx.proposals.get("E-2")
    assert second is not None
    assert second.state == "declined"
    with pytest.raises(UnknownRow), known.transaction() as tx:
        tx.proposals.add(proposal(id="E-3", nip=STRANGER))


def test_open_proposals_are_found_by_unit(known: Store) -> None:
    with known.transaction() as tx:
        tx.proposals.add(proposal())
        assert tx.proposals.open("Biro Contoh") == [proposal()]
        assert tx.proposals.open("Biro Lain") == []


def test_a_delegation_keeps_its_earliest_end(known: Store) -> None:
    made = Delegation(
        id="D-1",
        from_nip=SUPERVISOR,
        to_nip=EMPLOYEE,
        kind="plt",
        scope=("pembimbing", "atasan"),
        starts=dt.date(2026, 4, 1),
        ends=dt.date(2026, 4, 9),
        reason="SP-1",
        made_at=NOW,
        made_by="biro",
    )
    with known.transaction() as tx:
        tx.delegations.add(made)
        tx.delegations.end("D-1", LATER)
        tx.delegations.end("D-1", LATER + dt.timedelta(days=1))
    with known.reading() as tx:
        assert tx.delegations.between(SUPERVISOR, EMPLOYEE) == [replace(made, ended_at=LATER)]
        assert tx.delegations.of(EMPLOYEE) == tx.delegations.all()
    with pytest.raises(UnknownRow), known.transaction() as tx:
        tx.delegations.end("D-X", NOW)
    with pytest.raises(UnknownRow), known.transaction() as tx:
        tx.delegations.add(replace(made, id="D-2", to_nip=STRANGER))


def test_a_call_is_for_a_form_or_a_card_and_of_two_for_one_card_one_goes_out(known: Store) -> None:
    card = Card(id="P-1", nip=EMPLOYEE, year=2026, officer_nip=None, basis="b", digest="d", made_at=NOW, made_by="uji")
    with known.transaction() as tx:
        tx.cards.add(card)
        tx.gateway_calls.begin(call(serial=None, card_id="P-1"))
        tx.gateway_calls.begin(call(id="G-2"))
    with pytest.raises(RowExists), known.transaction() as tx:
        tx.gateway_calls.begin(call(id="G-3", serial=None, card_id="P-1"))
    for changed in ({"card_id": "P-1"}, {"serial": None}):
        with pytest.raises(IntegrityError, match="one_paper"), known.transaction() as tx:
            tx.gateway_calls.begin(call(id="G-4", role="atasan", **changed))
    with known.reading() as tx:
        assert [call.subject for call in tx.gateway_calls.of("P-1")] == ["P-1"]
