"""Calls to the gateway whose answer was lost or was not what was asked for: nothing is repeated or used unseen."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest

from service.circulation.intake import Outcome
from service.circulation.signing import recover_signatures
from service.store.circulations import State
from service.store.gateway_calls import CallOutcome, GatewayCall
from signing.keys.bsre import SignRequest
from support.gateway_office import GatewayForms
from support.office import CAHYA, NOW


@pytest.mark.parametrize("mood", ["lost after signing", "slow after signing", "web page"])
def test_a_lost_answer_leaves_the_call_unknown_and_another_one_needs_the_person_s_word(
    remote: GatewayForms, mood: str
) -> None:
    remote.patience = 3.0
    serial = remote.rounds.begun().serial
    remote.simulated.mood(mood)
    (lost,) = remote.signs(CAHYA, serial)
    assert lost.problem is not None
    assert "belum diketahui" in lost.problem.message
    assert "Jangan menandatangani ulang" in lost.problem.hint
    assert remote.calls(serial) == [("pegawai", "unknown")]
    assert remote.rounds.kept(serial).state is State.DRAFT
    before = remote.simulated.sign_calls()
    remote.patience = 20.0
    (refused,) = remote.signs(CAHYA, serial)
    assert refused.problem is not None
    assert "sebelumnya" in refused.problem.message
    assert remote.simulated.sign_calls() == before
    (again,) = remote.signs(CAHYA, serial, again=[serial])
    assert again.taken is not None
    assert again.taken.moved
    assert remote.calls(serial) == [("pegawai", "settled"), ("pegawai", "signed")]


def test_an_unknown_call_is_settled_by_the_file_somebody_uploads(remote: GatewayForms) -> None:
    serial = remote.rounds.begun().serial
    remote.patience = 3.0
    remote.simulated.mood("lost after signing")
    remote.signs(CAHYA, serial)
    (call,) = remote.kept(serial)
    before = remote.office.store.document(call.digest_before)
    signed = (
        remote.simulated.gateway()
        .sign(remote.order(before, "pegawai", CAHYA).signatory, SignRequest(pdf=before, reason="", location=""))
        .content
    )
    taken = remote.rounds.hands_in(signed, CAHYA)
    assert taken.outcome is Outcome.ADVANCED
    (settled,) = remote.kept(serial)
    assert (settled.outcome, settled.digest_after) == (CallOutcome.SETTLED, taken.digest)


def test_a_copy_the_gateway_kept_is_fetched_at_once(remote: GatewayForms) -> None:
    remote.version = "v1"
    serial = remote.rounds.begun().serial
    remote.simulated.mood("cut after signing")
    (done,) = remote.signs(CAHYA, serial)
    assert done.taken is not None
    assert done.taken.outcome is Outcome.ADVANCED
    assert remote.calls(serial) == [("pegawai", "settled")]
    assert recover_signatures(serial, context=remote.rounds.context, gateway_context=remote.gateway_context) == ()


def test_a_caller_that_was_killed_leaves_its_call_unknown_and_blocks_nobody_for_long(remote: GatewayForms) -> None:
    draft = remote.rounds.begun()
    call = GatewayCall(
        id="G-1", serial=draft.serial, role="pegawai", nip=CAHYA, digest_before=draft.digest, started_at=NOW
    )
    with remote.office.store.transaction() as tx:
        tx.gateway_calls.begin(call)
    (busy,) = remote.signs(CAHYA, draft.serial)
    assert busy.problem is not None
    assert "sedang dikirim" in busy.problem.message
    remote.later = dt.timedelta(minutes=11)
    (left,) = remote.signs(CAHYA, draft.serial)
    assert left.problem is not None
    assert "sebelumnya" in left.problem.message
    (done,) = remote.signs(CAHYA, draft.serial, again=[draft.serial])
    assert done.taken is not None


@pytest.mark.parametrize(
    ("mood", "why"),
    [
        ("changed file", "bukan kelanjutan"),
        ("no signature", "bukan kelanjutan"),
        ("text after the end", "tidak dapat diterima"),
        ("another person", "orang lain"),
    ],
)
def test_a_file_that_is_not_what_was_asked_for_is_kept_and_not_used(remote: GatewayForms, mood: str, why: str) -> None:
    serial = remote.rounds.begun().serial
    remote.simulated.mood(mood)
    (done,) = remote.signs(CAHYA, serial)
    remote.simulated.mood("")
    assert done.problem is not None
    assert why in done.problem.message
    (call,) = remote.kept(serial)
    assert call.outcome is CallOutcome.REFUSED
    assert call.digest_after is not None
    assert remote.office.store.has_document(call.digest_after)
    assert remote.rounds.kept(serial).state is State.DRAFT


def test_after_a_file_nothing_may_rest_on_the_other_forms_are_not_sent(remote: GatewayForms) -> None:
    forms = [remote.rounds.begun(waktu_mulai=f"{hour}.00", waktu_selesai=f"{hour}.50").serial for hour in (10, 12)]
    before = remote.simulated.sign_calls()
    remote.simulated.mood("changed file")
    _, second = remote.signs(CAHYA, *forms)
    assert second.problem is not None
    assert "Belum dicoba" in second.problem.message
    assert remote.simulated.sign_calls() == before + 1


def test_a_double_click_sends_one_call(remote: GatewayForms) -> None:
    draft = remote.rounds.begun()
    before = remote.simulated.sign_calls()
    remote.simulated.mood("a little slow")
    with ThreadPoolExecutor(2) as clicks:
        made = [clicks.submit(remote.signs, CAHYA, draft.serial) for _ in range(2)]
        done = [result for one in made for result in one.result()]
    assert remote.simulated.sign_calls() == before + 1
    assert [result.taken.outcome for result in done if result.taken] == [Outcome.ADVANCED]
    assert [result.problem.status for result in done if result.problem] == [409]
