"""Forms that go back: with a reason, on a fresh blank, with everything that was typed; withdrawn; begun again."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from service.blanks import Request
from service.circulation.drafts import again, save_draft, start
from service.circulation.errors import Stale
from service.circulation.intake import Outcome
from service.circulation.returns import return_to_employee, withdraw
from service.errors import BadInput, NotGranted
from service.records import Status
from service.store.circulations import Circulation, State
from service.submissions.attachments import attach
from service.submissions.decisions import reject
from service.submissions.intake import ingest
from service.verification.prove import prove
from service.verification.reasons import Verdict
from service.verification.result import Answer
from support.circulating_forms import TYPED, CirculatingForms
from support.office import ANSWERS, CAHYA, DIAH, EKO, HERI, NOW
from support.staff_changes import ACTIVITY, AFTER, tell


def returned(rounds: CirculatingForms, serial: str, nip: str) -> Circulation:
    revision = rounds.kept(serial).revision
    return return_to_employee(
        serial, reason=" Lengkapi hasilnya. ", revision=revision, context=rounds.context, actor=nip
    )


def test_a_returned_form_goes_on_with_a_fresh_blank_and_everything_typed(rounds: CirculatingForms) -> None:
    old = rounds.begun("mentoring")
    rounds.signs(old.serial, CAHYA)
    new = returned(rounds, old.serial, HERI)
    assert (new.state, new.answers, new.replaces) == (State.RETURNED, TYPED["mentoring"], old.serial)
    assert (new.returned_by, new.return_reason) == (HERI, "Lengkapi hasilnya.")
    assert (new.serial != old.serial, new.signed) == (True, ())
    ended = rounds.kept(old.serial)
    assert (ended.state, ended.awaits, ended.returned_by) == (State.WITHDRAWN, None, HERI)
    for nip in (CAHYA, HERI, DIAH):
        assert rounds.signs(new.serial, nip).moved
    assert rounds.kept(new.serial).state is State.SUBMITTED


def test_the_old_paper_of_a_returned_form_is_no_longer_taken(rounds: CirculatingForms) -> None:
    old = rounds.begun("mentoring")
    rounds.signs(old.serial, CAHYA)
    signed = rounds.signed_elsewhere(old.serial, HERI)
    returned(rounds, old.serial, HERI)
    assert rounds.hands_in(signed, HERI).outcome is Outcome.ENDED


@pytest.mark.parametrize("sent_back", [True, False], ids=["returned", "withdrawn"])
def test_what_left_its_way_and_was_signed_elsewhere_goes_to_a_person_with_a_reason(
    sent_back: bool, rounds: CirculatingForms
) -> None:
    old = rounds.begun()
    rounds.signs(old.serial, CAHYA)
    signed = rounds.signed_elsewhere(old.serial, DIAH)
    assert rounds.office.prove(signed).verdict is Verdict.PASSED
    if sent_back:
        new = returned(rounds, old.serial, DIAH)
    else:
        withdraw(old.serial, revision=rounds.kept(old.serial).revision, context=rounds.context, actor=CAHYA)
    answer = rounds.office.prove(signed)
    assert (answer.verdict, [reason.code for reason in answer.reasons]) == (Verdict.REVIEW, ["off_its_way"])
    assert ("Penggantinya" in answer.reasons[0].message) is sent_back
    if sent_back:
        assert new.serial in answer.reasons[0].message
    assert rounds.office.submit(signed).status is Status.REVIEW


def test_a_form_withdrawn_while_it_is_judged_goes_to_a_person_too(rounds: CirculatingForms) -> None:
    old = rounds.begun()
    rounds.signs(old.serial, CAHYA)
    signed = rounds.signed_elsewhere(old.serial, DIAH)

    def slowly(content: bytes, file: str, **rest: Any) -> Answer:
        answer = prove(content, file, **rest)
        withdraw(old.serial, revision=rounds.kept(old.serial).revision, context=rounds.context, actor=CAHYA)
        return answer

    kept = ingest(
        signed,
        "a.pdf",
        store=rounds.office.store,
        moment=rounds.office.moment,
        actor="uji",
        new_id=lambda: "K-UJI",
        prover=slowly,
    )
    assert (kept.status, [reason["code"] for reason in kept.answer["reasons"]]) == (Status.REVIEW, ["off_its_way"])


def test_what_was_filled_elsewhere_is_not_lost_when_it_goes_back(rounds: CirculatingForms) -> None:
    old = rounds.begun(tempat="Bandung")
    file = rounds.signed_elsewhere(old.serial, CAHYA)
    save_draft(old.serial, {}, revision=old.revision, context=rounds.context, actor=CAHYA)
    assert rounds.hands_in(file, CAHYA).moved
    assert returned(rounds, old.serial, DIAH).answers == TYPED["coaching"] | {"tempat": "Bandung"}


def test_only_whose_turn_it_is_sends_back_with_a_reason_and_from_what_they_saw(rounds: CirculatingForms) -> None:
    draft = rounds.begun("mentoring")
    with pytest.raises(NotGranted):
        returned(rounds, draft.serial, CAHYA)
    rounds.signs(draft.serial, CAHYA)
    for nip in (DIAH, EKO, CAHYA):
        with pytest.raises(NotGranted, match=r"not_your_turn .*Heri"):
            returned(rounds, draft.serial, nip)
    kept = rounds.kept(draft.serial)
    with pytest.raises(BadInput, match="return_reason_wrong"):
        return_to_employee(draft.serial, reason=" ", revision=kept.revision, context=rounds.context, actor=HERI)
    with pytest.raises(Stale):
        return_to_employee(draft.serial, reason="x", revision=kept.revision - 1, context=rounds.context, actor=HERI)
    assert rounds.kept(draft.serial) == kept


def test_the_employee_takes_a_signed_form_back_and_changes_it(rounds: CirculatingForms) -> None:
    old = rounds.begun("mentoring")
    rounds.signs(old.serial, CAHYA)
    kept = rounds.kept(old.serial)
    request = Request(kind="mentoring", scope="nasional", meeting=2, employee_nip=CAHYA, pembimbing_nip=EKO)
    new = again(old.serial, revision=kept.revision, request=request, context=rounds.context, actor=CAHYA)
    assert (new.state, new.answers, rounds.kept(old.serial).state) == (State.DRAFT, old.answers, State.WITHDRAWN)
    rounds.signs(new.serial, CAHYA)
    assert rounds.kept(new.serial).awaits_nip == EKO
    with pytest.raises(NotGranted):
        again(new.serial, revision=1, context=rounds.context, actor=DIAH)
    foreign = Request(kind="coaching", scope="nasional", meeting=1, employee_nip=EKO)
    with pytest.raises(NotGranted, match=r"form_(not_yours|begun_for_another)"):
        again(
            new.serial, revision=rounds.kept(new.serial).revision, request=foreign, context=rounds.context, actor=CAHYA
        )


def test_who_moved_meanwhile_goes_on_with_the_form_of_the_day_that_was_typed(rounds: CirculatingForms) -> None:
    request = Request(kind="coaching", scope="nasional", meeting=1, employee_nip=CAHYA, day=ACTIVITY)
    old = start(request, context=rounds.context, actor=CAHYA)
    old = save_draft(old.serial, ANSWERS, revision=1, context=rounds.context, actor=CAHYA)
    tell(rounds.office, since=AFTER, unit="Biro Umum", supervisor_nip=HERI)
    rounds.signs(old.serial, CAHYA)
    new = returned(rounds, old.serial, DIAH)
    blank = rounds.context.read(rounds.content(new.serial))
    assert (blank["unit_kerja"], blank["nip_atasan"]) == ("Biro Sumber Daya Manusia", DIAH)
    for nip in (CAHYA, DIAH):
        assert rounds.signs(new.serial, nip).moved
    assert rounds.kept(new.serial).state is State.SUBMITTED


def test_a_day_before_ones_time_keeps_nobody_from_going_on(rounds: CirculatingForms) -> None:
    old = rounds.begun(tanggal="4 Maret 1925")
    new = again(old.serial, revision=old.revision, context=rounds.context, actor=CAHYA)
    assert new.answers["tanggal"] == "4 Maret 1925"


def test_attachments_go_on_with_the_form(rounds: CirculatingForms) -> None:
    old = rounds.begun()
    store = rounds.office.store
    attach(
        old.serial, "a.png", b"\x89PNG\r\n\x1a\n.", store=store, now=NOW, randomness=secrets.token_bytes, actor=CAHYA
    )
    new = again(old.serial, revision=old.revision, context=rounds.context, actor=CAHYA)
    with store.reading() as tx:
        (before,), (after,) = tx.attachments.of(old.serial), tx.attachments.of(new.serial)
    assert (before.digest, before.file_name) == (after.digest, after.file_name)


def test_a_withdrawn_form_is_off_its_way_and_may_be_begun_again_once(rounds: CirculatingForms) -> None:
    draft = rounds.begun()
    with pytest.raises(NotGranted):
        withdraw(draft.serial, revision=draft.revision, context=rounds.context, actor=DIAH)
    with pytest.raises(Stale):
        withdraw(draft.serial, revision=draft.revision + 1, context=rounds.context, actor=CAHYA)
    withdraw(draft.serial, revision=draft.revision, context=rounds.context, actor=CAHYA)
    with pytest.raises(NotGranted, match=r"form_state_forbids\.withdrawn"):
        withdraw(draft.serial, revision=draft.revision + 1, context=rounds.context, actor=CAHYA)
    with pytest.raises(NotGranted, match=r"form_state_forbids\.withdrawn"):
        rounds.signs(draft.serial, CAHYA)
    revision = rounds.kept(draft.serial).revision
    assert again(draft.serial, revision=revision, context=rounds.context, actor=CAHYA).answers == draft.answers
    with pytest.raises(NotGranted, match="form_continued"):
        again(draft.serial, revision=revision, context=rounds.context, actor=CAHYA)


def test_a_rejected_form_is_begun_again_and_an_accepted_one_is_not(rounds: CirculatingForms) -> None:
    serial = rounds.begun().serial
    rounds.signs(serial, CAHYA)
    taken = rounds.signs(serial, DIAH)
    assert taken.submission is not None
    revision = rounds.kept(serial).revision
    with pytest.raises(NotGranted, match=r"form_state_forbids\.submitted"):
        again(serial, revision=revision, context=rounds.context, actor=CAHYA)
    reject(taken.submission["submission"], "Kurang.", store=rounds.office.store, now=NOW, actor="biro")
    new = again(serial, revision=revision, context=rounds.context, actor=CAHYA)
    assert (new.answers, rounds.kept(serial).state) == (TYPED["coaching"], State.SUBMITTED)
