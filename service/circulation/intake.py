"""A signed file comes back: kept first, judged by the whole proof, and the form moves to whoever signs next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from service.circulation.dues import dues_of_record, in_order, next_due
from service.circulation.errors import Stale
from service.circulation.finish import hand_in
from service.circulation.log import note
from service.circulation.means import Json, Means
from service.circulation.remind import tell_next
from service.circulation.taken import Outcome, Taken
from service.gateway.settle import settle_by_file
from service.limits import GaveUp
from service.proposals import propose_unknown
from service.store import Writing
from service.store.circulations import OPEN, Circulation, State

_UNKNOWN, _UNPROVEN = "unknown_signer", "delegation_unproven"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handed:
    """A file on the means. `revision`: of the form, as its signer saw it."""

    content: bytes = field(repr=False)
    digest: str
    serial: str
    told: Json
    means: Means
    actor: str
    revision: int | None

    @property
    def signed(self) -> tuple[str, ...]:
        return tuple(role for role, whose in self.told["roles"].items() if whose)


def take_signed(
    content: bytes, file_name: str, *, means: Means, actor: str, serial: str | None = None, revision: int | None = None
) -> Taken:
    """Take a file that was signed here or elsewhere, recognised by its serial; the same file again changes nothing.

    Its signatures say whose they are, whoever hands it in. `serial`: the form it should be. With `revision` it is only
    taken while that is the form's newest: Stale otherwise (the bytes are kept all the same).
    """
    # (0) The bytes before anything else; whatever happens next, they are there.
    digest = means.store.keep_document(content)
    with means.store.transaction() as tx:
        note(tx, means, actor, "kept", serial or digest, digest=digest, file=file_name)
    # (1) The whole proof, in a child.
    try:
        told = means.judge(content, file_name)
    except GaveUp as error:
        gave_up = {"code": error.code, "title": "Belum dapat diperiksa", "message": error.message, "hint": error.hint}
        return Taken(outcome=Outcome.UNREAD, digest=digest, serial=serial, reasons=(gave_up,))
    found = told["form"] and told["form"]["serial"]
    if not found:
        return Taken(outcome=Outcome.REFUSED, digest=digest, serial=serial, reasons=tuple(told["reasons"]))
    if serial is not None and found != serial:
        return Taken(outcome=Outcome.OTHER_FORM, digest=digest, serial=found)
    # (2) What it means for the form, in one transaction; again when somebody else moved the form meanwhile.
    handed = _Handed(
        content=content, digest=digest, serial=found, told=told, means=means, actor=actor, revision=revision
    )
    taken = None
    while taken is None:
        with means.store.transaction() as tx:
            taken = _weighed(tx, handed)
    # (3) Everybody has signed: handed in at once. What is killed before is handed in by `finish.settle`.
    return hand_in(taken, means=means, actor=actor) if taken.outcome is Outcome.COMPLETE else taken


def _weighed(tx: Writing, handed: _Handed) -> Taken | None:
    """What the file does to the form as it is now; None when that changed in between."""
    kept = tx.circulations.get(handed.serial)
    plain = Taken(outcome=Outcome.REFUSED, digest=handed.digest, serial=handed.serial, circulation=kept)
    if kept is None:
        return replace(plain, outcome=Outcome.NOT_CIRCULATING)
    if kept.signed and handed.means.store.document(kept.digest).startswith(handed.content):
        return replace(plain, outcome=Outcome.COMPLETE if kept.state is State.COMPLETE else Outcome.ALREADY)
    if kept.state not in OPEN:
        return replace(plain, outcome=Outcome.ENDED)
    reasons: tuple[Mapping[str, Any], ...] = tuple(handed.told["reasons"])
    against = tuple(each for each in reasons if each["weight"] == "failed" and each["code"] != "missing_signature")
    if against or handed.told["record"] is None:
        codes = [each["code"] for each in against]
        note(tx, handed.means, handed.actor, "refused", kept.serial, digest=handed.digest, reasons=codes)
        return replace(plain, reasons=against)
    told = replace(plain, reasons=tuple(each for each in reasons if each["code"] != "missing_signature"))
    if any(each["code"] == _UNKNOWN for each in reasons):
        return _set_aside(tx, kept, handed, told)
    return _advanced(tx, kept, handed, told)


def _advanced(tx: Writing, kept: Circulation, handed: _Handed, plain: Taken) -> Taken | None:
    signed, dues = handed.signed, dues_of_record(handed.told["record"])
    due = next_due(dues, signed)
    if due is not None and any(each["code"] == _UNPROVEN for each in plain.reasons):
        # By a Plt. or Plh. of whose day nobody can be certain: it goes on, and Biro SDM judges it at the end.
        signed = (*signed, *(role.value for role in due.roles if role.value not in signed))
        due = next_due(dues, signed)
    if not set(signed) > set(kept.signed):
        return _unmoved(tx, kept, handed, plain, Outcome.UNSIGNED)
    if due is not None and not in_order(dues, signed):
        return _unmoved(tx, kept, handed, plain, Outcome.OUT_OF_TURN)
    if due is not None and tx.employees.get(due.nip) is None:
        return _unmoved(tx, kept, handed, plain, Outcome.UNKNOWN_NEXT)
    if handed.revision is not None and handed.revision != kept.revision:
        raise Stale(kept)
    moved = replace(
        kept,
        state=State.COMPLETE if due is None else State.AWAITING,
        awaits=due.role.value if due else None,
        awaits_nip=due.nip if due else None,
        signed=signed,
        digest=handed.digest,
        unsettled_digest=None,
        changed_at=handed.means.clock(),
    )
    if not tx.circulations.change(moved):
        return None
    # Whatever call to the gateway may have made these signatures, its outcome is known now.
    settle_by_file(tx, kept.serial, handed.told["roles"], digest=handed.digest, now=handed.means.clock())
    roles = {role: whose["nip"] for role, whose in handed.told["roles"].items() if whose and role not in kept.signed}
    note(tx, handed.means, handed.actor, "signed", kept.serial, digest=handed.digest, roles=roles)
    now_there = replace(moved, revision=kept.revision + 1)
    tell_next(tx, now_there, handed.means)
    return replace(plain, outcome=Outcome.COMPLETE if due is None else Outcome.ADVANCED, circulation=now_there)


def _unmoved(tx: Writing, kept: Circulation, handed: _Handed, plain: Taken, outcome: Outcome) -> Taken:
    note(tx, handed.means, handed.actor, outcome.value, kept.serial, digest=handed.digest, signed=list(handed.signed))
    return replace(plain, outcome=outcome)


def _set_aside(tx: Writing, kept: Circulation, handed: _Handed, plain: Taken) -> Taken | None:
    """Whose signature it is will be told by an enrolment; the form stays where it is, and the file waits."""
    waiting = replace(kept, unsettled_digest=handed.digest)
    if kept.unsettled_digest == handed.digest:
        return replace(plain, outcome=Outcome.UNKNOWN_SIGNER)
    if not tx.circulations.change(waiting):
        return None
    propose_unknown(tx, handed.told, seen_in=kept.serial, now=handed.means.clock())
    note(tx, handed.means, handed.actor, Outcome.UNKNOWN_SIGNER.value, kept.serial, digest=handed.digest)
    now_there = replace(waiting, revision=kept.revision + 1)
    return replace(plain, outcome=Outcome.UNKNOWN_SIGNER, circulation=now_there)
