"""The registers: employees, trusted roots, signers, blanks."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from service.records import TrustRoot
from service.store import ImportCounts, Store
from service.store.errors import RowExists, UnknownRow
from support.sample_rows import EMPLOYEE, NOW, STRANGER, SUPERVISOR, blank, enrolment, entry, register


def root(fingerprint: str = "aa", use: str = "signing", at: dt.datetime = NOW) -> TrustRoot:
    return TrustRoot(fingerprint=fingerprint, use=use, subject="CN=Akar Contoh", der=b"\x00\xff", added_at=at)


def test_supervisors_may_come_after_their_people(store: Store) -> None:
    with store.transaction() as tx:
        assert tx.employees.upsert([entry(), entry(SUPERVISOR)]) == ImportCounts(new=2, changed=0, same=0)
    with store.reading() as tx:
        assert tx.employees.all() == [entry(SUPERVISOR), entry()]
        assert tx.employees.get(EMPLOYEE) == entry()
        assert tx.employees.get(STRANGER) is None


def test_an_import_counts_what_is_new_changed_and_the_same(store: Store) -> None:
    register(store)
    moved = entry(SUPERVISOR, unit="Biro Lain", roles=("pimpinan", "pegawai"))
    with store.transaction() as tx:
        assert tx.employees.upsert([entry(), moved, entry(STRANGER)]) == ImportCounts(new=1, changed=1, same=1)
    with store.reading() as tx:
        assert tx.employees.get(SUPERVISOR) == moved


def test_a_supervisor_nobody_knows_stops_the_whole_import(store: Store) -> None:
    with pytest.raises(UnknownRow), store.transaction() as tx:
        tx.employees.upsert([entry(STRANGER), entry(supervisor_nip=SUPERVISOR)])
    with store.reading() as tx:
        assert tx.employees.all() == []


def test_a_large_register_is_imported_at_once(store: Store) -> None:
    everybody = [entry(f"{197001012000011000 + place}") for place in range(1201)]
    with store.transaction() as tx:
        assert tx.employees.upsert(everybody).new == 1201
        assert tx.employees.upsert(everybody).same == 1201
    with store.reading() as tx:
        assert tx.employees.all() == everybody


def test_a_root_is_trusted_for_each_use_by_itself(store: Store) -> None:
    first, second = root(), root(use="timestamping", at=NOW + dt.timedelta(seconds=1))
    with store.transaction() as tx:
        tx.trust.add(second)
        tx.trust.add(first)
        tx.trust.add(replace(first, subject="lain"))
    with store.reading() as tx:
        assert tx.trust.all() == (first, second)


def test_a_removed_root_is_trusted_for_nothing(store: Store) -> None:
    with store.transaction() as tx:
        tx.trust.add(root())
        tx.trust.add(root(use="timestamping"))
        tx.trust.add(root("bb"))
        assert tx.trust.remove("aa")
        assert not tx.trust.remove("aa")
    with store.reading() as tx:
        assert tx.trust.all() == (root("bb"),)


def test_an_ended_bond_is_still_found_with_its_earliest_end(store: Store) -> None:
    register(store)
    with store.transaction() as tx:
        tx.signers.enrol(enrolment())
    with store.transaction() as tx:
        for days in (5, 0, 9):
            tx.signers.end(enrolment().fingerprint, NOW + dt.timedelta(days=days))
    with store.reading() as tx:
        bond = replace(enrolment(), ended_at=NOW)
        assert tx.signers.find(enrolment().fingerprint) == bond
        assert tx.signers.find_these([enrolment().fingerprint, "00"]) == {enrolment().fingerprint: bond}
        assert tx.signers.find_these([]) == {}
        assert tx.signers.all() == [replace(enrolment(), ended_at=NOW)]
        assert tx.signers.find("00") is None


def test_a_signer_certificate_is_bound_to_one_person_only(store: Store) -> None:
    register(store)
    with store.transaction() as tx:
        tx.signers.enrol(enrolment())
    with pytest.raises(RowExists), store.transaction() as tx:
        tx.signers.enrol(enrolment(nip=SUPERVISOR))


def test_a_bond_with_nobody_is_refused(store: Store) -> None:
    with pytest.raises(UnknownRow), store.transaction() as tx:
        tx.signers.enrol(enrolment())


def test_ending_a_bond_that_is_not_there_is_an_error(store: Store) -> None:
    with pytest.raises(UnknownRow, match="00"), store.transaction() as tx:
        tx.signers.end("00", NOW)


def test_a_blank_is_found_by_its_serial(store: Store) -> None:
    register(store)
    alone = blank("L1-B", kind="belajar_mandiri", pembimbing_nip=None)
    with store.transaction() as tx:
        tx.blanks.add(blank())
        tx.blanks.add(alone)
    with store.reading() as tx:
        assert tx.blanks.find("L1-CONTOH") == blank()
        assert tx.blanks.find("L1-B") == alone
        assert tx.blanks.find("L1-X") is None


def test_a_serial_is_given_out_once(store: Store) -> None:
    register(store)
    with store.transaction() as tx:
        tx.blanks.add(blank())
    with pytest.raises(RowExists), store.transaction() as tx:
        tx.blanks.add(blank())


@pytest.mark.parametrize("role", ["employee_nip", "pembimbing_nip", "supervisor_nip"])
def test_a_blank_for_nobody_is_refused(store: Store, role: str) -> None:
    register(store)
    with pytest.raises(UnknownRow), store.transaction() as tx:
        tx.blanks.add(blank(**{role: STRANGER}))
