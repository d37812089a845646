"""Two who hand in at the same time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from service.circulation.drafts import again
from service.circulation.intake import Outcome
from service.circulation.returns import withdraw
from service.errors import NotGranted
from service.store.circulations import State
from support.circulating_forms import CirculatingForms
from support.office import CAHYA, DIAH


def test_the_same_file_twice_at_once_moves_the_form_once(rounds: CirculatingForms) -> None:
    serial = rounds.begun().serial
    content = rounds.signed_elsewhere(serial, CAHYA)
    with ThreadPoolExecutor(4) as people:
        outcomes = sorted(result.outcome for result in people.map(lambda _: rounds.hands_in(content, CAHYA), range(4)))
    assert outcomes == [Outcome.ADVANCED, *[Outcome.ALREADY] * 3]
    assert rounds.actions(serial).count("circulation.signed") == 1
    assert rounds.kept(serial).awaits_nip == DIAH


def test_two_signatures_of_one_turn_at_once_move_the_form_once_and_both_files_are_kept(
    rounds: CirculatingForms,
) -> None:
    serial = rounds.begun().serial
    rounds.signs(serial, CAHYA)
    files = [rounds.signed_elsewhere(serial, DIAH, own_field=own) for own in (False, True)]
    with ThreadPoolExecutor(2) as people:
        taken = list(people.map(lambda content: rounds.hands_in(content, DIAH), files))
    assert sorted(result.moved for result in taken) == [False, True]
    assert [rounds.office.store.document(result.digest) for result in taken] == files
    assert rounds.kept(serial).state is State.SUBMITTED
    assert len(set(rounds.handed_in)) == 1


def test_a_withdrawn_form_begun_again_twice_at_once_goes_on_once(rounds: CirculatingForms) -> None:
    draft = rounds.begun()
    withdraw(draft.serial, revision=draft.revision, context=rounds.context, actor=CAHYA)

    def begins(_place: int) -> bool:
        with suppress(NotGranted):
            again(draft.serial, revision=draft.revision + 1, context=rounds.context, actor=CAHYA)
            return True
        return False

    with ThreadPoolExecutor(4) as people:
        assert sorted(people.map(begins, range(4))) == [False, False, False, True]
