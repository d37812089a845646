"""Forms that wait for an official somebody stands in for (Plt., Plh.)."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from service.circulation.intake import Outcome
from service.circulation.turns import waiting
from service.people.enrolment import enrol
from service.store.delegations import Delegation
from support.circulating_forms import CirculatingForms
from support.office import CAHYA, DIAH, EKO, HERI, NOW, ZONE, keys

DAY = dt.timedelta(days=1)
TODAY = NOW.astimezone(ZONE).date()
GIVEN = Delegation(id="D-1", from_nip=DIAH, to_nip=EKO, kind="plh", scope=("atasan",), starts=TODAY,
                   ends=TODAY + 2 * DAY, reason="Cuti", made_at=NOW, made_by="uji")  # fmt: skip


def stands_in(rounds: CirculatingForms, delegation: Delegation = GIVEN) -> None:
    with rounds.office.store.transaction() as tx:
        tx.delegations.add(delegation)
    enrol(EKO, keys().people[EKO].pem, store=rounds.office.store, now=NOW, actor="uji")


def test_a_delegate_finds_hears_and_signs_what_waits_for_the_official(rounds: CirculatingForms) -> None:
    stands_in(rounds)
    serial = rounds.begun("belajar_mandiri").serial
    rounds.signs(serial, CAHYA)
    with rounds.office.store.reading() as tx:
        (found,) = waiting(tx, EKO, now=NOW, zone=ZONE)
        assert waiting(tx, EKO, now=NOW + 5 * DAY, zone=ZONE) == ()
        assert waiting(tx, HERI, now=NOW, zone=ZONE) == ()
        assert [listed.instead_of for listed in waiting(tx, DIAH, now=NOW, zone=ZONE)] == [None]
    assert (found.listed.circulation.serial, found.instead_of) == (serial, DIAH)
    assert "waiting" in rounds.told(EKO)
    taken = rounds.signs(serial, EKO)
    assert taken.moved
    assert taken.submission is not None
    assert taken.submission["roles"]["atasan"]["nip"] == EKO


def test_a_delegate_whose_day_nobody_can_prove_moves_the_form_and_a_person_judges_it_at_the_end(
    rounds: CirculatingForms,
) -> None:
    week = GIVEN.starts - 7 * DAY
    stands_in(rounds, replace(GIVEN, from_nip=HERI, scope=("pembimbing",), starts=week, ends=week + 2 * DAY))
    serial = rounds.begun("mentoring").serial
    rounds.signs(serial, CAHYA)
    late = rounds.signed_elsewhere(serial, EKO, own_field=True, at=NOW - 6 * DAY)
    taken = rounds.hands_in(late, EKO)
    assert (taken.outcome, [reason["code"] for reason in taken.reasons]) == (Outcome.ADVANCED, ["delegation_unproven"])
    last = rounds.signs(serial, DIAH)
    assert last.submission is not None
    assert last.submission["status"] == "review"
