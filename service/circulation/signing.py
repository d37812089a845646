"""Sign circulating forms with a key file or through the gateway, one or several in one action."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from service.circulation.drafts import finished
from service.circulation.errors import Stale
from service.circulation.intake import IntakeResult, accept_signed_file
from service.circulation.turns import CirculationContext, KeyOrder, Turn, require_turn
from service.config import Settings
from service.errors import NotGranted
from service.gateway.calls import GatewayContext, NotAccepted, SigningOrder
from service.gateway.recovery import fetch_copies
from service.gateway.signing import require_able
from service.gateway.signing import sign as sign_remotely
from service.language import Message
from service.people.enrolment import propose_certificate
from service.sandbox.problems import PublicProblem, problem_of
from service.store.circulations import WITH_EMPLOYEE
from signing.errors import BadKeyFile, SigningError, WrongPassphrase
from signing.keys.bsre import OutcomeUnknown, Signatory

if TYPE_CHECKING:
    from service.form_signing import ActingSigner
    from signing.timestamps import Timestamper


@dataclass(frozen=True, slots=True, kw_only=True)
class FormToSign:
    """The bytes the actor signs now, and the role of the slot."""

    turn: Turn
    role: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningResult:
    """The result for one of several documents. Exactly one of `taken` and `problem` is set."""

    serial: str
    taken: IntakeResult | None = None
    problem: PublicProblem | None = None


def to_sign(serial: str, *, revision: int, context: CirculationContext, actor: str) -> FormToSign:
    """Return what the actor signs; a draft is filled and kept first. Stale when it is not what the actor was shown.

    NotGranted when it is not the actor's turn, Unready for a draft with problems.
    """
    with context.store.reading() as tx:
        turn = require_turn(tx, serial, actor, now=context.clock(), zone=context.zone)
    circulation = turn.circulation
    if circulation.revision != revision:
        raise Stale(circulation)
    if circulation.state in WITH_EMPLOYEE:
        content = finished(circulation, context=context)
        context.store.keep_document(content)
        return FormToSign(turn=turn, role="pegawai", content=content)
    return FormToSign(turn=turn, role=circulation.awaits or "", content=context.store.document(circulation.digest))


def sign_with_key(
    serial: str, *, revision: int, key: bytes, passphrase: bytes, context: CirculationContext, actor: str
) -> IntakeResult:
    """Sign with the actor's own key (PKCS#12), whose certificate has to be enrolled for the actor; then as an upload.

    The key is used for this one action and lives in memory only. NotGranted for somebody else's key, WrongPassphrase
    and BadKeyFile for one that does not open.
    """
    ready = to_sign(serial, revision=revision, context=context, actor=actor)
    with context.store.reading() as tx:
        enrolled = frozenset(enrolment.fingerprint for enrolment in tx.signers.of(actor) if enrolment.ended_at is None)
        entry = tx.employees.get(actor)
    order = KeyOrder(
        content=ready.content,
        role=ready.role,
        actor=actor,
        actor_name=entry.name if entry else actor,
        delegation=ready.turn.delegation,
        key=key,
        passphrase=passphrase,
        enrolled=enrolled,
        at=context.clock(),
        zone=context.zone,
    )
    content, warnings = context.sign(order)
    taken = accept_signed_file(content, f"{serial}.pdf", context=context, actor=actor, serial=serial, revision=revision)
    return replace(taken, warnings=warnings)


def sign_many(
    choices: Sequence[tuple[str, int]], *, key: bytes, passphrase: bytes, context: CirculationContext, actor: str
) -> tuple[SigningResult, ...]:
    """Sign several documents (serial, revision) in one go; what stops one does not stop the others.

    A key file that does not open stops all: WrongPassphrase, BadKeyFile.
    """
    done = []
    for serial, revision in choices:
        try:
            taken = sign_with_key(
                serial, revision=revision, key=key, passphrase=passphrase, context=context, actor=actor
            )
        except (WrongPassphrase, BadKeyFile):
            raise
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            done.append(SigningResult(serial=serial, problem=problem))
        else:
            done.append(SigningResult(serial=serial, taken=taken))
    return tuple(done)


# --- Through the gateway


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRequest:
    """Forms (serial, revision) a person wants signed, and what they typed for this action.

    `image`: their own picture instead of our stamp; `again`: forms to sign although an earlier call may have done so.
    """

    choices: Sequence[tuple[str, int]]
    signatory: Signatory
    image: bytes | None = field(default=None, repr=False)
    again: frozenset[str] = frozenset()


def sign_through_gateway(
    wanted: GatewayRequest, *, context: CirculationContext, gateway_context: GatewayContext, actor: str
) -> tuple[SigningResult, ...]:
    """Return one result per form, in the order asked for. The first refusal by the gateway ends the action.

    A wrong passphrase tried on every file would lock the person out. NotGranted at once for a person whose certificate
    cannot sign; GatewayUnreachable when the gateway does not answer.
    """
    require_able(wanted.signatory, gateway_context)
    done: list[SigningResult] = []
    for serial, revision in wanted.choices:
        try:
            taken = _one(serial, revision, wanted, context=context, gateway_context=gateway_context, actor=actor)
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            done.append(SigningResult(serial=serial, problem=problem))
            if isinstance(error, (SigningError, NotAccepted)):
                break
        else:
            done.append(SigningResult(serial=serial, taken=taken))
    untried = wanted.choices[len(done) :]
    return (*done, *(SigningResult(serial=serial, problem=problem_of(_not_tried())) for serial, _ in untried))


def recover_signatures(
    serial: str, *, context: CirculationContext, gateway_context: GatewayContext
) -> tuple[IntakeResult, ...]:
    """Fetch what the gateway kept of a form's unresolved calls, and move the form."""
    found = fetch_copies(gateway_context=gateway_context, subject=serial)
    return tuple(
        accept_signed_file(
            file.content, f"{file.call.subject}.pdf", context=context, actor=file.call.nip, serial=file.call.subject
        )
        for file in found
    )


def _one(
    serial: str,
    revision: int,
    wanted: GatewayRequest,
    *,
    context: CirculationContext,
    gateway_context: GatewayContext,
    actor: str,
) -> IntakeResult:
    ready = to_sign(serial, revision=revision, context=context, actor=actor)
    order = SigningOrder(
        content=ready.content,
        role=ready.role,
        actor=actor,
        signatory=wanted.signatory,
        delegation=ready.turn.delegation,
        image=wanted.image,
        again=serial in wanted.again,
    )
    try:
        signed = sign_remotely(order, gateway_context=gateway_context)
    except OutcomeUnknown as error:
        # The answer was cut off, but its header says where a copy is kept: fetched at once, the outcome is known.
        for taken in (
            recover_signatures(serial, context=context, gateway_context=gateway_context) if error.document_id else ()
        ):
            return taken
        raise
    if signed.unknown_certificate is not None:
        seen_in = f"gateway:{signed.call.id}"
        propose_certificate(
            signed.unknown_certificate, actor, seen_in=seen_in, store=context.store, now=context.clock()
        )
    name = f"{serial}.pdf"
    taken = accept_signed_file(signed.content, name, context=context, actor=actor, serial=serial, revision=revision)
    return replace(taken, warnings=signed.warnings)


def _not_tried() -> NotGranted:
    return NotGranted("signing_not_tried")


# --- Inside the sandbox


def sign_with_file(settings: Settings, order: KeyOrder) -> tuple[bytes, tuple[Message, ...]]:
    """Sign with the installation's time stamps; return the signed bytes and warnings for the signer."""
    from service.bootstrap import timestamper_of, utc_now

    return signed_with(order, timestamper_of(settings.timestamp_url, settings, utc_now))


def signed_with(order: KeyOrder, timestamper: Timestamper | None) -> tuple[bytes, tuple[Message, ...]]:
    """As `sign_with_file`, with any time stamps. NotGranted for a key that is not enrolled for the actor.

    The key is opened, used and forgotten here; neither it nor its passphrase is written anywhere.
    """
    from forms.schema import Role
    from service.form_signing import sign_form
    from signing.certificates import read_certificate
    from signing.keys.pkcs12 import open_pkcs12

    holder = open_pkcs12(order.key, order.passphrase)
    certificate = read_certificate(holder.certificate)
    _require_enrolled(certificate.fingerprint, certificate.name, order)
    signed = sign_form(
        order.content,
        role=Role(order.role),
        holder=holder,
        at=order.at,
        zone=order.zone,
        timestamper=timestamper,
        enrolled_nip=order.actor,
        instead=_instead(order),
    )
    return signed.content, signed.warnings


def raw_answers(content: bytes) -> dict[str, str]:
    """Return the answers in a form that was filled elsewhere; empty if it cannot be read."""
    from parsers.parse import read

    return {name: value for name, value in read(content).answers.items() if value}


def _instead(order: KeyOrder) -> ActingSigner | None:
    from forms.schema import Role
    from service.form_signing import ActingSigner, signature_slot

    if order.delegation is None:
        return None
    scope = order.delegation.scope
    held = tuple(role for role in signature_slot(order.content, Role(order.role)).held if role.value in scope)
    return ActingSigner(nip=order.actor, name=order.actor_name, kind=order.delegation.kind, roles=held)


def _require_enrolled(fingerprint: str, name: str, order: KeyOrder) -> None:
    from service.errors import NotGranted

    if fingerprint not in order.enrolled:
        raise NotGranted("key_not_enrolled", name=name)
