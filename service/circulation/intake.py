"""Intake of a signed file: keep the bytes, prove them once, move the form to its next signer or hand it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from service.circulation.errors import Stale
from service.circulation.history import KEPT, note
from service.circulation.returns import notify_next
from service.circulation.turns import (
    CirculationContext,
    Json,
    RequiredSignature,
    next_signature,
    signatures_of_record,
    signed_in_order,
)
from service.language import Message
from service.language.message import params_json
from service.people.enrolment import propose_unknown
from service.sandbox.limits import GaveUp
from service.store import WriteTransaction
from service.store.circulations import OPEN, Circulation, State
from service.verification.result import ProofPayload


class Outcome(StrEnum):
    """What became of a file; whatever it is, the file is kept.

    ADVANCED and COMPLETE (everybody has signed; see `submission`) moved the form, ALREADY was known before.
    UNKNOWN_SIGNER waits for an enrolment by itself. The others moved nothing: REFUSED (see `reasons`), UNREAD (the
    reader gave up), UNSIGNED (no new signature), OUT_OF_TURN, UNKNOWN_NEXT (the next signer is not in the staff
    register), OTHER_FORM (another serial than asked for), NOT_CIRCULATING (no circulation has this serial: it may be
    submitted directly), ENDED (submitted or withdrawn).
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

    `circulation` as it is now; `submission` the object of `submit`, once the form was handed in; `warnings` are for the
    signer.
    """

    outcome: Outcome
    digest: str
    serial: str | None = None
    circulation: Circulation | None = None
    reasons: tuple[Mapping[str, Any], ...] = ()
    submission: Mapping[str, Any] | None = None
    warnings: tuple[Message, ...] = ()

    @property
    def moved(self) -> bool:
        return self.outcome in {Outcome.ADVANCED, Outcome.COMPLETE}


# The file belongs to no open circulation: it is a form handed in by itself.
_SUBMITTED_BY_ITSELF = {Outcome.NOT_CIRCULATING, Outcome.REFUSED, Outcome.UNREAD, Outcome.ENDED}
_UNKNOWN, _UNPROVEN = "unknown_signer", "delegation_unproven"


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

    Whose signatures it has is told by the signatures, not by who hands it in. `serial`: the form it should be. With
    `revision` it is only accepted while that is the form's newest: Stale otherwise (the bytes are kept all the same).
    """
    file = _kept_and_proved(content, file_name, context=context, actor=actor, expected_serial=serial, revision=revision)
    return _accept(file)


def accept_upload(content: bytes, file_name: str, *, context: CirculationContext, actor: str) -> IntakeResult | Json:
    """Take any uploaded file, proved once: as `accept_signed_file`, or submitted by itself (the object of `submit`)."""
    file = _kept_and_proved(content, file_name, context=context, actor=actor, expected_serial=None, revision=None)
    result = _accept(file)
    if result.outcome in _SUBMITTED_BY_ITSELF:
        return context.submit(content, file_name, actor, file.proof)
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class _ProvedFile:
    """A file that was kept and proved. `revision`: of the form, as its signer saw it."""

    content: bytes = field(repr=False)
    digest: str
    proof: ProofPayload | GaveUp
    context: CirculationContext
    actor: str
    expected_serial: str | None
    revision: int | None


def _kept_and_proved(
    content: bytes,
    file_name: str,
    *,
    context: CirculationContext,
    actor: str,
    expected_serial: str | None,
    revision: int | None,
) -> _ProvedFile:
    """Keep the bytes before anything else; then prove them in the sandbox, once."""
    digest = context.store.keep_document(content)
    with context.store.transaction() as tx:
        note(tx, context, actor, KEPT, expected_serial or digest, digest=digest, file=file_name)
    return _ProvedFile(
        content=content,
        digest=digest,
        proof=_proof_of(content, file_name, context),
        context=context,
        actor=actor,
        expected_serial=expected_serial,
        revision=revision,
    )


def _proof_of(content: bytes, file_name: str, context: CirculationContext) -> ProofPayload | GaveUp:
    try:
        return context.prove(content, file_name)
    except GaveUp as error:
        return error


def _accept(file: _ProvedFile) -> IntakeResult:
    context, proof, digest, expected = file.context, file.proof, file.digest, file.expected_serial
    if isinstance(proof, GaveUp):
        gave_up = {"code": proof.code, "params": params_json(proof.params)}
        return IntakeResult(outcome=Outcome.UNREAD, digest=digest, serial=expected, reasons=(gave_up,))
    answer = proof.answer
    serial = answer["form"] and answer["form"]["serial"]
    if not serial:
        return IntakeResult(outcome=Outcome.REFUSED, digest=digest, serial=expected, reasons=tuple(answer["reasons"]))
    if expected is not None and serial != expected:
        return IntakeResult(outcome=Outcome.OTHER_FORM, digest=digest, serial=serial)
    # One transaction moves the form; it is tried again when somebody else moved the form meanwhile.
    result = None
    while result is None:
        with context.store.transaction() as tx:
            result = _move(tx, serial, file, answer)
    if result.outcome is not Outcome.COMPLETE:
        return result
    # Everybody has signed: handed in at once; after a crash here, `resume_handovers` does it. A file that is only the
    # beginning of the complete one was proved, but that one was not.
    assert result.circulation is not None
    known = proof if result.circulation.digest == digest else None
    circulation, submission = _hand_in(result.circulation, known, context=context, actor=file.actor)
    return replace(result, circulation=circulation, submission=submission)


# --- Moving the form


def _move(tx: WriteTransaction, serial: str, file: _ProvedFile, answer: Json) -> IntakeResult | None:
    """Do to the form what the file means for it; None when somebody else changed the form at the same time."""
    circulation = tx.circulations.get(serial)
    result = IntakeResult(outcome=Outcome.REFUSED, digest=file.digest, serial=serial, circulation=circulation)
    if circulation is None:
        return replace(result, outcome=Outcome.NOT_CIRCULATING)
    if circulation.signed and file.context.store.document(circulation.digest).startswith(file.content):
        complete = circulation.state is State.COMPLETE
        return replace(result, outcome=Outcome.COMPLETE if complete else Outcome.ALREADY)
    if circulation.state not in OPEN:
        return replace(result, outcome=Outcome.ENDED)
    # The next signatures are still missing: that alone does not speak against the file.
    reasons = tuple(reason for reason in answer["reasons"] if reason["code"] != "missing_signature")
    failing = tuple(reason for reason in reasons if reason["weight"] == "failed")
    if failing or answer["record"] is None:
        codes = [reason["code"] for reason in failing]
        note(tx, file.context, file.actor, "refused", serial, digest=file.digest, reasons=codes)
        return replace(result, reasons=failing)
    result = replace(result, reasons=reasons)
    if any(reason["code"] == _UNKNOWN for reason in reasons):
        return _set_aside(tx, circulation, file, answer, result)
    return _advance(tx, circulation, file, answer, result)


def _advance(
    tx: WriteTransaction, circulation: Circulation, file: _ProvedFile, answer: Json, result: IntakeResult
) -> IntakeResult | None:
    """Move the form to the next signer, or to COMPLETE."""
    context, now = file.context, file.context.clock()
    signed = tuple(role for role, signer in answer["roles"].items() if signer)
    required = signatures_of_record(answer["record"])
    awaited = next_signature(required, signed)
    if awaited is not None and any(reason["code"] == _UNPROVEN for reason in result.reasons):
        # By a Plt. or Plh. whose day is not proven: the form goes on, and Biro SDM decides at the end.
        signed = (*signed, *(role.value for role in awaited.roles if role.value not in signed))
        awaited = next_signature(required, signed)
    outcome = _obstacle(tx, circulation, signed, in_order=signed_in_order(required, signed), awaited=awaited)
    if outcome is not None:
        # The event names the roles the file proves, without those that are only taken for signed.
        proven = [role for role, signer in answer["roles"].items() if signer]
        note(tx, context, file.actor, outcome.value, circulation.serial, digest=file.digest, signed=proven)
        return replace(result, outcome=outcome)
    if file.revision is not None and file.revision != circulation.revision:
        raise Stale(circulation)
    moved = replace(
        circulation,
        state=State.COMPLETE if awaited is None else State.AWAITING,
        awaits=awaited.role.value if awaited else None,
        awaits_nip=awaited.nip if awaited else None,
        signed=signed,
        digest=file.digest,
        unsettled_digest=None,
        changed_at=now,
    )
    if not tx.circulations.change(moved):
        return None
    # Whatever call to the gateway may have made these signatures, its outcome is known now.
    tx.gateway_calls.resolve_by_file(circulation.serial, answer["roles"], digest=file.digest, at=now)
    roles = {
        role: signer["nip"] for role, signer in answer["roles"].items() if signer and role not in circulation.signed
    }
    note(tx, context, file.actor, "signed", circulation.serial, digest=file.digest, roles=roles)
    moved = replace(moved, revision=circulation.revision + 1)
    notify_next(tx, moved, context)
    return replace(result, outcome=Outcome.COMPLETE if awaited is None else Outcome.ADVANCED, circulation=moved)


def _obstacle(
    tx: WriteTransaction,
    circulation: Circulation,
    signed: tuple[str, ...],
    *,
    in_order: bool,
    awaited: RequiredSignature | None,
) -> Outcome | None:
    """Return why the form stays where it is, None when it moves."""
    if not set(signed) > set(circulation.signed):
        return Outcome.UNSIGNED
    if awaited is not None and not in_order:
        return Outcome.OUT_OF_TURN
    if awaited is not None and tx.employees.get(awaited.nip) is None:
        return Outcome.UNKNOWN_NEXT
    return None


def _set_aside(
    tx: WriteTransaction, circulation: Circulation, file: _ProvedFile, answer: Json, result: IntakeResult
) -> IntakeResult | None:
    """Let the file wait until an enrolment tells whose signature it has; the form stays where it is."""
    result = replace(result, outcome=Outcome.UNKNOWN_SIGNER)
    if circulation.unsettled_digest == file.digest:
        return result
    waiting = replace(circulation, unsettled_digest=file.digest)
    if not tx.circulations.change(waiting):
        return None
    propose_unknown(tx, answer, seen_in=circulation.serial, now=file.context.clock())
    note(tx, file.context, file.actor, Outcome.UNKNOWN_SIGNER.value, circulation.serial, digest=file.digest)
    return replace(result, circulation=replace(waiting, revision=circulation.revision + 1))


# --- Handing in complete forms


def _hand_in(
    circulation: Circulation, proof: ProofPayload | None, *, context: CirculationContext, actor: str
) -> tuple[Circulation, Json]:
    """Submit a complete form, once; without a proof it is proved first. Return the form as it is then."""
    content, file_name = context.store.document(circulation.digest), f"{circulation.serial}.pdf"
    submission = context.submit(content, file_name, actor, proof or _proof_of(content, file_name, context))
    with context.store.transaction() as tx:
        now_kept = tx.circulations.get(circulation.serial) or circulation
        # A verified submission closed the circulation in its own transaction; a refused one closes it here.
        if now_kept.state is State.COMPLETE and tx.circulations.close(
            now_kept.serial, submission["submission"], context.clock()
        ):
            detail = {"submission": submission["submission"], "status": submission["status"]}
            note(tx, context, actor, "submitted", now_kept.serial, **detail)
            now_kept = tx.circulations.get(now_kept.serial) or now_kept
    return now_kept, submission


def resume_handovers(*, context: CirculationContext, actor: str) -> int:
    """Hand in the complete forms a killed process left; return how many. Called by a worker now and then."""
    with context.store.reading() as tx:
        complete = [listed.circulation for listed in tx.circulations.complete()]
    for circulation in complete:
        _hand_in(circulation, None, context=context, actor=actor)
    return len(complete)


def retry_unsettled(*, context: CirculationContext, actor: str, serial: str | None = None) -> tuple[IntakeResult, ...]:
    """Take up the files that wait for an enrolment, of one form or all; return those that wait no longer."""
    with context.store.reading() as tx:
        waiting = [
            listed.circulation for listed in tx.circulations.unsettled() if serial in {None, listed.circulation.serial}
        ]
    results = []
    for circulation in waiting:
        content, form = context.store.document(circulation.unsettled_digest or ""), circulation.serial
        results.append(accept_signed_file(content, f"{form}.pdf", context=context, actor=actor, serial=form))
    return tuple(result for result in results if result.outcome is not Outcome.UNKNOWN_SIGNER)
