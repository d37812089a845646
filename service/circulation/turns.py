"""Who has to act on a circulating form next: signing order, turns and delegates, recipients, next step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Protocol
from zoneinfo import ZoneInfo

from forms.schema import Role
from service.blanks import BlankContext
from service.circulation.errors import not_found, not_now
from service.errors import NotGranted
from service.form_signing import active_delegations
from service.language import Message
from service.records import BlankEntry, Decision, Status, Submission
from service.sandbox.limits import GaveUp
from service.store import Store, Transaction
from service.store.circulations import WITH_EMPLOYEE, Circulation, ListedCirculation, State
from service.store.delegations import Delegation, is_in_force
from service.verification.result import ProofPayload

_ALL_ROLES = ("pegawai", "pembimbing", "atasan")

# --- Signing order


@dataclass(frozen=True, slots=True, kw_only=True)
class RequiredSignature:
    """One signature a form needs, in the slot of `role`.

    `roles` are all roles this person signs for: a coach who is the supervisor signs once.
    """

    role: Role
    roles: tuple[Role, ...]
    nip: str


def required_signatures(blank: BlankEntry) -> tuple[RequiredSignature, ...]:
    """Return the signatures a blank was made for, in signing order: employee, coach or mentor, supervisor."""
    return _in_signing_order(blank.employee_nip, blank.pembimbing_nip, blank.supervisor_nip)


def signatures_of_record(record: Mapping[str, Any]) -> tuple[RequiredSignature, ...]:
    """Return the signatures a record (contract) asks for, by the people its form names."""
    pembimbing = record["pembimbing"]
    return _in_signing_order(record["employee"]["nip"], pembimbing and pembimbing["nip"], record["supervisor"]["nip"])


def next_signature(required: tuple[RequiredSignature, ...], signed: Collection[str]) -> RequiredSignature | None:
    """Return the first missing signature, or None when the form is complete.

    A delegate who signed for one of two roles of a person leaves the other role to be signed.
    """
    for signature in required:
        missing = [role for role in signature.roles if role.value not in signed]
        if missing:
            return replace(signature, role=missing[-1])
    return None


def signed_in_order(required: tuple[RequiredSignature, ...], signed: Collection[str]) -> bool:
    """Tell whether nobody signed before somebody who comes earlier."""
    begun = [any(role.value in signed for role in signature.roles) for signature in required]
    return begun == sorted(begun, reverse=True)


def _in_signing_order(employee: str, pembimbing: str | None, supervisor: str) -> tuple[RequiredSignature, ...]:
    required: dict[str, RequiredSignature] = {}
    for role, nip in zip(Role, (employee, pembimbing, supervisor), strict=True):
        if nip:
            held = required[nip].roles if nip in required else ()
            required[nip] = RequiredSignature(role=role, roles=(*held, role), nip=nip)
    return tuple(required.values())


# --- Who may act


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A form somebody may move now; `delegation` when they sign for the official it names."""

    circulation: Circulation
    delegation: Delegation | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingForm:
    """A form that waits for somebody's signature; `instead_of` is the official they would sign for."""

    listed: ListedCirculation
    instead_of: str | None


def require_turn(tx: Transaction, serial: str, actor: str, *, now: dt.datetime, zone: ZoneInfo) -> Turn:
    """Return the form if the actor may sign it or send it back now, in person or as Plt. or Plh.

    Raises NotGranted, which names whose turn it is.
    """
    circulation = tx.circulations.get(serial)
    if circulation is None:
        raise not_found(serial)
    if circulation.state in WITH_EMPLOYEE and circulation.employee_nip == actor:
        return Turn(circulation=circulation, delegation=None)
    if circulation.state is not State.AWAITING:
        raise not_now(circulation.state)
    if circulation.awaits_nip == actor:
        return Turn(circulation=circulation, delegation=None)
    delegation = active_delegation(tx, circulation, actor, now=now, zone=zone)
    if delegation is None:
        awaited = tx.employees.get(circulation.awaits_nip or "")
        raise NotGranted("not_your_turn", awaited=awaited.name if awaited else circulation.awaits_nip or "")
    return Turn(circulation=circulation, delegation=delegation)


def active_delegation(
    tx: Transaction, circulation: Circulation, nip: str, *, now: dt.datetime, zone: ZoneInfo
) -> Delegation | None:
    """Return the delegation by which this person may sign now; nobody the form names signs for another it names."""
    blank = tx.blanks.find(circulation.serial)
    if circulation.awaits_nip is None or blank is None:
        return None
    if nip in {blank.employee_nip, blank.pembimbing_nip, blank.supervisor_nip}:
        return None
    for delegation in tx.delegations.between(circulation.awaits_nip, nip):
        if circulation.awaits in delegation.scope and is_in_force(delegation, now, zone):
            return delegation
    return None


def may_sign(tx: Transaction, circulation: Circulation, nip: str, *, now: dt.datetime, zone: ZoneInfo) -> bool:
    """Tell whether this person may sign the form now, in person or by delegation."""
    return circulation.awaits_nip == nip or active_delegation(tx, circulation, nip, now=now, zone=zone) is not None


def waiting(tx: Transaction, nip: str, *, now: dt.datetime, zone: ZoneInfo) -> tuple[WaitingForm, ...]:
    """Return what this person may sign now, longest waiting first; also for officials who delegated to them."""
    delegations = active_delegations(tx, nip, now=now, zone=zone)
    turns = [(nip, _ALL_ROLES), *((delegation.from_nip, delegation.scope) for delegation in delegations)]
    return tuple(
        WaitingForm(
            listed=listed, instead_of=None if listed.circulation.awaits_nip == nip else listed.circulation.awaits_nip
        )
        for listed in tx.circulations.waiting(turns)
        if may_sign(tx, listed.circulation, nip, now=now, zone=zone)
    )


def recipients(tx: Transaction, circulation: Circulation, *, now: dt.datetime, zone: ZoneInfo) -> tuple[str, ...]:
    """Return the NIPs to remind: the awaited signer and everyone who may sign for them now."""
    awaited = circulation.awaits_nip
    if awaited is None:
        return ()
    delegates = dict.fromkeys(
        delegation.to_nip for delegation in tx.delegations.of(awaited) if delegation.from_nip == awaited
    )
    return (awaited, *(nip for nip in delegates if may_sign(tx, circulation, nip, now=now, zone=zone)))


# --- Next step


class Action(StrEnum):
    """What is to be done; the words are made by the pages.

    FILL: finish and sign the draft (after a return: improve it); SIGN; ENROL: somebody confirms whose certificate it
    is; WAIT: the service is at work; LOOK and VALIDATE: Biro SDM; AGAIN: begin once more from what was typed; CONTINUE:
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
    """An action and its actor: `nip` is the person, None for Biro SDM or the service; `mine` if the viewer has to act.

    `role` of the signature that is awaited, `serial` of the form to continue with.
    """

    action: Action
    nip: str | None = None
    role: str | None = None
    serial: str | None = None
    mine: bool = False


def next_step(tx: Transaction, circulation: Circulation, viewer: str, *, may_sign: bool = False) -> NextStep:
    """Return what has to be done next, and by whom. `may_sign`: the viewer may sign for the awaited person."""
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


# --- Context

Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyOrder:
    """One signature to make with a key file that lives in memory for this one action.

    `enrolled`: fingerprints of the actor's signer certificates; `delegation`: by which they sign for the official the
    form names.
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
    """Makes a signature; returns the signed bytes and what the signer should read."""

    def __call__(self, order: KeyOrder, /) -> tuple[bytes, tuple[Message, ...]]: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CirculationContext:
    """What the functions of this package work with. `prove`, `read` and `sign` see strangers' bytes, in a sandbox.

    `prove(content, file_name)` proves a file and keeps nothing; `submit(content, file_name, actor, proof)` keeps a file
    with the proof that was made of it, or says that its reader gave up, and returns the object of `submit` (contract);
    `read(content)` returns the raw answers of a form that was filled elsewhere.
    """

    store: Store
    blank_context: BlankContext
    zone: ZoneInfo
    clock: Callable[[], dt.datetime]
    randomness: Callable[[int], bytes]
    prove: Callable[[bytes, str], ProofPayload]
    submit: Callable[[bytes, str, str, ProofPayload | GaveUp], Json]
    read: Callable[[bytes], Mapping[str, str]]
    sign: Signing
