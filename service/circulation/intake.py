"""A signed file comes back: kept first, judged by the whole proof, and the form moves to whoever signs next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from service.circulation.errors import Stale
from service.circulation.history import note
from service.circulation.returns import tell_next
from service.circulation.turns import Json, Means, dues_of_record, in_order, next_due
from service.gateway.calls import settle_by_file
from service.people.enrolment import propose_unknown
from service.sandbox.limits import GaveUp
from service.store import WriteTransaction
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
    # (3) Everybody has signed: handed in at once. What is killed before is handed in by `settle`.
    return hand_in(taken, means=means, actor=actor) if taken.outcome is Outcome.COMPLETE else taken


def _weighed(tx: WriteTransaction, handed: _Handed) -> Taken | None:
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


def _advanced(tx: WriteTransaction, kept: Circulation, handed: _Handed, plain: Taken) -> Taken | None:
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


def _unmoved(tx: WriteTransaction, kept: Circulation, handed: _Handed, plain: Taken, outcome: Outcome) -> Taken:
    note(tx, handed.means, handed.actor, outcome.value, kept.serial, digest=handed.digest, signed=list(handed.signed))
    return replace(plain, outcome=outcome)


def _set_aside(tx: WriteTransaction, kept: Circulation, handed: _Handed, plain: Taken) -> Taken | None:
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


# --- What became of a file somebody handed in for a form on its way; whatever it is, the file is kept


class Outcome(StrEnum):
    """ADVANCED and COMPLETE (everybody has signed; see `submission`) moved the form, ALREADY was known before.

    UNKNOWN_SIGNER waits for an enrolment by itself. The others moved nothing: REFUSED (see `reasons`), UNREAD (the
    reader gave up), UNSIGNED (no new signature), OUT_OF_TURN, UNKNOWN_NEXT (who should sign next is not in the staff
    register), OTHER_FORM (another serial than asked for), NOT_CIRCULATING (no form on its way has this serial: it may
    be submitted directly), ENDED (submitted or withdrawn).
    """

    ADVANCED = "advanced"
    COMPLETE = "complete"
    ALREADY = "already"
    UNKNOWN_SIGNER = "unknown_signer"
    REFUSED = "refused"
    UNREAD = "unread"
    UNSIGNED = "unsigned"
    OUT_OF_TURN = "out_of_turn"
    UNKNOWN_NEXT = "unknown_next"
    OTHER_FORM = "other_form"
    NOT_CIRCULATING = "not_circulating"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """`digest` is what the file is kept under, `reasons` those of `verify` (contract) that speak about it.

    `circulation` as it is now; `submission` the answer of `submit`, once the form was handed in; `warnings` what the
    signer should read.
    """

    outcome: Outcome
    digest: str
    serial: str | None = None
    circulation: Circulation | None = None
    reasons: tuple[Mapping[str, Any], ...] = ()
    submission: Mapping[str, Any] | None = None
    warnings: tuple[str, ...] = ()

    @property
    def moved(self) -> bool:
        return self.outcome in {Outcome.ADVANCED, Outcome.COMPLETE}


# --- Everybody has signed: the form is handed in, once; what a killed process or an unknown signer left is taken up


def hand_in(taken: Taken, *, means: Means, actor: str) -> Taken:
    """Submit the complete form. When the reader gives up it stays complete, and `settle` tries again."""
    assert taken.circulation is not None
    try:
        circulation, submission = _submitted(taken.circulation, means=means, actor=actor)
    except GaveUp:
        return taken
    return replace(taken, circulation=circulation, submission=submission)


def settle(*, means: Means, actor: str) -> int:
    """Hand in what is complete and was left there; how many. A worker calls it when it starts and now and then."""
    with means.store.reading() as tx:
        left = [each.circulation for each in tx.circulations.complete()]
    done = 0
    for circulation in left:
        try:
            _submitted(circulation, means=means, actor=actor)
        except GaveUp:
            continue
        done += 1
    return done


def _submitted(circulation: Circulation, *, means: Means, actor: str) -> tuple[Circulation, Json]:
    content = means.store.document(circulation.digest)
    submission = means.submit(content, f"{circulation.serial}.pdf", actor)
    with means.store.transaction() as tx:
        kept = tx.circulations.get(circulation.serial) or circulation
        # What was verified ended its way together with the submission; what was refused ends it here.
        if kept.state is State.COMPLETE and tx.circulations.close(kept.serial, submission["submission"], means.clock()):
            detail = {"submission": submission["submission"], "status": submission["status"]}
            note(tx, means, actor, "submitted", kept.serial, **detail)
            kept = tx.circulations.get(kept.serial) or kept
    return kept, submission


# --- Files whose signer nobody knew are looked at once more when an enrolment may have told whose signature it is


def reconsider(*, means: Means, actor: str, serial: str | None = None) -> tuple[Taken, ...]:
    """Take up the files that wait, of one form or all; those that moved their form or were refused at last."""
    with means.store.reading() as tx:
        waiting = [
            each.circulation for each in tx.circulations.unsettled() if serial in {None, each.circulation.serial}
        ]
    found = []
    for each in waiting:
        content = means.store.document(each.unsettled_digest or "")
        found.append(take_signed(content, f"{each.serial}.pdf", means=means, actor=actor, serial=each.serial))
    return tuple(taken for taken in found if taken.outcome is not Outcome.UNKNOWN_SIGNER)
