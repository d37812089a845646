"""One call to the gateway: keep the intention, send it once, examine the answer, keep the outcome."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Protocol, TypeVar

from service.errors import NotGranted
from service.identifiers import short_id
from service.language import Message
from service.language.message import kept_text, message_json, said_in
from service.names import Likeness, likeness
from service.records import Event
from service.store import Store, WriteTransaction
from service.store.delegations import Delegation
from service.store.errors import RowExists
from service.store.gateway_calls import CallOutcome, GatewayCall
from service.verification.prove import Moment
from signing.errors import SigningError
from signing.keys.bsre import Gateway, GatewayRefused, GatewayUnreachable, OutcomeUnknown, Signatory, SignRequest
from signing.policy import faults
from signing.report import Report, SignatureReport
from signing.trust import Trust
from signing.validation.inspect import inspect

# Longer than any call waits: a process that made one that long ago is gone.
_LONGEST_CALL = dt.timedelta(minutes=10)


def new_call(
    order: SigningOrder,
    gateway_context: GatewayContext,
    *,
    at: dt.datetime,
    serial: str | None = None,
    card_id: str | None = None,
) -> GatewayCall:
    """Return a call for this form or this card; its bytes are kept."""
    return GatewayCall(
        id=short_id("G", gateway_context.randomness),
        serial=serial,
        card_id=card_id,
        role=order.role,
        nip=order.actor,
        digest_before=gateway_context.store.keep_document(order.content),
        started_at=at,
    )


def call_once(
    call: GatewayCall,
    order: SigningOrder,
    request: SignRequest,
    *,
    warnings: tuple[Message, ...] = (),
    gateway_context: GatewayContext,
) -> SignedFile:
    """Send a call once and return the accepted file; the outcome is in the store before this returns or raises.

    Raises NotGranted while an earlier call of this paper is unresolved; GatewayRefused and GatewayUnreachable when
    nothing was signed; OutcomeUnknown when nobody can tell. Nothing is sent twice.
    """
    _begin(call, order, gateway_context)
    return accept(
        call, _call(call, order, request, gateway_context), order, warnings=warnings, gateway_context=gateway_context
    )


def _call(call: GatewayCall, order: SigningOrder, request: SignRequest, gateway_context: GatewayContext) -> bytes:
    try:
        return gateway_context.gateway.sign(order.signatory, request).content
    except OutcomeUnknown as error:
        _end(
            replace(
                call,
                outcome=CallOutcome.UNKNOWN,
                document_id=error.document_id,
                message=kept_text(Message.of(error.why)),
            ),
            gateway_context,
        )
        raise
    except (GatewayRefused, GatewayUnreachable) as error:
        message = error.provider if isinstance(error, GatewayRefused) else kept_text(Message.of(error))
        _end(replace(call, outcome=CallOutcome.REFUSED, message=message), gateway_context)
        raise
    except SigningError as error:
        # Refused before anything was sent: not a NIK, or nothing typed.
        _end(replace(call, outcome=CallOutcome.REFUSED, message=kept_text(Message.of(error))), gateway_context)
        raise


def _end(call: GatewayCall, gateway_context: GatewayContext) -> None:
    ended = replace(call, ended_at=gateway_context.moment().now)
    with gateway_context.store.transaction() as tx:
        tx.gateway_calls.finish(ended)
        note(tx, ended, gateway_context)


def _begin(call: GatewayCall, order: SigningOrder, gateway_context: GatewayContext) -> None:
    """Keep the intention, one at a time for a paper and role; unresolved earlier calls need the person's word."""
    now = call.started_at
    with gateway_context.store.transaction() as tx:
        tx.gateway_calls.mark_unknown(now - _LONGEST_CALL, at=now, message=kept_text(Message("gateway_interrupted")))
    try:
        with gateway_context.store.transaction() as tx:
            _require_resolved(tx, call, order)
            tx.gateway_calls.begin(call)
            note(tx, call, gateway_context)
    except RowExists as error:
        raise NotGranted("gateway_busy") from error


def _require_resolved(tx: WriteTransaction, call: GatewayCall, order: SigningOrder) -> None:
    earlier = [other for other in tx.gateway_calls.unknown(call.subject) if other.role == call.role]
    if earlier and not order.again:
        raise unknown_before(earlier[-1])
    if earlier:
        message = kept_text(Message("gateway_repeated", actor=order.actor))
        tx.gateway_calls.resolve(call.subject, [call.role], at=call.started_at, digest=None, message=message)


# --- Events


def note(tx: WriteTransaction, call: GatewayCall, gateway_context: GatewayContext) -> None:
    """Append `gateway.<outcome>` of the form or card to the log of events; nothing a person typed is in it."""
    described = {
        "call": call.id,
        "role": call.role,
        "before": call.digest_before,
        "after": call.digest_after,
        "message": _as_detail(call.message),
    }
    detail = {name: value for name, value in described.items() if value is not None}
    event = Event(
        at=gateway_context.moment().now,
        actor=call.nip,
        action=f"gateway.{call.outcome.value}",
        subject=call.subject,
        detail=detail,
    )
    tx.events.append(event)


def _as_detail(message: str | None) -> Any:
    said = said_in(message) if message else None
    return message_json(said) if isinstance(said, Message) else said


# --- Accepting a file from the gateway


class NotAccepted(NotGranted):
    """The gateway signed something that is not usable: the caller must not go on asking."""


def accept(
    call: GatewayCall,
    content: bytes,
    order: SigningOrder,
    *,
    warnings: tuple[Message, ...],
    gateway_context: GatewayContext,
    good: CallOutcome = CallOutcome.SIGNED,
) -> SignedFile:
    """Examine the file, keep it, and end the call; NotAccepted for a file that is not usable (it is kept too)."""
    digest = gateway_context.store.keep_document(content)
    moment = gateway_context.moment()
    examined = gateway_context.sandboxed(examine, order.content, content, moment.trust)
    problem, enrolled = _problem_of(examined, call, gateway_context)
    outcome = CallOutcome.REFUSED if problem else good
    message = kept_text(problem) if problem else None
    ended = replace(call, outcome=outcome, digest_after=digest, ended_at=moment.now, message=message)
    with gateway_context.store.transaction() as tx:
        tx.gateway_calls.finish(ended)
        note(tx, ended, gateway_context)
    if problem is not None:
        raise NotAccepted("gateway_file_not_used", problem=problem)
    if enrolled:
        return SignedFile(call=ended, content=content, warnings=warnings)
    warning = Message("gateway_signer_unregistered", name=examined.name)
    return SignedFile(
        call=ended, content=content, warnings=(*warnings, warning), unknown_certificate=examined.certificate
    )


def unknown_before(call: GatewayCall) -> NotGranted:
    """Return the refusal of another call while an earlier one may have signed."""
    cause = said_in(call.message) if call.message else Message("gateway_cut_off")
    return NotGranted("gateway_outcome_unknown", cause=cause)


def _problem_of(examined: Examined, call: GatewayCall, gateway_context: GatewayContext) -> tuple[Message | None, bool]:
    """Return why the file is not accepted (None: it is), and whether its signer is enrolled.

    A similar name is only a hint: the file goes on to the proof, which attributes no signature by a name.
    """
    if examined.problem is not None:
        return examined.problem, False
    with gateway_context.store.reading() as tx:
        enrolment, employee = tx.signers.find(examined.fingerprint), tx.employees.get(call.nip)
    another = Message("gateway_file_of_another", name=examined.name)
    if enrolment is not None and enrolment.ended_at is None:
        return (None, True) if enrolment.nip == call.nip else (another, False)
    if employee is None or likeness(examined.name, employee.name) is Likeness.DIFFERENT:
        return another, False
    return None, False


# --- Examining a file from the gateway

# A revocation status that is unknown today does not speak against the file; the proof asks again.
_JUDGED_LATER = {"revocation_unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Examined:
    """`problem` says why a file is not accepted; otherwise whose certificate made the new signature."""

    problem: Message | None
    fingerprint: str = ""
    name: str = ""
    certificate: bytes = field(default=b"", repr=False)


def examine(before: bytes, after: bytes, trust: Trust) -> Examined:
    """Compare the file that was sent with the one that came: our bytes, one new sound signature, nothing else.

    Never raises for what is in the files.
    """
    if not after.startswith(before) or len(after) == len(before):
        return Examined(problem=Message("gateway_file_not_continued"))
    then, now = inspect(before, trust=trust), inspect(after, trust=trust)
    if not then.readable or not now.readable:
        return Examined(problem=Message("gateway_file_unreadable"))
    new = _new(then, now, len(before))
    if len(new) != 1 or new[0].signer is None:
        return Examined(problem=Message("gateway_file_signatures"))
    found = set(faults(new[0])) - _JUDGED_LATER
    if found:
        return Examined(problem=Message("gateway_file_faults", faults=sorted(found)))
    if any(not signature.permitted for signature in now.signatures):
        return Examined(problem=Message("gateway_file_changes_signed"))
    signer = new[0].signer
    return Examined(problem=None, fingerprint=signer.fingerprint, name=signer.name, certificate=signer.certificate)


def _new(then: Report, now: Report, length: int) -> list[SignatureReport]:
    known = {signature.field for signature in then.signatures}
    return [
        signature
        for signature in now.signatures
        if signature.kind == "signature" and signature.field not in known and signature.covered > length
    ]


# --- Context and orders

T = TypeVar("T")


class RunSandboxed(Protocol):
    """Runs `job(*args)`, which reads a stranger's bytes, in a sandbox child."""

    def __call__(self, job: Callable[..., T], /, *args: Any) -> T: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayContext:
    """What the functions of this package work with. `moment` returns the time, and whom the installation trusts."""

    store: Store
    gateway: Gateway
    moment: Callable[[], Moment]
    randomness: Callable[[int], bytes]
    sandboxed: RunSandboxed


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningOrder:
    """One form or card to sign now: by `actor` in `role`, by `delegation` where the form names somebody else.

    `again`: the person knows that an earlier call may have signed, and wants another one.
    """

    content: bytes = field(repr=False)
    role: str
    actor: str
    signatory: Signatory
    delegation: Delegation | None = None
    image: bytes | None = field(default=None, repr=False)
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedFile:
    """The signed bytes, kept already, and warnings for the signer; `unknown_certificate` of a signer not enrolled."""

    call: GatewayCall
    content: bytes = field(repr=False)
    warnings: tuple[Message, ...] = ()
    unknown_certificate: bytes | None = field(default=None, repr=False)
