"""Whose turn it is to move a form, in person or as somebody's Plt. or Plh., and what waits for a person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from forms.schema import Role
from service.blanks import Press
from service.circulation.errors import not_found, not_now
from service.errors import NotGranted
from service.form_signing import acting
from service.records import BlankEntry, Decision, Status, Submission
from service.store import Store, Transaction
from service.store.circulations import WITH_EMPLOYEE, Circulation, ListedCirculation, State
from service.store.delegations import Delegation, is_in_force

_ALL_ROLES = ("pegawai", "pembimbing", "atasan")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Somebody whose turn it is with this form; `delegation` when they stand in for the official it names."""

    circulation: Circulation
    delegation: Delegation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A form that waits for somebody's signature; `instead_of` is the official they would sign for."""

    listed: ListedCirculation
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
    return next((each for each in given if is_in_force(each, now, zone)), None)


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


# --- Whose signature is due: employee, then pembimbing, then direct supervisor; one person signs once for all roles


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One signature: whose, in which slot (`role`), and for which roles it stands (a coach is the supervisor)."""

    role: Role
    roles: tuple[Role, ...]
    nip: str


def dues_of_blank(blank: BlankEntry) -> tuple[Due, ...]:
    """The signatures a blank was made for."""
    return _dues(blank.employee_nip, blank.pembimbing_nip, blank.supervisor_nip)


def dues_of_record(record: Mapping[str, Any]) -> tuple[Due, ...]:
    """The signatures a record (contract) asks for, by the people its form names."""
    pembimbing = record["pembimbing"]
    return _dues(record["employee"]["nip"], pembimbing and pembimbing["nip"], record["supervisor"]["nip"])


def next_due(dues: tuple[Due, ...], signed: Collection[str]) -> Due | None:
    """The first that is missing; None when everybody has signed.

    Somebody who stood in for one of two roles of a person leaves the other due.
    """
    for due in dues:
        missing = [role for role in due.roles if role.value not in signed]
        if missing:
            return replace(due, role=missing[-1])
    return None


def in_order(dues: tuple[Due, ...], signed: Collection[str]) -> bool:
    """Whether nobody signed before somebody who was due earlier."""
    begun = [any(role.value in signed for role in due.roles) for due in dues]
    return begun == sorted(begun, reverse=True)


def _dues(employee: str, pembimbing: str | None, supervisor: str) -> tuple[Due, ...]:
    dues: dict[str, Due] = {}
    for role, nip in zip(Role, (employee, pembimbing, supervisor), strict=True):
        if nip:
            held = dues[nip].roles if nip in dues else ()
            dues[nip] = Due(role=role, roles=(*held, role), nip=nip)
    return tuple(dues.values())


# --- Whom it concerns that a form waits


def hears(tx: Transaction, kept: Circulation, *, now: dt.datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """Whose turn it is, and whoever may sign for them now."""
    if kept.awaits_nip is None:
        return ()
    others = [each.to_nip for each in tx.delegations.of(kept.awaits_nip) if each.from_nip == kept.awaits_nip]
    return (kept.awaits_nip, *(nip for nip in dict.fromkeys(others) if signs(tx, kept, nip, now=now, zone=zone)))


# --- What comes next for a form and by whom, as values; the words are the pages'


class Action(StrEnum):
    """What is to be done.

    FILL: finish and sign the draft (after a return: improve it); SIGN; ENROL: somebody confirms whose certificate it
    is; WAIT: the house is at work; LOOK and VALIDATE: Biro SDM; AGAIN: begin once more from what was typed; CONTINUE:
    see the form that replaces this one; NOTHING.
    """

    FILL = "fill"
    SIGN = "sign"
    ENROL = "enrol"
    WAIT = "wait"
    LOOK = "look"
    VALIDATE = "validate"
    AGAIN = "again"
    CONTINUE = "continue"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """By whom: `nip` is the person, None for Biro SDM or the house; `mine` when it is the viewer's to do.

    `role` of the signature that is awaited, `serial` of the form to continue with.
    """

    action: Action
    nip: str | None = None
    role: str | None = None
    serial: str | None = None
    mine: bool = False


def next_step(tx: Transaction, circulation: Circulation, viewer: str, *, may_sign: bool = False) -> NextStep:
    """What is to be done by whom. `may_sign`: the viewer signs for whoever it waits for (`stands_in`)."""
    employee = circulation.employee_nip
    if circulation.unsettled_digest:
        return NextStep(action=Action.ENROL)
    if circulation.state in WITH_EMPLOYEE:
        return NextStep(action=Action.FILL, nip=employee, mine=viewer == employee)
    if circulation.state is State.AWAITING:
        nip = circulation.awaits_nip
        return NextStep(action=Action.SIGN, nip=nip, role=circulation.awaits, mine=may_sign or viewer == nip)
    if circulation.state is State.COMPLETE:
        return NextStep(action=Action.WAIT)
    successor = tx.circulations.successor(circulation.serial)
    if successor is not None:
        return NextStep(
            action=Action.CONTINUE, nip=employee, serial=successor.serial, mine=viewer == successor.employee_nip
        )
    submission = tx.submissions.get(circulation.submission_id) if circulation.submission_id else None
    return _after(submission, employee, viewer)


def _after(submission: Submission | None, employee: str, viewer: str) -> NextStep:
    again = NextStep(action=Action.AGAIN, nip=employee, mine=viewer == employee)
    if submission is None or submission.status is Status.REFUSED or submission.decision is Decision.REJECTED:
        return again
    if submission.decision is Decision.APPROVED:
        return NextStep(action=Action.NOTHING)
    actions = {Status.RECEIVED: Action.WAIT, Status.REVIEW: Action.LOOK}
    return NextStep(action=actions.get(submission.status, Action.VALIDATE))


# --- What the circulation works with, handed in by the door: store, clock, and whatever reads strangers' files

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOrder:
    """One signature to make with a key file that lives in memory for this one action.

    `enrolled`: fingerprints of the signer certificates that are the actor's; `delegation`: by which they stand in for
    the official the form names.
    """

    content: bytes = field(repr=False)
    role: str
    actor: str
    actor_name: str
    delegation: Delegation | None
    key: bytes = field(repr=False)
    passphrase: bytes = field(repr=False)
    enrolled: frozenset[str]
    at: dt.datetime
    zone: ZoneInfo


class Signing(Protocol):
    """Makes the signature; the signed bytes, and sentences the signer should read."""

    def __call__(self, order: KeyOrder, /) -> tuple[bytes, tuple[str, ...]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """One door's circulation. `judge`, `submit`, `read` and `sign` see strangers' bytes: the door confines them.

    `judge(content, file_name)` gives the answer of `verify` and keeps nothing, `submit(content, file_name, actor)` that
    of `submit` (contract); `read(content)` gives the raw answers of a form that was filled elsewhere.
    """

    store: Store
    press: Press
    zone: ZoneInfo
    clock: Callable[[], dt.datetime]
    randomness: Callable[[int], bytes]
    judge: Callable[[bytes, str], Json]
    submit: Callable[[bytes, str, str], Json]
    read: Callable[[bytes], Mapping[str, str]]
    sign: Signing
