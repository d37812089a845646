"""Roles of the staff register: setting them, with a witness: a second admin for the powerful ones, and messages."""

from __future__ import annotations

from collections.abc import Sequence

from service.accounts.accounts import require_another_admin
from service.accounts.login import AccountContext
from service.errors import BadInput, NotGranted
from service.identifiers import short_id
from service.notifications.messages import notify_roles_asked
from service.people.staff import ADMIN_GIVES, ROLES, tell_of_roles
from service.records import EmployeeEntry, Event
from service.store import Transaction, WriteTransaction
from service.store.confirmations import Confirmation, Confirming

_TWO = 2


def set_roles(
    nip: str, roles: Sequence[str], *, account_context: AccountContext, actor: str, second_admin: bool | None = None
) -> Confirmation | None:
    """Set exactly these roles (everybody is `pegawai`), or ask a second admin to: returns what waits, None when done.

    Giving and taking the roles of Biro SDM and admin needs a second admin: `second_admin`; None: when there are two.
    BadInput for an unknown NIP or role. NotGranted when nobody with an open account could give roles any more.
    """
    unknown = sorted(set(roles) - set(ROLES))
    if unknown:
        raise BadInput("role_unknown", role=unknown[0], roles=ROLES)
    wanted = tuple(role for role in ROLES if role == "pegawai" or role in roles)
    now = account_context.clock()
    with account_context.store.transaction() as tx:
        before = _known(nip, tx)
        if "admin" in before.roles and "admin" not in wanted:
            require_another_admin(nip, tx)
        if set(before.roles) == set(wanted):
            return None
        powerful = ADMIN_GIVES & (set(before.roles) ^ set(wanted))
        if not powerful or not _needs_another(second_admin, tx):
            _carry_out(before, wanted, tx, account_context=account_context, actor=actor)
            return None
        if tx.confirmations.waiting(Confirming.ROLES, nip):
            raise NotGranted("roles_wait_already", name=before.name)
        asked = Confirmation(
            id=short_id("R", account_context.randomness),
            kind=Confirming.ROLES,
            subject=nip,
            reason="",
            asked_at=now,
            asked_by=actor,
            detail={"before": list(before.roles), "after": list(wanted)},
        )
        tx.confirmations.add(asked)
        tx.events.append(Event(at=now, actor=actor, action="roles.asked", subject=nip, detail=asked.detail))
        others = [person.nip for person in tx.people.who_can("admin") if person.nip != actor]
        notify_roles_asked(tx, nips=others, person_nip=nip, asked=asked.id, now=now)
    return asked


def confirm_roles(nip: str, *, account_context: AccountContext, actor: str) -> None:
    """Carry out what another admin asked for; NotGranted for who asked, or when the roles changed meanwhile."""
    now = account_context.clock()
    with account_context.store.transaction() as tx:
        asked, before = _waiting(nip, tx), _known(nip, tx)
        if asked.asked_by == actor:
            raise NotGranted("roles_need_another")
        if set(before.roles) != set(asked.detail["before"]):
            raise NotGranted("roles_changed_meanwhile", name=before.name)
        wanted = tuple(asked.detail["after"])
        if "admin" in before.roles and "admin" not in wanted:
            require_another_admin(nip, tx)
        tx.confirmations.end(asked.id, "confirmed", now, actor)
        _carry_out(before, wanted, tx, account_context=account_context, actor=actor, asked_by=asked.asked_by)


def decline_roles(nip: str, *, account_context: AccountContext, actor: str) -> None:
    """Leave the roles as they are; who asked may take it back too."""
    now = account_context.clock()
    with account_context.store.transaction() as tx:
        asked = _waiting(nip, tx)
        tx.confirmations.end(asked.id, "declined", now, actor)
        tx.events.append(Event(at=now, actor=actor, action="roles.declined", subject=nip, detail=asked.detail))


def _needs_another(setting: bool | None, tx: Transaction) -> bool:
    """Tell whether a second admin confirms. A closed account counts: closing it must not make its closer alone."""
    if setting is not None:
        return setting
    return len([row for row in tx.people.search(role="admin", limit=_MANY) if row.login is not None]) >= _TWO


_MANY = 1000


def _carry_out(
    before: EmployeeEntry,
    wanted: tuple[str, ...],
    tx: WriteTransaction,
    *,
    account_context: AccountContext,
    actor: str,
    asked_by: str | None = None,
) -> None:
    now = account_context.clock()
    tx.employees.set_roles(before.nip, wanted)
    detail = {"before": list(before.roles), "after": list(wanted)} | ({"asked_by": asked_by} if asked_by else {})
    tx.events.append(Event(at=now, actor=actor, action="employee.roles_set", subject=before.nip, detail=detail))
    tell_of_roles(before.nip, tx, actor=actor, asked_by=asked_by, now=now)


def _waiting(nip: str, tx: Transaction) -> Confirmation:
    found = tx.confirmations.waiting(Confirming.ROLES, nip)
    if not found:
        raise NotGranted("roles_not_asked")
    return found[0]


def _known(nip: str, tx: Transaction) -> EmployeeEntry:
    found = tx.employees.get(nip)
    if found is None:
        raise BadInput("nip_unknown.to_import", nip=nip)
    return found
