"""Whose turn it is to move a form, in person or as somebody's Plt. or Plh., and what waits for a person."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from service.circulation.errors import not_found, not_now
from service.errors import NotGranted
from service.standing import acting, holds
from service.store import Transaction
from service.store.circulations import WITH_EMPLOYEE, Circulation, Listed, State
from service.store.delegations import Delegation

_ALL_ROLES = ("pegawai", "pembimbing", "atasan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Somebody whose turn it is with this form; `delegation` when they stand in for the official it names."""

    circulation: Circulation
    delegation: Delegation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A form that waits for somebody's signature; `instead_of` is the official they would sign for."""

    listed: Listed
    instead_of: str | None


def require_turn(tx: Transaction, serial: str, actor: str, *, now: dt.datetime, zone: ZoneInfo) -> Mover:
    """The form, if it is the actor's turn to sign it or send it back; NotGranted with whose turn it is."""
    kept = tx.circulations.get(serial)
    if kept is None:
        raise not_found(serial)
    if kept.state in WITH_EMPLOYEE and kept.employee_nip == actor:
        return Mover(circulation=kept, delegation=None)
    if kept.state is not State.AWAITING:
        raise not_now(kept.state)
    if kept.awaits_nip == actor:
        return Mover(circulation=kept, delegation=None)
    delegation = stands_in(tx, kept, actor, now=now, zone=zone)
    if delegation is None:
        whose = tx.employees.get(kept.awaits_nip or "")
        raise NotGranted(
            f"Sekarang giliran {whose.name if whose else kept.awaits_nip} menandatangani formulir ini.",
            "Tunggu sampai gilirannya selesai; Anda akan diberi tahu.",
        )
    return Mover(circulation=kept, delegation=delegation)


def stands_in(tx: Transaction, kept: Circulation, nip: str, *, now: dt.datetime, zone: ZoneInfo) -> Delegation | None:
    """The delegation by which this person may sign now; nobody the form names stands in for another it names."""
    blank = tx.blanks.find(kept.serial)
    if kept.awaits_nip is None or blank is None:
        return None
    if nip in {blank.employee_nip, blank.pembimbing_nip, blank.supervisor_nip}:
        return None
    given = [each for each in tx.delegations.between(kept.awaits_nip, nip) if kept.awaits in each.scope]
    return next((each for each in given if holds(each, now, zone)), None)


def waiting(tx: Transaction, nip: str, *, now: dt.datetime, zone: ZoneInfo) -> tuple[Waiting, ...]:
    """What this person may sign now, longest waiting first; also for officials they stand in for."""
    given = acting(tx, nip, now=now, zone=zone)
    found = tx.circulations.waiting([(nip, _ALL_ROLES), *((each.from_nip, each.scope) for each in given)])
    listed = [each for each in found if signs(tx, each.circulation, nip, now=now, zone=zone)]
    return tuple(
        Waiting(listed=each, instead_of=None if each.circulation.awaits_nip == nip else each.circulation.awaits_nip)
        for each in listed
    )


def signs(tx: Transaction, kept: Circulation, nip: str, *, now: dt.datetime, zone: ZoneInfo) -> bool:
    return kept.awaits_nip == nip or stands_in(tx, kept, nip, now=now, zone=zone) is not None
