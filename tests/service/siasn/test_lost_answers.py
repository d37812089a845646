"""Certificates whose answer from SIASN was lost: looked up there, and never blindly sent again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from service.siasn.sending import SETTLES
from service.store.siasn import Outcome
from support.sample_rows import NOW
from support.siasn import PEOPLE, Agency, certify, kept, states


@pytest.mark.parametrize("mode", ["hang_after_saving", "error_after_saving", "html_after_saving", "cut_after_saving"])
def test_what_was_saved_without_an_answer_is_found_there_and_never_sent_again(agency: Agency, mode: str) -> None:
    agency.simulator.goes_wrong(mode)
    assert agency.outcomes(patience=0.7) == ["unknown"]
    assert states(agency) == ["unknown"]
    (sent,) = agency.send()
    assert (sent.outcome, sent.new, sent.register_id) == ("accepted", False, "rw-1")
    assert (agency.simulator.state()["saves"], states(agency)) == (1, ["accepted"])


def test_an_unknown_outcome_is_not_repeated_before_it_must_have_settled(agency: Agency) -> None:
    agency.simulator.goes_wrong("error")
    assert agency.outcomes() == ["unknown"]
    assert agency.outcomes() == ["unknown"]
    assert agency.simulator.state()["calls"].count("POST /kursus/save") == 1
    agency.now += SETTLES
    assert agency.outcomes() == ["accepted"]
    assert kept(agency) == [(Outcome.REFUSED, 503), (Outcome.ACCEPTED, 200)]


def test_a_killed_sender_leaves_an_intention_that_is_looked_up_first(agency: Agency) -> None:
    with agency.store.transaction() as tx:
        assert tx.sendings.begin("CMB-2025-000001", {}, NOW) is not None
        assert tx.sendings.begin("CMB-2025-000001", {}, NOW) is None
    assert agency.outcomes() == ["unknown"]
    assert "POST /kursus/save" not in agency.simulator.state()["calls"]
    agency.now += SETTLES
    assert agency.outcomes() == ["accepted"]


def test_what_is_there_already_is_not_sent_even_when_we_know_of_no_sending(agency: Agency, tmp_path: Path) -> None:
    agency.send()
    from service.store import migrate, open_store

    migrate(f"sqlite:///{tmp_path / 'restored.sqlite3'}")
    folder = str(tmp_path / "restored")
    with open_store(database_url=f"sqlite:///{tmp_path / 'restored.sqlite3'}", storage_url=folder) as restored:
        certify(restored, PEOPLE[0])
        (sent,) = replace(agency, store=restored).send()
    assert (sent.outcome, sent.new, agency.simulator.state()["saves"]) == ("accepted", False, 1)
