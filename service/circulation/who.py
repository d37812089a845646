"""Who may move a form now: whoever it waits for, and what waits for a person."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from service.circulation.errors import not_found, not_now
from service.errors import NotGranted
from service.store import Transaction
from service.store.circulations import WITH_EMPLOYEE, Circulation, Listed, State

_ALL_ROLES = ("pegawai", "pembimbing", "atasan")


def require_turn(tx: Transaction, serial: str, actor: str, *, now: dt.datetime, zone: ZoneInfo) -> Circulation:
    """The form, if it is the actor's turn to sign it or send it back; NotGranted with whose turn it is."""
    kept = tx.circulations.get(serial)
    if kept is None:
        raise not_found(serial)
    if kept.state in WITH_EMPLOYEE:
        if kept.employee_nip != actor:
            raise not_now(kept.state)
        return kept
    if kept.state is not State.AWAITING:
        raise not_now(kept.state)
    if not _turn_of(tx, kept, actor, now=now, zone=zone):
        whose = tx.employees.get(kept.awaits_nip or "")
        raise NotGranted(
            f"Sekarang giliran {whose.name if whose else kept.awaits_nip} menandatangani formulir ini.",
            "Tunggu sampai gilirannya selesai; Anda akan diberi tahu.",
        )
    return kept


def waiting(tx: Transaction, nip: str, *, now: dt.datetime, zone: ZoneInfo) -> tuple[Listed, ...]:
    """What waits for this person's signature, longest waiting first."""
    return tuple(tx.circulations.waiting([(nip, _ALL_ROLES)]))


def _turn_of(tx: Transaction, kept: Circulation, actor: str, *, now: dt.datetime, zone: ZoneInfo) -> bool:
    return kept.awaits_nip == actor
