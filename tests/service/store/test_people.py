"""People and their accounts, found as whoever opens accounts looks for them; the same on both databases."""

from __future__ import annotations

from dataclasses import replace

from service.store import Store
from service.store.accounts import Account
from support.sample_rows import EMPLOYEE, NOW, SUPERVISOR, entry, register


def account(nip: str, **changed: object) -> Account:
    plain = Account(id=f"A{nip}", login=nip, nip=nip, password_hash="x", must_change=False, created_at=NOW)
    return replace(plain, **changed)  # type: ignore[arg-type]  # by name


def test_people_are_found_by_name_nip_and_role_with_their_account(store: Store) -> None:
    register(store)
    with store.transaction() as tx:
        tx.employees.upsert([entry("199001012015031009", name="Ani 100% Contoh")])
        tx.employees.set_roles(SUPERVISOR, ("pegawai", "biro_sdm"))
        tx.accounts.add(account(SUPERVISOR))
    with store.reading() as tx:
        assert [person.nip for person in tx.people.search("100%")] == ["199001012015031009"]
        assert [person.nip for person in tx.people.search("19970821 202012")] == [EMPLOYEE]
        (found,) = tx.people.search(role="biro_sdm")
        assert (found.nip, found.roles, found.login) == (SUPERVISOR, ("pegawai", "biro_sdm"), SUPERVISOR)
        assert found.has_password
        without = tx.people.get(EMPLOYEE)
        assert without is not None
        assert (without.login, without.active, without.has_password) == (None, None, False)
        assert tx.people.get("0") is None
        assert tx.people.counts() == (3, 1)
        everybody = [person.nip for person in tx.people.search(limit=10)]
        assert [person.nip for person in tx.people.search(offset=1, limit=1)] == everybody[1:2]


def test_a_role_that_is_part_of_anothers_name_is_not_taken_for_it(store: Store) -> None:
    register(store)
    with store.transaction() as tx:
        tx.employees.set_roles(SUPERVISOR, ("pegawai", "administrasi"))
    with store.reading() as tx:
        assert tx.people.search(role="admin") == []


def test_only_an_open_account_can_use_a_role(store: Store) -> None:
    register(store)
    with store.transaction() as tx:
        tx.employees.set_roles(EMPLOYEE, ("pegawai", "admin"))
        tx.employees.set_roles(SUPERVISOR, ("pegawai", "admin"))
        tx.accounts.add(account(EMPLOYEE, active=False))
        assert tx.people.who_can("admin") == []
        tx.accounts.add(account(SUPERVISOR))
        assert [person.nip for person in tx.people.who_can("admin")] == [SUPERVISOR]
