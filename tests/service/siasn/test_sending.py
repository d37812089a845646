"""Certificates into SIASN: each once, whatever answers, expires, hangs or dies; over a simulator process."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from service.siasn.sending import SETTLES, registration_statuses
from service.store import Store
from service.store.siasn import Outcome
from support.sample_rows import NOW
from support.siasn import PEOPLE, Agency, Simulator, certify, kept, open_agency, states


def test_a_certificate_is_sent_once_and_its_answer_is_kept(agency: Agency) -> None:
    (sent,) = agency.send()
    assert (sent.outcome, sent.new, sent.register_id) == ("accepted", True, "rw-1")
    (again,) = agency.send()
    assert (again.outcome, again.new, again.register_id) == ("accepted", False, "rw-1")
    assert agency.simulator.state()["saves"] == 1
    (course,) = agency.simulator.state()["courses"][f"orang-{PEOPLE[0]}"]
    assert course["jumlahJam"] == 2
    assert course["tanggalKursus"] == "04-03-2025"
    with agency.store.reading() as tx:
        (sending,) = tx.sendings.of("CMB-2025-000001")
        (event,) = tx.events.list("CMB-2025-000001")
    assert sending.request["pnsOrangId"] == f"orang-{PEOPLE[0]}"
    assert sending.answer["mapData"] == {"rwKursusId": "rw-1"}
    assert event.action == "siasn.accepted"


def test_a_refusal_is_kept_with_its_words_and_tried_again_later(agency: Agency) -> None:
    agency.simulator.goes_wrong("refuse")
    (sent,) = agency.send()
    assert (sent.outcome, sent.message) == ("refused", "jenisKursus tidak dikenal")
    assert [status.message for status in registration_statuses(2025, agency.store)] == ["jenisKursus tidak dikenal"]
    assert agency.outcomes() == ["accepted"]
    assert kept(agency) == [(Outcome.REFUSED, 200), (Outcome.ACCEPTED, 200)]


@pytest.mark.parametrize("mode", ["no_id", "save_twice"])
def test_an_answer_without_id_and_a_course_kept_twice_over_there_are_one_certificate(agency: Agency, mode: str) -> None:
    agency.simulator.goes_wrong(mode)
    (sent,) = agency.send()
    assert (sent.outcome, sent.register_id) == ("accepted", "rw-1")
    assert agency.outcomes() == ["accepted"]


def test_one_bad_answer_does_not_stop_the_others(store: Store, simulator: Simulator, tmp_path: Path) -> None:
    agency = open_agency(store, simulator, tmp_path, people=3)
    simulator.goes_wrong("", "refuse", "")
    assert agency.outcomes() == ["accepted", "refused", "accepted"]
    simulator.goes_wrong(ask=("html",))
    assert agency.outcomes() == ["accepted", "postponed", "accepted"]
    assert agency.outcomes() == ["accepted"] * 3
    assert simulator.numbers() == [f"CMB-2025-{place:06d}" for place in (1, 2, 3)]


def test_somebody_siasn_does_not_know_is_told_and_nothing_is_sent(
    store: Store, simulator: Simulator, tmp_path: Path
) -> None:
    agency = open_agency(store, simulator, tmp_path, people=0)
    certify(store, "197001012000019999")
    (sent,) = agency.send()
    assert (sent.outcome, sent.message) == ("postponed", "SIASN tidak mengenal NIP 197001012000019999.")


def test_less_than_one_whole_hour_is_not_sent(store: Store, simulator: Simulator, tmp_path: Path) -> None:
    agency = open_agency(store, simulator, tmp_path, people=0)
    certify(store, PEOPLE[0], jp="0.8")
    (sent,) = agency.send()
    assert (sent.outcome, sent.course.note) == ("postponed", "0,8 JP dikirim sebagai 0 jam (dibulatkan ke bawah)")
    assert simulator.state()["calls"] == []


def test_a_corrected_certificate_takes_the_place_of_the_old_one_over_there(agency: Agency) -> None:
    agency.send()
    certify(agency.store, PEOPLE[0], jp="6", basis="b2")
    assert states(agency) == ["to_remove", "not_sent"]
    (sent,) = agency.send()
    assert (sent.outcome, sent.register_id, sent.course.hours) == ("accepted", "rw-1", 6)
    assert agency.simulator.numbers() == ["CMB-2025-000002"]
    assert states(agency) == ["accepted"]


def test_a_correction_waits_for_the_unknown_outcome_of_the_old_one(agency: Agency) -> None:
    agency.simulator.goes_wrong("error")
    agency.send()
    certify(agency.store, PEOPLE[0], jp="6", basis="b2")
    assert agency.outcomes() == ["unknown"]
    agency.now += SETTLES + dt.timedelta(seconds=1)
    assert agency.outcomes() == ["accepted"]
    assert agency.simulator.numbers() == ["CMB-2025-000002"]


def test_a_revoked_certificate_that_was_sent_is_shown_as_to_be_removed(agency: Agency) -> None:
    agency.send()
    from service.records import CertificateState

    with agency.store.transaction() as tx:
        tx.certificates.end("CMB-2025-000001", CertificateState.REVOKED, NOW, "keliru", None)
    (standing,) = registration_statuses(2025, agency.store)
    assert (standing.state, standing.register_id) == ("to_remove", "rw-1")
    assert agency.send() == []
