"""Power has a witness: roles, passwords and standing in are told at once; the powerful ones need a second person."""

from __future__ import annotations

import datetime as dt
import secrets
from dataclasses import replace

import pytest

from service.accounts.accounts import reset_password, set_active
from service.errors import NotGranted
from service.people.delegations import agree_to_delegation, delegate
from service.people.roles import confirm_roles, decline_roles, set_roles
from service.store.delegations import Delegation, is_in_force
from support.office import CAHYA, DIAH, EKO, HERI, NOW, ZONE
from support.web_client import WebOffice, readable


def appoint(web: WebOffice, *admins: str) -> None:
    with web.office.store.transaction() as tx:
        for nip in admins:
            tx.employees.set_roles(nip, ("pegawai", "admin"))


def roles_of(web: WebOffice, nip: str) -> tuple[str, ...]:
    with web.office.store.reading() as tx:
        found = tx.employees.get(nip)
    assert found is not None
    return found.roles


def kinds(web: WebOffice, nip: str) -> list[str]:
    with web.office.store.reading() as tx:
        return [notification.kind for notification in tx.notifications.of(nip, 99)]


@pytest.mark.parametrize(
    ("admins", "setting", "roles", "waits"),
    [
        ((DIAH,), None, ("biro_sdm",), False),
        ((DIAH, EKO), None, ("biro_sdm",), True),
        ((DIAH, EKO), None, ("admin",), True),
        ((DIAH, EKO), None, ("pimpinan",), False),
        ((DIAH, EKO), False, ("admin",), False),
        ((DIAH,), True, ("admin",), True),
    ],
)
def test_roles_that_reach_everywhere_need_a_second_admin(
    web: WebOffice, admins: tuple[str, ...], setting: bool | None, roles: tuple[str, ...], waits: bool
) -> None:
    appoint(web, *admins)
    asked = set_roles(HERI, roles, account_context=web.account_context, actor=DIAH, second_admin=setting)
    assert (asked is not None) is waits
    assert (roles_of(web, HERI) == ("pegawai",)) is waits
    assert ("roles_set" in kinds(web, HERI)) is not waits


def test_a_role_given_to_oneself_is_seen_by_the_other_admins_and_held_until_one_agrees(web: WebOffice) -> None:
    appoint(web, DIAH, EKO)
    set_roles(DIAH, ("admin", "biro_sdm"), account_context=web.account_context, actor=DIAH)
    assert "roles_asked" in kinds(web, EKO)
    with pytest.raises(NotGranted) as own:
        confirm_roles(DIAH, account_context=web.account_context, actor=DIAH)
    assert own.value.code == "roles_need_another"
    assert roles_of(web, DIAH) == ("pegawai", "admin")
    confirm_roles(DIAH, account_context=web.account_context, actor=EKO)
    assert roles_of(web, DIAH) == ("pegawai", "biro_sdm", "admin")
    assert "roles_set" in kinds(web, DIAH)


def test_a_lone_admin_s_own_role_is_told_to_whoever_else_is_admin(web: WebOffice) -> None:
    appoint(web, DIAH, EKO)
    set_roles(DIAH, ("admin", "pimpinan"), account_context=web.account_context, actor=DIAH)
    assert "roles_set" in kinds(web, EKO)


def test_nobody_becomes_the_only_admin_by_closing_the_other_s_account(web: WebOffice) -> None:
    appoint(web, DIAH, EKO)
    set_active(EKO, active=False, account_context=web.account_context, actor=DIAH)
    assert set_roles(HERI, ("admin",), account_context=web.account_context, actor=DIAH) is not None
    assert set_roles(EKO, (), account_context=web.account_context, actor=DIAH) is not None


def test_a_declined_change_changes_nothing_and_one_of_old_roles_is_not_carried_out(web: WebOffice) -> None:
    appoint(web, DIAH, EKO)
    set_roles(HERI, ("biro_sdm",), account_context=web.account_context, actor=DIAH)
    with pytest.raises(NotGranted) as twice:
        set_roles(HERI, ("admin",), account_context=web.account_context, actor=EKO)
    assert twice.value.code == "roles_wait_already"
    set_roles(HERI, ("pimpinan",), account_context=web.account_context, actor=DIAH)
    with pytest.raises(NotGranted) as stale:
        confirm_roles(HERI, account_context=web.account_context, actor=EKO)
    assert stale.value.code == "roles_changed_meanwhile"
    decline_roles(HERI, account_context=web.account_context, actor=EKO)
    with pytest.raises(NotGranted) as over:
        confirm_roles(HERI, account_context=web.account_context, actor=EKO)
    assert over.value.code == "roles_not_asked"
    assert roles_of(web, HERI) == ("pegawai", "pimpinan")


def test_a_new_password_is_told_to_its_owner_and_of_the_powerful_to_the_other_admins(web: WebOffice) -> None:
    appoint(web, DIAH, EKO, HERI)
    reset_password(CAHYA, account_context=web.account_context, actor=DIAH)
    assert "password_reset" in kinds(web, CAHYA)
    assert "password_reset" not in kinds(web, EKO)
    reset_password(HERI, account_context=web.account_context, actor=DIAH)
    assert "password_reset" in kinds(web, HERI)
    assert "password_reset" in kinds(web, EKO)
    assert "password_reset" not in kinds(web, DIAH)


def made(web: WebOffice, days: int, *, by: str | None) -> Delegation:
    with web.office.store.reading() as tx:
        person = tx.employees.get(by) if by else None
    starts = NOW.astimezone(ZONE).date()
    return delegate(
        DIAH,
        EKO,
        kind="plt",
        scope=("atasan",),
        starts=starts,
        ends=starts + dt.timedelta(days=days - 1),
        reason="SP-1",
        store=web.office.store,
        now=NOW,
        zone=ZONE,
        randomness=secrets.token_bytes,
        actor=by or "cmb:uji",
        by=person and replace(person, roles=("pegawai", "biro_sdm")),
    )


@pytest.mark.parametrize(
    ("days", "by", "waits", "told"),
    [
        (92, HERI, False, "represented"),
        (93, HERI, True, "delegation_asked"),
        (93, None, True, "delegation_asked"),
        (93, DIAH, False, None),
        (1, None, False, "represented"),
    ],
)
def test_an_official_learns_who_stands_in_and_a_long_delegation_waits_for_the_yes(
    web: WebOffice, days: int, by: str | None, waits: bool, told: str | None
) -> None:
    delegation = made(web, days, by=by)
    assert delegation.waits is waits
    assert is_in_force(delegation, NOW, ZONE) is not waits
    assert ("delegated" in kinds(web, EKO)) is not waits
    found = [kind for kind in kinds(web, DIAH) if kind in {"represented", "delegation_asked"}]
    assert found == ([told] if told else [])


def test_only_the_official_agrees_and_from_then_on_it_holds(web: WebOffice) -> None:
    delegation = made(web, 200, by=HERI)
    later = NOW + dt.timedelta(hours=1)
    with web.office.store.reading() as tx:
        official, other = tx.employees.get(DIAH), tx.employees.get(EKO)
    assert official is not None
    assert other is not None
    with pytest.raises(NotGranted) as refused:
        agree_to_delegation(delegation.id, store=web.office.store, now=later, actor=EKO, by=other)
    assert refused.value.code == "consent_only_official"
    agreed = agree_to_delegation(delegation.id, store=web.office.store, now=later, actor=DIAH, by=official)
    assert not is_in_force(agreed, NOW, ZONE)
    assert is_in_force(agreed, later, ZONE)
    assert "delegated" in kinds(web, EKO)
    with pytest.raises(NotGranted) as twice:
        agree_to_delegation(delegation.id, store=web.office.store, now=later, actor=DIAH, by=official)
    assert twice.value.code == "consent_not_asked"


def test_pages_ask_and_agree(web: WebOffice) -> None:
    appoint(web, DIAH, EKO)
    path = f"/admin/pengguna/{HERI}"
    first, second = web.visit(DIAH), web.visit(EKO)
    page = readable(first.post(f"{path}/peran", at=path, peran="biro_sdm"))
    assert "menunggu persetujuan admin kedua" in page
    assert "Admin lain yang menyetujuinya" in page
    first.post(f"{path}/peran/putuskan", at=path, decision="confirm", expect=409)
    assert "Peran disimpan" in readable(second.post(f"{path}/peran/putuskan", at=path, decision="confirm"))
    assert roles_of(web, HERI) == ("pegawai", "biro_sdm")
    delegation = made(web, 120, by=HERI)
    mine = readable(first.get("/delegasi"))
    assert "Menunggu persetujuan pejabatnya" in mine
    assert "Delegasi disetujui" in readable(first.post(f"/delegasi/{delegation.id}/setujui", at="/delegasi"))
