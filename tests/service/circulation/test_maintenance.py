"""What a worker does for forms on their way."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from service.circulation.intake import accept_signed_file
from service.circulation.maintenance import Upkeep
from service.circulation.turns import CirculationContext
from service.people.enrolment import enrol
from service.store.circulations import State
from support.circulating_forms import CirculatingForms
from support.office import CAHYA, DIAH, EKO, NOW, keys

HOUR = dt.timedelta(hours=1)


def upkeep(rounds: CirculatingForms) -> Upkeep:
    @contextmanager
    def opened() -> Iterator[CirculationContext]:
        yield rounds.context

    return Upkeep(store=rounds.office.store, clock=lambda: rounds.now, opened=opened)


def test_files_of_unknown_signers_are_read_again_only_after_somebody_was_enrolled(rounds: CirculatingForms) -> None:
    serial = rounds.begun("mentoring", mentor=EKO).serial
    rounds.signs(serial, CAHYA)
    rounds.hands_in(rounds.signed_elsewhere(serial, EKO), EKO)
    worker = upkeep(rounds)
    rounds.now += HOUR
    assert not worker.round()
    proofs = rounds.proofs
    rounds.now += HOUR
    assert not worker.round()
    assert rounds.proofs == proofs
    enrol(EKO, keys().people[EKO].pem, store=rounds.office.store, now=rounds.now, actor="biro")
    assert worker.round()
    assert rounds.kept(serial).awaits_nip == DIAH
    assert not worker.round()


def test_what_was_left_complete_is_handed_in_after_a_while(rounds: CirculatingForms) -> None:
    serial = rounds.begun().serial
    rounds.signs(serial, CAHYA)

    def killed(*_words: object) -> Any:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        accept_signed_file(
            rounds.signed_elsewhere(serial, DIAH), "a.pdf", context=replace(rounds.context, submit=killed), actor=DIAH
        )
    worker = upkeep(rounds)
    assert not worker.round()
    rounds.now = NOW + HOUR
    assert worker.round()
    assert rounds.kept(serial).state is State.SUBMITTED
