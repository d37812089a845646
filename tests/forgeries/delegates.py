"""Signatures by delegates outside the days, the roles or the people of their delegation.

All of them are made in one office and delegations stay there, so every one has a new employee of its own.
"""

from __future__ import annotations

import datetime as dt

from forgeries.impostors import Attempt, Impostor, attempt, authority
from service.people.delegations import end_delegation
from signing.demo_authority import IssuedKey
from signing.sign import sign
from support.delegates import DAY, TODAY, add_delegate, key_of, signed_for, store_delegation
from support.office import CAHYA, DIAH, HERI, NOW, Office, keys, person
from support.pki import CURVE


def delegate_after_the_last_day(office: Office) -> Attempt:
    """A trusted time stamp proves the day."""
    nip, issued = _newcomer(office, 1)
    add_delegate(office, nip)
    return attempt(office, signed_for(office, issued, at=NOW + DAY, stamped=True), now=NOW + 2 * DAY)


def delegate_before_the_first_day(office: Office) -> Attempt:
    nip, issued = _newcomer(office, 2)
    add_delegate(office, nip, starts=TODAY + DAY, ends=TODAY + 2 * DAY)
    return attempt(office, signed_for(office, issued))


def delegate_who_says_it_was_yesterday(office: Office) -> Attempt:
    """The delegation is over, and only the delegate's own clock says that it was not."""
    nip, issued = _newcomer(office, 3)
    add_delegate(office, nip)
    return attempt(office, signed_for(office, issued), now=NOW + 2 * DAY)


def delegate_of_another_role(office: Office) -> Attempt:
    nip, issued = _newcomer(office, 4)
    add_delegate(office, nip, scope=("pembimbing",))
    return attempt(office, signed_for(office, issued, kind="mentoring"))


def delegate_for_half_of_the_coach_who_supervises(office: Office) -> Attempt:
    nip, issued = _newcomer(office, 5)
    add_delegate(office, nip, scope=("atasan",))
    return attempt(office, signed_for(office, issued, field=None))


def delegate_of_another_official(office: Office) -> Attempt:
    nip, issued = _newcomer(office, 6)
    add_delegate(office, nip, from_nip=HERI)
    return attempt(office, signed_for(office, issued, kind="mentoring"))


def delegate_whose_delegation_was_ended(office: Office) -> Attempt:
    nip, issued = _newcomer(office, 7)
    made = add_delegate(office, nip)
    end_delegation(made.id, store=office.store, now=NOW - dt.timedelta(hours=1), actor="biro", by=None)
    return attempt(office, signed_for(office, issued, stamped=True))


def delegate_of_a_delegate(office: Office) -> Attempt:
    between, _ = _newcomer(office, 8)
    nip, issued = _newcomer(office, 9)
    add_delegate(office, between)
    add_delegate(office, nip, from_nip=between)
    return attempt(office, signed_for(office, issued))


def employee_as_the_supervisor_s_delegate(office: Office) -> Attempt:
    store_delegation(office, CAHYA)
    return attempt(office, signed_for(office, keys().people[CAHYA]))


def employee_as_delegate_in_a_field_of_its_own(office: Office) -> Attempt:
    store_delegation(office, CAHYA, scope=("pembimbing", "atasan"))
    return attempt(office, signed_for(office, keys().people[CAHYA], field=None))


def mentor_as_the_supervisor_s_delegate(office: Office) -> Attempt:
    store_delegation(office, HERI)
    return attempt(office, signed_for(office, keys().people[HERI], kind="mentoring", field=None))


def delegate_of_the_employee(office: Office) -> Attempt:
    nip, issued = _newcomer(office, 10)
    store_delegation(office, nip, from_nip=CAHYA, scope=("pegawai", "pembimbing", "atasan"))
    return attempt(office, _in_the_employee_s_slot(office, issued))


def delegate_in_the_employee_s_slot(office: Office) -> Attempt:
    nip, issued = _newcomer(office, 11)
    add_delegate(office, nip)
    return attempt(office, _in_the_employee_s_slot(office, issued))


def delegate_nobody_enrolled(office: Office) -> Attempt:
    nip, _ = _newcomer(office, 12)
    add_delegate(office, nip)
    return attempt(office, signed_for(office, authority().person("Orang Contoh", curve=CURVE)))


def delegate_of_mentor_and_supervisor_in_both_slots(office: Office) -> Attempt:
    """Two approvals by one person."""
    nip, issued = _newcomer(office, 13)
    for official in (HERI, DIAH):
        add_delegate(office, nip, from_nip=official)
    content = _by_the_employee(office)
    for slot in ("ttd_pembimbing", "ttd_atasan"):
        content = sign(content, holder=issued.holder(), at=NOW, field=slot)
    return attempt(office, content)


def delegate_of_mentor_and_supervisor_in_fields_of_their_own(office: Office) -> Attempt:
    nip, issued = _newcomer(office, 14)
    for official in (HERI, DIAH):
        add_delegate(office, nip, from_nip=official)
    content = _by_the_employee(office)
    for second in range(2):
        content = sign(content, holder=issued.holder(), at=NOW + dt.timedelta(seconds=second), field=None)
    return attempt(office, content)


DELEGATES: tuple[Impostor, ...] = (
    delegate_of_mentor_and_supervisor_in_both_slots,
    delegate_of_mentor_and_supervisor_in_fields_of_their_own,
    delegate_after_the_last_day,
    delegate_before_the_first_day,
    delegate_who_says_it_was_yesterday,
    delegate_of_another_role,
    delegate_for_half_of_the_coach_who_supervises,
    delegate_of_another_official,
    delegate_whose_delegation_was_ended,
    delegate_of_a_delegate,
    employee_as_the_supervisor_s_delegate,
    employee_as_delegate_in_a_field_of_its_own,
    mentor_as_the_supervisor_s_delegate,
    delegate_of_the_employee,
    delegate_in_the_employee_s_slot,
    delegate_nobody_enrolled,
)


def _newcomer(office: Office, place: int) -> tuple[str, IssuedKey]:
    nip = f"1990010120150319{place:02}"
    with office.store.transaction() as tx:
        tx.employees.upsert([person(nip, "Orang Contoh")])
    return nip, key_of(office, nip, "Orang Contoh")


def _in_the_employee_s_slot(office: Office, issued: IssuedKey) -> bytes:
    content = sign(office.filled("coaching"), holder=issued.holder(), at=NOW, field="ttd_pegawai")
    return sign(content, holder=keys().people[DIAH].holder(), at=NOW, field="ttd_atasan")


def _by_the_employee(office: Office) -> bytes:
    return sign(office.filled("mentoring"), holder=keys().people[CAHYA].holder(), at=NOW, field="ttd_pegawai")
