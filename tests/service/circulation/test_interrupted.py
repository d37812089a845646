"""Nothing is lost when something is killed half way; whichever way a form arrives, its way ends."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from service.circulation.intake import Outcome, accept_signed_file, resume_handovers
from service.store.circulations import State
from support.circulating_forms import CirculatingForms
from support.office import CAHYA, DIAH, HERI, RECENT


class Killed(BaseException):
    """The process is gone."""


def killed(*_words: object) -> Any:
    raise Killed


def test_killed_between_keeping_and_moving_the_file_is_there_and_taken_the_next_time(rounds: CirculatingForms) -> None:
    serial = rounds.begun().serial
    content = rounds.signed_elsewhere(serial, CAHYA)
    with pytest.raises(Killed):
        accept_signed_file(content, "a.pdf", context=replace(rounds.context, prove=killed), actor=CAHYA, serial=serial)
    assert rounds.kept(serial).state is State.DRAFT
    with rounds.office.store.reading() as tx:
        left = tx.events.list(serial)[0]
    assert left.action == "circulation.kept"
    assert rounds.office.store.document(left.detail["digest"]) == content
    assert rounds.hands_in(content, CAHYA).outcome is Outcome.ADVANCED


def test_killed_between_the_last_signature_and_the_hand_in_it_is_handed_in_later_and_once(
    rounds: CirculatingForms,
) -> None:
    serial = rounds.begun().serial
    rounds.signs(serial, CAHYA)
    content = rounds.signed_elsewhere(serial, DIAH)
    with pytest.raises(Killed):
        accept_signed_file(content, "a.pdf", context=replace(rounds.context, submit=killed), actor=DIAH)
    assert rounds.kept(serial).state is State.COMPLETE
    assert resume_handovers(context=rounds.context, actor="cmb:worker") == 1
    assert resume_handovers(context=rounds.context, actor="cmb:worker") == 0
    assert rounds.kept(serial).state is State.SUBMITTED


def test_the_same_file_again_hands_in_what_was_left_complete(rounds: CirculatingForms) -> None:
    serial = rounds.begun().serial
    rounds.signs(serial, CAHYA)
    content = rounds.signed_elsewhere(serial, DIAH)
    with pytest.raises(Killed):
        accept_signed_file(content, "a.pdf", context=replace(rounds.context, submit=killed), actor=DIAH)
    taken = rounds.hands_in(content, DIAH)
    assert (taken.outcome, rounds.kept(serial).state) == (Outcome.COMPLETE, State.SUBMITTED)


def test_a_form_sent_by_another_way_ends_its_way_here(rounds: CirculatingForms) -> None:
    serial = rounds.begun("mentoring").serial
    submission = rounds.office.submit(rounds.signed_elsewhere(serial, CAHYA, HERI, DIAH))
    kept = rounds.kept(serial)
    assert (kept.state, kept.submission_id) == (State.SUBMITTED, submission.id)
    assert rounds.actions(serial)[-1] == "circulation.submitted"


def test_a_refused_file_sent_by_another_way_leaves_the_form_on_its_way(rounds: CirculatingForms) -> None:
    serial = rounds.begun("mentoring").serial
    rounds.signs(serial, CAHYA)
    before = rounds.kept(serial)
    assert rounds.office.submit(rounds.signed_elsewhere(serial, HERI)).status == "refused"
    assert rounds.kept(serial) == before


def test_what_is_refused_at_the_hand_in_ends_with_that_answer(rounds: CirculatingForms) -> None:
    serial = rounds.begun().serial
    rounds.signs(serial, CAHYA)
    content = rounds.signed_elsewhere(serial, DIAH)
    with pytest.raises(Killed):
        accept_signed_file(content, "a.pdf", context=replace(rounds.context, submit=killed), actor=DIAH)
    rounds.office.submit(rounds.office.signed(**RECENT))  # the same activity, meanwhile, on another blank
    assert resume_handovers(context=rounds.context, actor="cmb:worker") == 1
    kept = rounds.kept(serial)
    with rounds.office.store.reading() as tx:
        submission = tx.submissions.get(kept.submission_id or "")
    assert submission is not None
    assert (kept.state, submission.status) == (State.SUBMITTED, "refused")
