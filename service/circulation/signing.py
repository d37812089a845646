"""Signing with a key file that is used for this one action and lives in memory only; one form, or several in one go."""

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
    """The very bytes the actor is to sign now, and in which role's slot."""

    mover: Turn
    role: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningResult:
    """Of several documents: what became of this one. Exactly one of `taken` and `problem` is there."""

    serial: str
    taken: IntakeResult | None = None
    problem: PublicProblem | None = None


def to_sign(serial: str, *, revision: int, context: CirculationContext, actor: str) -> FormToSign:
    """What the actor signs; a draft is filled and kept first. Stale when it is not what the actor was shown.

    NotGranted when it is not the actor's turn, Unready for a draft with problems.
    """
    with context.store.reading() as tx:
        mover = require_turn(tx, serial, actor, now=context.clock(), zone=context.zone)
    kept = mover.circulation
    if kept.revision != revision:
        raise Stale(kept)
    if kept.state in WITH_EMPLOYEE:
        content = finished(kept, context=context)
        context.store.keep_document(content)
        return FormToSign(mover=mover, role="pegawai", content=content)
    return FormToSign(mover=mover, role=kept.awaits or "", content=context.store.document(kept.digest))


def sign_with_key(
    serial: str, *, revision: int, key: bytes, passphrase: bytes, context: CirculationContext, actor: str
) -> IntakeResult:
    """Sign with the actor's own key (PKCS#12), whose certificate has to be enrolled for the actor; then as uploaded.

    NotGranted for somebody else's key, WrongPassphrase and BadKeyFile as the key file has it.
    """
    wanted = to_sign(serial, revision=revision, context=context, actor=actor)
    with context.store.reading() as tx:
        enrolled = frozenset(enrolment.fingerprint for enrolment in tx.signers.of(actor) if enrolment.ended_at is None)
        entry = tx.employees.get(actor)
    order = KeyOrder(
        content=wanted.content,
        role=wanted.role,
        actor=actor,
        actor_name=entry.name if entry else actor,
        delegation=wanted.mover.delegation,
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


# --- Signing forms on their way through the agency's gateway: one or several in one action, each sent once


@dataclass(frozen=True, slots=True, kw_only=True)
class GatewayRequest:
    """What a person asks for: forms (serial, revision), and what they typed for this action.

    `image`: their own picture instead of our stamp; `again`: forms they want signed though an earlier call may have.
    """

    choices: Sequence[tuple[str, int]]
    signatory: Signatory
    image: bytes | None = field(default=None, repr=False)
    again: frozenset[str] = frozenset()


def sign_through_gateway(
    wanted: GatewayRequest, *, context: CirculationContext, gateway_context: GatewayContext, actor: str
) -> tuple[SigningResult, ...]:
    """One entry per form, in the order asked for. The first answer that is no ends the action for those after it.

    A wrong passphrase tried on every file would lock the person out. NotGranted at once for somebody whose certificate
    cannot sign; GatewayUnreachable when there is nobody to ask.
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
    """Fetch what the gateway kept of a form's calls whose answer was lost, and move the form."""
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
        delegation=ready.mover.delegation,
        image=wanted.image,
        again=serial in wanted.again,
    )
    try:
        signed = sign_remotely(order, gateway_context=gateway_context)
    except OutcomeUnknown as error:
        # The answer was cut, but its header tells where a copy is kept: had at once, it is no longer unknown.
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
    return NotGranted("Belum dicoba, karena yang sebelumnya tidak berhasil.", "Perbaiki itu dahulu, lalu ulangi.")


# --- What of the circulation sees strangers' bytes, as functions a confined child can be given


def sign_with_file(settings: Settings, order: KeyOrder) -> tuple[bytes, tuple[str, ...]]:
    """The signed bytes, and sentences its signer should read; with the installation's time stamps."""
    from service.bootstrap import timestamper_of, utc_now

    return signed_with(order, timestamper_of(settings.timestamp_url, settings, utc_now))


def signed_with(order: KeyOrder, timestamper: Timestamper | None) -> tuple[bytes, tuple[str, ...]]:
    """The same with any time stamps. NotGranted for a key that is not enrolled for the actor.

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
    """The answers in a form that was filled elsewhere; empty where it cannot be read."""
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
        raise NotGranted(
            f"Sertifikat elektronik atas nama {name} belum terdaftar untuk NIP Anda, sehingga belum dapat dipakai.",
            "Unggah satu formulir yang sudah Anda tanda tangani dengan sertifikat itu agar dicocokkan, atau minta "
            "pengelola kepegawaian atau Biro SDM mendaftarkannya.",
        )
