"""Forms on their way and what belongs to them, as the store keeps and finds them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.store import Store
from service.store.circulations import State
from service.store.errors import RowExists, UnknownRow
from support.circulation_rows import HOUR, awaiting, begin, on_its_way
from support.sample_rows import EMPLOYEE, NOW, SUPERVISOR, blank, entry


def test_what_was_kept_comes_back_as_it_was(store: Store) -> None:
    begin(store, on_its_way(), awaiting("L1-B", replaces="L1-CONTOH", unsettled_digest="ee" * 32))
    with store.reading() as tx:
        assert tx.circulations.get("L1-CONTOH") == on_its_way()
        assert tx.circulations.get("L1-B") == awaiting("L1-B", replaces="L1-CONTOH", unsettled_digest="ee" * 32)
        assert tx.circulations.successor("L1-CONTOH") == tx.circulations.get("L1-B")
        assert tx.circulations.successor("L1-B") is None
        assert tx.circulations.get("L1-X") is None


def test_only_the_newest_revision_can_be_changed(store: Store) -> None:
    begin(store, on_its_way())
    with store.transaction() as tx:
        assert tx.circulations.change(on_its_way(answers={"tempat": "Bandung"}))
        assert not tx.circulations.change(on_its_way(answers={"tempat": "Medan"}))
    with store.reading() as tx:
        assert tx.circulations.get("L1-CONTOH") == on_its_way(answers={"tempat": "Bandung"}, revision=2)


def test_a_blank_goes_round_once_and_only_a_known_one(store: Store) -> None:
    begin(store, on_its_way())
    with pytest.raises(RowExists), store.transaction() as tx:
        tx.circulations.add(on_its_way())
    with pytest.raises(UnknownRow), store.transaction() as tx:
        tx.circulations.add(on_its_way("L1-LAIN"))


def test_what_waits_for_somebody_is_found_by_person_and_role_longest_waiting_first(store: Store) -> None:
    begin(store, on_its_way(), awaiting("L1-B", hours=1), awaiting("L1-C", hours=5))
    with store.reading() as tx:
        found = tx.circulations.waiting([(SUPERVISOR, ("pembimbing", "atasan"))])
        assert [listed.circulation.serial for listed in found] == ["L1-C", "L1-B"]
        assert (found[0].employee_name, found[0].awaits_name) == ("Contoh Pegawai", "Contoh Pegawai")
        assert (found[0].blank, found[0].unit) == (blank("L1-C"), "Biro Contoh")
        assert tx.circulations.waiting([(SUPERVISOR, ("pembimbing",)), (EMPLOYEE, ("atasan",))]) == []
        assert tx.circulations.waiting([]) == []


def test_what_is_stuck_in_a_unit_is_found_by_when_it_last_moved(store: Store) -> None:
    begin(store, on_its_way(changed_at=NOW - 9 * HOUR), awaiting("L1-B", hours=1), awaiting("L1-C", hours=5))
    with store.reading() as tx:
        stuck = tx.circulations.stuck("Biro Contoh", before=NOW - 2 * HOUR)
        assert [listed.circulation.serial for listed in stuck] == ["L1-C"]
        assert tx.circulations.stuck("Biro Lain", before=NOW) == []
        assert len(tx.circulations.stuck(None, before=NOW)) == 2
        assert len(tx.circulations.open_in("Biro Contoh")) == 3


def test_an_employee_finds_the_own_by_state_and_time(store: Store) -> None:
    ended = on_its_way("L1-B", state=State.WITHDRAWN)
    begin(store, on_its_way(), ended, on_its_way("L1-C", created_at=NOW - 9 * HOUR, changed_at=NOW + HOUR))
    with store.reading() as tx:
        found = tx.circulations.of_employee(EMPLOYEE)
        assert [listed.circulation.serial for listed in found] == ["L1-C", "L1-CONTOH"]
        assert len(tx.circulations.of_employee(EMPLOYEE, states=tuple(State))) == 3
        begun = tx.circulations.of_employee(EMPLOYEE, since=NOW - HOUR, until=NOW + HOUR)
        assert [listed.circulation.serial for listed in begun] == ["L1-CONTOH"]
        assert tx.circulations.of_employee(SUPERVISOR) == []


def test_states_are_counted_by_person_and_unit(store: Store) -> None:
    begin(store, on_its_way(), awaiting("L1-B"), awaiting("L1-C"))
    with store.reading() as tx:
        assert tx.circulations.counts() == dict.fromkeys(State, 0) | {State.DRAFT: 1, State.AWAITING: 2}
        assert tx.circulations.counts(nip=EMPLOYEE) == tx.circulations.counts(unit="Biro Contoh")
        assert sum(tx.circulations.counts(nip=SUPERVISOR).values()) == 0


def test_what_was_left_in_the_middle_is_found(store: Store) -> None:
    begin(store, awaiting("L1-B", unsettled_digest="ee" * 32), on_its_way("L1-C", state=State.COMPLETE))
    with store.reading() as tx:
        assert [listed.circulation.serial for listed in tx.circulations.unsettled()] == ["L1-B"]
        assert [listed.circulation.serial for listed in tx.circulations.complete()] == ["L1-C"]


def test_a_form_handed_in_ends_its_way_once(store: Store) -> None:
    begin(store, awaiting("L1-B"), on_its_way("L1-C", state=State.WITHDRAWN))
    with store.transaction() as tx:
        tx.submissions.receive("ab" * 32, "a.pdf", NOW, "K-1")
        assert tx.circulations.close("L1-B", "K-1", NOW + HOUR)
        assert not tx.circulations.close("L1-B", "K-1", NOW + HOUR)
        assert not tx.circulations.close("L1-C", "K-1", NOW + HOUR)
        assert not tx.circulations.close("L1-X", "K-1", NOW + HOUR)
        ended = replace(awaiting("L1-B"), state=State.SUBMITTED, awaits=None, awaits_nip=None, submission_id="K-1")
        assert tx.circulations.get("L1-B") == replace(ended, revision=2, changed_at=NOW + HOUR)


def test_names_of_people_who_hold_several_places_are_their_own(store: Store) -> None:
    begin(store, awaiting("L1-B"))
    with store.transaction() as tx:
        tx.employees.upsert([entry(SUPERVISOR, name="Contoh Atasan", unit="Pimpinan")])
    with store.reading() as tx:
        listed = tx.circulations.listed("L1-B")
        assert listed is not None
        assert (listed.employee_name, listed.awaits_name, listed.unit) == (
            "Contoh Pegawai",
            "Contoh Atasan",
            "Biro Contoh",
        )
        assert tx.circulations.listed("L1-X") is None
