"""Who is told what, what happened when, and what comes next."""

from __future__ import annotations

import datetime as dt

import pytest

from service.circulation.history import timeline
from service.circulation.returns import remind, return_to_employee, withdraw
from service.circulation.turns import Action, NextStep, next_step
from service.errors import NotGranted
from service.submissions.decisions import approve, reject
from support.circulating_forms import CirculatingForms
from support.office import CAHYA, DIAH, HERI, NOW

DAY = dt.timedelta(days=1)


def step(rounds: CirculatingForms, serial: str, viewer: str = CAHYA) -> NextStep:
    with rounds.office.store.reading() as tx:
        return next_step(tx, rounds.kept(serial), viewer)


def test_the_next_step_names_who_and_what(rounds: CirculatingForms) -> None:
    serial = rounds.begun("mentoring").serial
    assert step(rounds, serial) == NextStep(action=Action.FILL, nip=CAHYA, mine=True)
    rounds.signs(serial, CAHYA)
    assert step(rounds, serial, HERI) == NextStep(action=Action.SIGN, nip=HERI, role="pembimbing", mine=True)
    assert not step(rounds, serial, DIAH).mine
    rounds.signs(serial, HERI)
    taken = rounds.signs(serial, DIAH)
    assert step(rounds, serial) == NextStep(action=Action.VALIDATE)
    assert taken.submission is not None
    approve(taken.submission["submission"], store=rounds.office.store, now=NOW, actor="biro")
    assert step(rounds, serial) == NextStep(action=Action.NOTHING)


def test_after_a_rejection_the_employee_begins_again(rounds: CirculatingForms) -> None:
    serial = rounds.begun().serial
    rounds.signs(serial, CAHYA)
    taken = rounds.signs(serial, DIAH)
    assert taken.submission is not None
    reject(taken.submission["submission"], "Kurang.", store=rounds.office.store, now=NOW, actor="biro")
    assert step(rounds, serial) == NextStep(action=Action.AGAIN, nip=CAHYA, mine=True)


def test_the_story_of_a_returned_form_goes_on_through_its_successor(rounds: CirculatingForms) -> None:
    old = rounds.begun().serial
    rounds.signs(old, CAHYA)
    revision = rounds.kept(old).revision
    new = return_to_employee(old, reason="Lengkapi.", revision=revision, context=rounds.context, actor=DIAH)
    assert step(rounds, old) == NextStep(action=Action.CONTINUE, nip=CAHYA, serial=new.serial, mine=True)
    for nip in (CAHYA, DIAH):
        rounds.signs(new.serial, nip)
    with rounds.office.store.reading() as tx:
        line = [(event.action, event.subject == old) for event in timeline(tx, new.serial)]
    assert line.index(("circulation.returned", True)) < line.index(("circulation.started", False))
    assert [action for action, _ in line if action.startswith("submission.")] == [
        "submission.received",
        "submission.verified",
    ]
    assert line.count(("circulation.signed", True)) == 1
    assert line.count(("circulation.signed", False)) == 2


def test_everybody_hears_when_it_is_their_turn_and_the_employee_when_it_comes_back(rounds: CirculatingForms) -> None:
    serial = rounds.begun("mentoring").serial
    rounds.signs(serial, CAHYA)
    assert (rounds.told(HERI), rounds.told(DIAH)) == (["waiting"], [])
    revision = rounds.kept(serial).revision
    return_to_employee(serial, reason="Lengkapi.", revision=revision, context=rounds.context, actor=HERI)
    assert rounds.told(CAHYA) == ["returned"]


def test_a_reminder_goes_out_once_a_day_and_only_while_somebody_is_awaited(rounds: CirculatingForms) -> None:
    draft = rounds.begun()
    with pytest.raises(NotGranted):
        remind(draft.serial, context=rounds.context, actor=CAHYA)
    rounds.signs(draft.serial, CAHYA)
    remind(draft.serial, context=rounds.context, actor=CAHYA)
    with pytest.raises(NotGranted, match="reminded_today"):
        remind(draft.serial, context=rounds.context, actor=CAHYA)
    rounds.now += DAY
    remind(draft.serial, context=rounds.context, actor=CAHYA)
    assert sorted(rounds.told(DIAH)) == ["reminder", "reminder", "waiting"]


def test_withdrawn_for_good_there_is_only_to_begin_again(rounds: CirculatingForms) -> None:
    draft = rounds.begun()
    withdraw(draft.serial, revision=draft.revision, context=rounds.context, actor=CAHYA)
    assert step(rounds, draft.serial, DIAH) == NextStep(action=Action.AGAIN, nip=CAHYA)
