"""Certificates sent to SIASN as long work: watched, stopped by what a person must mend, taken up again."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.jobs.siasn import Sending
from service.language import Reader
from service.store import Store
from service.store.jobs import BatchState, ItemState
from service.verification.wording import shown_reasons
from support.siasn import CODES, PEOPLE, Simulator, certify
from support.siasn_simulator import GATEWAY, SSO
from support.worker import WorkerOffice, open_worker_office

YEAR = {"year": 2025}


@pytest.fixture
def shift(store: Store, database_url: str, tmp_path: Path, simulator: Simulator) -> WorkerOffice:
    """Three certificates to be sent, codes chosen, tokens in files."""
    for nip in PEOPLE:
        certify(store, nip)
    settle(tmp_path, simulator)
    return open_worker_office(store, database_url, tmp_path)


def settle(home: Path, simulator: Simulator, *, sso: str = SSO) -> None:
    (home / "gateway").write_text(GATEWAY, encoding="ascii")
    (home / "sso").write_text(f"Bearer {sso}\n", encoding="ascii")
    where = f'url = "{simulator.url}"\ntoken_file = "gateway"\ntoken_sso_file = "sso"\n'
    (home / "cmb.toml").write_text(CODES + where, encoding="utf-8")


def answers(shift: WorkerOffice, batch_id: str) -> list[dict[str, object]]:
    return [dict(item.answer or {}) for item in shift.items(batch_id)]


def test_every_certificate_that_was_not_accepted_is_sent_once(shift: WorkerOffice, simulator: Simulator) -> None:
    batch_id = shift.request_batch("siasn", YEAR)
    shift.run()
    assert set(shift.outcomes(batch_id).values()) == {"accepted"}
    assert shift.batch(batch_id).state is BatchState.DONE
    assert simulator.numbers() == list(shift.outcomes(batch_id))
    first = answers(shift, batch_id)[0]
    assert (first["hours"], first["note"]) == (2, "2,4 JP dikirim sebagai 2 jam (dibulatkan ke bawah)")
    again = shift.request_batch("siasn", YEAR)
    shift.run()
    assert shift.items(again) == []
    assert shift.batch(again).state is BatchState.DONE


def test_a_refusal_is_told_and_a_lost_answer_is_looked_up_when_the_work_is_resumed(
    shift: WorkerOffice, simulator: Simulator
) -> None:
    simulator.goes_wrong("refuse", "error_after_saving")
    batch_id = shift.request_batch("siasn", YEAR)
    shift.run()
    items = shift.items(batch_id)
    assert [item.outcome for item in items] == ["declined", "not_done", "accepted"]
    assert items[1].state is ItemState.FAILED
    (refused,) = shown_reasons(answers(shift, batch_id)[0]["reasons"], Reader())
    assert refused["message"].startswith("Ditolak SIASN: ")
    with shift.store.transaction() as tx:
        assert tx.batches.resume(batch_id)
    shift.run()
    assert list(shift.outcomes(batch_id).values()) == ["declined", "accepted", "accepted"]
    assert simulator.numbers().count(items[1].name) == 1


def test_tokens_that_siasn_refuses_stop_the_work_until_a_person_renews_them(
    shift: WorkerOffice, simulator: Simulator, tmp_path: Path
) -> None:
    settle(tmp_path, simulator, sso="sso-token-of-yesterday")
    batch_id = shift.request_batch("siasn", YEAR)
    shift.run()
    batch = shift.batch(batch_id)
    assert (batch.state, simulator.numbers()) == (BatchState.FAILED, [])
    assert "menolak token" in str(batch.problem)
    settle(tmp_path, simulator)
    with shift.store.transaction() as tx:
        assert tx.batches.resume(batch_id)
    shift.run()
    assert set(shift.outcomes(batch_id).values()) == {"accepted"}


def test_a_missing_token_or_address_is_said_and_nothing_is_tried_for_ever(
    shift: WorkerOffice, simulator: Simulator, tmp_path: Path
) -> None:
    for spoilt in ((tmp_path / "sso").unlink, lambda: (tmp_path / "cmb.toml").write_text(CODES, encoding="utf-8")):
        settle(tmp_path, simulator)
        spoilt()
        batch_id = shift.request_batch("siasn", YEAR)
        shift.run()
        assert shift.batch(batch_id).state is BatchState.FAILED
        assert shift.batch(batch_id).problem
    assert simulator.state()["calls"] == []


def test_no_token_is_in_what_is_kept_or_said(shift: WorkerOffice, simulator: Simulator) -> None:
    simulator.goes_wrong("refuse")
    batch_id = shift.request_batch("siasn", YEAR)
    shift.run()
    said = repr(
        (shift.said, shift.batch(batch_id), shift.items(batch_id), Sending(settings=shift.office.settings, actor="b"))
    )
    assert GATEWAY not in said
    assert SSO not in said
