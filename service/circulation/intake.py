"""A signed file comes back: kept first, judged by the whole proof, and the form moves to whoever signs next."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from service.circulation.errors import Stale
from service.circulation.history import note
from service.circulation.returns import tell_next
from service.circulation.turns import CirculationContext, Json, next_signature, signatures_of_record, signed_in_order
from service.gateway.calls import resolve_by_file
from service.people.enrolment import propose_unknown
from service.sandbox.limits import GaveUp
from service.store import Writing
from service.store.circulations import OPEN, Circulation, State
from service.verification.result import ProofPayload

_UNKNOWN, _UNPROVEN = "unknown_signer", "delegation_unproven"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Handed:
    """A file that was kept and proved. `revision`: of the form, as its signer saw it."""

    content: bytes = field(repr=False)
    digest: str
    serial: str
    told: Json
    context: CirculationContext
    actor: str
    revision: int | None

    @property
    def signed(self) -> tuple[str, ...]:
        return tuple(role for role, whose in self.told["roles"].items() if whose)


def accept_signed_file(
    content: bytes,
    file_name: str,
    *,
    context: CirculationContext,
    actor: str,
    serial: str | None = None,
    revision: int | None = None,
) -> IntakeResult:
    """Take a file that was signed here or elsewhere, recognised by its serial; the same file again changes nothing.

    Its signatures say whose they are, whoever hands it in. `serial`: the form it should be. With `revision` it is only
    taken while that is the form's newest: Stale otherwise (the bytes are kept all the same).
    """
    digest, proof = _kept_and_proved(content, file_name, context=context, actor=actor, serial=serial)
    return _accepted(content, digest, proof, context=context, actor=actor, serial=serial, revision=revision)


def accept_upload(content: bytes, file_name: str, *, context: CirculationContext, actor: str) -> IntakeResult | Json:
    """As `accept_signed_file`; a file that belongs to no form on its way is submitted by itself (the object of `submit`).

    The file is proved once, whichever it is.
    """
    digest, proof = _kept_and_proved(content, file_name, context=context, actor=actor, serial=None)
    taken = _accepted(content, digest, proof, context=context, actor=actor, serial=None, revision=None)
    return context.submit(content, file_name, actor, proof) if taken.outcome in _ON_ITS_OWN else taken


def _kept_and_proved(
    content: bytes, file_name: str, *, context: CirculationContext, actor: str, serial: str | None
) -> tuple[str, ProofPayload | GaveUp]:
    """Keep the bytes before anything else; then prove them in the sandbox, once."""
    digest = context.store.keep_document(content)
    with context.store.transaction() as tx:
        note(tx, context, actor, "kept", serial or digest, digest=digest, file=file_name)
    return digest, _proved(content, file_name, context)


def _proved(content: bytes, file_name: str, context: CirculationContext) -> ProofPayload | GaveUp:
    try:
        return context.prove(content, file_name)
    except GaveUp as error:
        return error


def _accepted(
    content: bytes,
    digest: str,
    proof: ProofPayload | GaveUp,
    *,
    context: CirculationContext,
    actor: str,
    serial: str | None,
    revision: int | None,
) -> IntakeResult:
    if isinstance(proof, GaveUp):
        gave_up = {"code": proof.code, "title": "Belum dapat diperiksa", "message": proof.message, "hint": proof.hint}
        return IntakeResult(outcome=Outcome.UNREAD, digest=digest, serial=serial, reasons=(gave_up,))
    told = proof.answer
    found = told["form"] and told["form"]["serial"]
    if not found:
        return IntakeResult(outcome=Outcome.REFUSED, digest=digest, serial=serial, reasons=tuple(told["reasons"]))
    if serial is not None and found != serial:
        return IntakeResult(outcome=Outcome.OTHER_FORM, digest=digest, serial=found)
    # What it means for the form, in one transaction; again when somebody else moved the form meanwhile.
    handed = _Handed(
        content=content, digest=digest, serial=found, told=told, context=context, actor=actor, revision=revision
    )
    taken = None
    while taken is None:
        with context.store.transaction() as tx:
            taken = _weighed(tx, handed)
    if taken.outcome is not Outcome.COMPLETE:
        return taken
    # Everybody has signed: handed in at once. What is killed before is handed in by `settle`. A file that is only the
    # beginning of the complete one was proved, and that one is still to be.
    assert taken.circulation is not None
    whole = proof if taken.circulation.digest == digest else None
    return hand_in(taken, whole, context=context, actor=actor)


def _weighed(tx: Writing, handed: _Handed) -> IntakeResult | None:
    """What the file does to the form as it is now; None when that changed in between."""
    kept = tx.circulations.get(handed.serial)
    plain = IntakeResult(outcome=Outcome.REFUSED, digest=handed.digest, serial=handed.serial, circulation=kept)
    if kept is None:
        return replace(plain, outcome=Outcome.NOT_CIRCULATING)
    if kept.signed and handed.context.store.document(kept.digest).startswith(handed.content):
        return replace(plain, outcome=Outcome.COMPLETE if kept.state is State.COMPLETE else Outcome.ALREADY)
    if kept.state not in OPEN:
        return replace(plain, outcome=Outcome.ENDED)
    reasons: tuple[Mapping[str, Any], ...] = tuple(handed.told["reasons"])
    against = tuple(each for each in reasons if each["weight"] == "failed" and each["code"] != "missing_signature")
    if against or handed.told["record"] is None:
        codes = [each["code"] for each in against]
        note(tx, handed.context, handed.actor, "refused", kept.serial, digest=handed.digest, reasons=codes)
        return replace(plain, reasons=against)
    told = replace(plain, reasons=tuple(each for each in reasons if each["code"] != "missing_signature"))
    if any(each["code"] == _UNKNOWN for each in reasons):
        return _set_aside(tx, kept, handed, told)
    return _advanced(tx, kept, handed, told)


def _advanced(tx: Writing, kept: Circulation, handed: _Handed, plain: IntakeResult) -> IntakeResult | None:
    signed, dues = handed.signed, signatures_of_record(handed.told["record"])
    due = next_signature(dues, signed)
    if due is not None and any(each["code"] == _UNPROVEN for each in plain.reasons):
        # By a Plt. or Plh. of whose day nobody can be certain: it goes on, and Biro SDM judges it at the end.
        signed = (*signed, *(role.value for role in due.roles if role.value not in signed))
        due = next_signature(dues, signed)
    if not set(signed) > set(kept.signed):
        return _unmoved(tx, kept, handed, plain, Outcome.UNSIGNED)
    if due is not None and not signed_in_order(dues, signed):
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
        changed_at=handed.context.clock(),
    )
    if not tx.circulations.change(moved):
        return None
    # Whatever call to the gateway may have made these signatures, its outcome is known now.
    resolve_by_file(tx, kept.serial, handed.told["roles"], digest=handed.digest, now=handed.context.clock())
    roles = {role: whose["nip"] for role, whose in handed.told["roles"].items() if whose and role not in kept.signed}
    note(tx, handed.context, handed.actor, "signed", kept.serial, digest=handed.digest, roles=roles)
    now_there = replace(moved, revision=kept.revision + 1)
    tell_next(tx, now_there, handed.context)
    return replace(plain, outcome=Outcome.COMPLETE if due is None else Outcome.ADVANCED, circulation=now_there)


def _unmoved(tx: Writing, kept: Circulation, handed: _Handed, plain: IntakeResult, outcome: Outcome) -> IntakeResult:
    note(tx, handed.context, handed.actor, outcome.value, kept.serial, digest=handed.digest, signed=list(handed.signed))
    return replace(plain, outcome=outcome)


def _set_aside(tx: Writing, kept: Circulation, handed: _Handed, plain: IntakeResult) -> IntakeResult | None:
    """Whose signature it is will be told by an enrolment; the form stays where it is, and the file waits."""
    waiting = replace(kept, unsettled_digest=handed.digest)
    if kept.unsettled_digest == handed.digest:
        return replace(plain, outcome=Outcome.UNKNOWN_SIGNER)
    if not tx.circulations.change(waiting):
        return None
    propose_unknown(tx, handed.told, seen_in=kept.serial, now=handed.context.clock())
    note(tx, handed.context, handed.actor, Outcome.UNKNOWN_SIGNER.value, kept.serial, digest=handed.digest)
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
class IntakeResult:
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


# The file belongs to no form on its way, or to one that has ended: it is a form handed in by itself.
_ON_ITS_OWN = {Outcome.NOT_CIRCULATING, Outcome.REFUSED, Outcome.UNREAD, Outcome.ENDED}


# --- Everybody has signed: the form is handed in, once; what a killed process or an unknown signer left is taken up


def hand_in(
    taken: IntakeResult, proof: ProofPayload | None, *, context: CirculationContext, actor: str
) -> IntakeResult:
    """Submit the complete form with the proof that was just made of it; without one it is proved first."""
    assert taken.circulation is not None
    circulation, submission = _submitted(taken.circulation, proof, context=context, actor=actor)
    return replace(taken, circulation=circulation, submission=submission)


def resume_handovers(*, context: CirculationContext, actor: str) -> int:
    """Hand in what is complete and was left there; how many. A worker calls it when it starts and now and then."""
    with context.store.reading() as tx:
        left = [each.circulation for each in tx.circulations.complete()]
    for circulation in left:
        _submitted(circulation, None, context=context, actor=actor)
    return len(left)


def _submitted(
    circulation: Circulation, proof: ProofPayload | None, *, context: CirculationContext, actor: str
) -> tuple[Circulation, Json]:
    content, file_name = context.store.document(circulation.digest), f"{circulation.serial}.pdf"
    submission = context.submit(content, file_name, actor, proof or _proved(content, file_name, context))
    with context.store.transaction() as tx:
        kept = tx.circulations.get(circulation.serial) or circulation
        # What was verified ended its way together with the submission; what was refused ends it here.
        if kept.state is State.COMPLETE and tx.circulations.close(
            kept.serial, submission["submission"], context.clock()
        ):
            detail = {"submission": submission["submission"], "status": submission["status"]}
            note(tx, context, actor, "submitted", kept.serial, **detail)
            kept = tx.circulations.get(kept.serial) or kept
    return kept, submission


# --- Files whose signer nobody knew are looked at once more when an enrolment may have told whose signature it is


def retry_unsettled(*, context: CirculationContext, actor: str, serial: str | None = None) -> tuple[IntakeResult, ...]:
    """Take up the files that wait, of one form or all; those that moved their form or were refused at last."""
    with context.store.reading() as tx:
        waiting = [
            each.circulation for each in tx.circulations.unsettled() if serial in {None, each.circulation.serial}
        ]
    found = []
    for each in waiting:
        content = context.store.document(each.unsettled_digest or "")
        found.append(
            accept_signed_file(content, f"{each.serial}.pdf", context=context, actor=actor, serial=each.serial)
        )
    return tuple(taken for taken in found if taken.outcome is not Outcome.UNKNOWN_SIGNER)
