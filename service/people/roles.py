"""Roles of the staff register: setting them, with an event in the log."""

from __future__ import annotations

from collections.abc import Sequence

from service.accounts.accounts import require_another_admin
from service.accounts.login import AccountContext
from service.errors import BadInput
from service.people.staff import ROLES
from service.records import Event


def set_roles(nip: str, roles: Sequence[str], *, account_context: AccountContext, actor: str) -> tuple[str, ...]:
    """Set exactly these roles (everybody is `pegawai`) and return them in order.

    BadInput for an unknown NIP or role. NotGranted when nobody with an open account could give roles any more.
    """
    unknown = sorted(set(roles) - set(ROLES))
    if unknown:
        raise BadInput(f"Peran “{unknown[0]}” tidak dikenal.", f"Pilih dari: {', '.join(ROLES)}.")
    wanted = tuple(role for role in ROLES if role == "pegawai" or role in roles)
    with account_context.store.transaction() as tx:
        before = tx.employees.get(nip)
        if before is None:
            raise BadInput(f"NIP {nip} tidak ada pada data kepegawaian.", "Impor pegawainya lebih dahulu.")
        if "admin" in before.roles and "admin" not in wanted:
            require_another_admin(nip, tx)
        if set(before.roles) != set(wanted):
            tx.employees.set_roles(nip, wanted)
            detail = {"before": list(before.roles), "after": list(wanted)}
            tx.events.append(
                Event(at=account_context.clock(), actor=actor, action="employee.roles_set", subject=nip, detail=detail)
            )
    return wanted
