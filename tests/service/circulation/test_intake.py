"""Files that were signed elsewhere come back: recognised, kept whatever they are, taken when it was their turn."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from service.circulation.errors import Stale
from service.circulation.intake import Outcome, accept_signed_file, retry_unsettled
from service.circulation.returns import withdraw
from service.people.enrolment import enrol
from service.sandbox.limits import GaveUp
from service.store.circulations import State
from support.circulating_forms import CirculatingForms
from support.office import CAHYA, DIAH, EKO, HERI, NOW, keys


@pytest.mark.parametrize("own_field", [False, True], ids=["in our slot", "in a field of its own"])
def test_a_file_signed_elsewhere_moves_the_form(rounds: CirculatingForms, own_field: bool) -> None:
    serial = rounds.begun("mentoring").serial
    for nip, state in ((CAHYA, State.AWAITING), (HERI, State.AWAITING), (DIAH, State.SUBMITTED)):
        taken = rounds.hands_in(rounds.signed_elsewhere(serial, nip, own_field=own_field), CAHYA)
        assert taken.moved
        assert rounds.kept(serial).state is state
    assert rounds.kept(serial).signed == ("pegawai", "pembimbing", "atasan")


def test_a_file_with_several_new_signatures_moves_as_far_as_they_go(rounds: CirculatingForms) -> None:
    serial = rounds.begun("mentoring").serial
    assert rounds.hands_in(rounds.signed_elsewhere(serial, CAHYA, HERI), HERI).outcome is Outcome.ADVANCED
    assert rounds.kept(serial).awaits == "atasan"


def test_a_complete_file_is_handed_in_at_once(rounds: CirculatingForms) -> None:
    serial = rounds.begun().serial
    taken = rounds.hands_in(rounds.signed_elsewhere(serial, CAHYA, DIAH), CAHYA)
    assert taken.submission is not None
    assert taken.submission["status"] == "verified"
    assert rounds.kept(serial).submission_id == taken.submission["submission"]


def test_the_same_file_again_and_an_older_one_change_nothing(rounds: CirculatingForms) -> None:
    serial = rounds.begun("mentoring").serial
    older = rounds.signed_elsewhere(serial, CAHYA)
    assert rounds.hands_in(older, CAHYA).outcome is Outcome.ADVANCED
    assert rounds.hands_in(older, CAHYA).outcome is Outcome.ALREADY
    rounds.hands_in(rounds.signed_elsewhere(serial, HERI), HERI)
    before = rounds.kept(serial)
    assert rounds.hands_in(older, CAHYA).outcome is Outcome.ALREADY
    assert rounds.hands_in(rounds.content(serial), HERI).outcome is Outcome.ALREADY
    assert rounds.kept(serial) == before


def test_who_signs_before_the_turn_comes_is_told_and_the_file_is_kept(rounds: CirculatingForms) -> None:
    serial = rounds.begun("mentoring").serial
    rounds.signs(serial, CAHYA)
    before = rounds.kept(serial)
    early = rounds.signed_elsewhere(serial, DIAH)
    taken = rounds.hands_in(early, DIAH)
    assert (taken.outcome, taken.circulation) == (Outcome.OUT_OF_TURN, before)
    assert rounds.office.store.document(taken.digest) == early
    assert rounds.kept(serial) == before
    assert rounds.actions(serial)[-1] == "circulation.out_of_turn"


def test_somebody_elses_signature_in_a_slot_is_told_with_its_reason(rounds: CirculatingForms) -> None:
    serial = rounds.begun("mentoring", mentor=EKO).serial
    rounds.signs(serial, CAHYA)
    by_heri = rounds.signed_elsewhere(serial, HERI)
    taken = rounds.hands_in(by_heri, HERI)
    assert (taken.outcome, [reason["code"] for reason in taken.reasons]) == (Outcome.REFUSED, ["wrong_signer"])
    assert rounds.kept(serial).awaits_nip == EKO


def test_a_signer_nobody_knows_waits_for_the_enrolment_and_then_goes_on_by_itself(rounds: CirculatingForms) -> None:
    serial = rounds.begun("mentoring", mentor=EKO).serial
    rounds.signs(serial, CAHYA)
    file = rounds.signed_elsewhere(serial, EKO)
    for _ in range(2):
        taken = rounds.hands_in(file, EKO)
        assert taken.outcome is Outcome.UNKNOWN_SIGNER
        assert [reason["code"] for reason in taken.reasons] == ["unknown_signer"]
    waiting = rounds.kept(serial)
    assert (waiting.awaits_nip, waiting.unsettled_digest) == (EKO, taken.digest)
    assert retry_unsettled(context=rounds.context, actor="biro") == ()
    enrol(EKO, keys().people[EKO].pem, store=rounds.office.store, now=NOW, actor="biro")
    assert [result.outcome for result in retry_unsettled(context=rounds.context, actor="biro")] == [Outcome.ADVANCED]
    moved = rounds.kept(serial)
    assert (moved.awaits_nip, moved.unsettled_digest) == (DIAH, None)


def test_a_file_changed_after_it_was_signed_is_refused(rounds: CirculatingForms) -> None:
    serial = rounds.begun().serial
    rounds.signs(serial, CAHYA)
    content = rounds.signed_elsewhere(serial, DIAH)
    taken = rounds.hands_in(content.replace(b"/ByteRange", b"/ByteRangf", 1), DIAH)
    assert taken.outcome is Outcome.REFUSED
    assert rounds.kept(serial).awaits_nip == DIAH


def test_files_that_are_no_form_on_its_way_are_told_apart_and_kept(rounds: CirculatingForms) -> None:
    serial, other = rounds.begun().serial, rounds.begun().serial
    foreign = rounds.office.signed()
    assert rounds.hands_in(foreign, CAHYA).outcome is Outcome.NOT_CIRCULATING
    assert rounds.hands_in(rounds.signed_elsewhere(other, CAHYA), CAHYA, serial=serial).outcome is Outcome.OTHER_FORM
    rubbish = rounds.hands_in(b"bukan PDF", CAHYA, serial=serial)
    assert (rubbish.outcome, bool(rubbish.reasons)) == (Outcome.REFUSED, True)
    assert rounds.office.store.document(rubbish.digest) == b"bukan PDF"
    assert rounds.hands_in(rounds.signed_elsewhere(serial), CAHYA).outcome is Outcome.UNSIGNED
    kept = rounds.kept(serial)
    withdraw(serial, revision=kept.revision, context=rounds.context, actor=CAHYA)
    assert rounds.hands_in(rounds.signed_elsewhere(serial, CAHYA), CAHYA).outcome is Outcome.ENDED


def test_when_the_reader_gives_up_the_file_is_there_and_taken_the_next_time(rounds: CirculatingForms) -> None:
    serial = rounds.begun().serial
    content = rounds.signed_elsewhere(serial, CAHYA)

    def gives_up(_content: bytes, _name: str) -> dict[str, object]:
        raise GaveUp("memory", "384")

    weak = replace(rounds.context, prove=gives_up)
    taken = accept_signed_file(content, "a.pdf", context=weak, actor=CAHYA, serial=serial)
    assert (taken.outcome, taken.reasons[0]["code"]) == (Outcome.UNREAD, "reader_gave_up")
    assert rounds.office.store.document(taken.digest) == content
    assert rounds.hands_in(content, CAHYA).outcome is Outcome.ADVANCED


def test_what_was_signed_in_an_older_window_is_kept_and_does_not_overtake_the_newer(rounds: CirculatingForms) -> None:
    draft = rounds.begun()
    content = rounds.signed_elsewhere(draft.serial, CAHYA)
    with pytest.raises(Stale):
        rounds.hands_in(content, CAHYA, revision=draft.revision - 1)
    assert rounds.kept(draft.serial) == draft
    assert rounds.office.store.has_document(hashlib.sha256(content).hexdigest())
