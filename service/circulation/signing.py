"""Signing with a key file that is used for this one action and lives in memory only; one form, or several in one go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from service.circulation.drafts import finished
from service.circulation.errors import Stale
from service.circulation.intake import Taken, take_signed
from service.circulation.turns import KeyOrder, Means, Mover, require_turn
from service.config import Settings
from service.errors import NotGranted
from service.gateway.calls import Desk, NotTaken, Order
from service.gateway.recovery import fetch
from service.gateway.signing import require_able
from service.gateway.signing import sign as sign_remotely
from service.people.enrolment import propose_certificate
from service.sandbox.problems import PublicProblem, problem_of
from service.store.circulations import WITH_EMPLOYEE
from signing.errors import BadKeyFile, SigningError, WrongPassphrase
from signing.keys.bsre import OutcomeUnknown, Signatory

if TYPE_CHECKING:
    from service.form_signing import StandingIn
    from signing.timestamps import Timestamper


@dataclass(frozen=True, slots=True, kw_only=True)
class ToSign:
    """The very bytes the actor is to sign now, and in which role's slot."""

    mover: Mover
    role: str
    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """Of several documents: what became of this one. Exactly one of `taken` and `problem` is there."""

    serial: str
    taken: Taken | None = None
    problem: PublicProblem | None = None


def to_sign(serial: str, *, revision: int, means: Means, actor: str) -> ToSign:
    """What the actor signs; a draft is filled and kept first. Stale when it is not what the actor was shown.

    NotGranted when it is not the actor's turn, Unready for a draft with problems.
    """
    with means.store.reading() as tx:
        mover = require_turn(tx, serial, actor, now=means.clock(), zone=means.zone)
    kept = mover.circulation
    if kept.revision != revision:
        raise Stale(kept)
    if kept.state in WITH_EMPLOYEE:
        content = finished(kept, means=means)
        means.store.keep_document(content)
        return ToSign(mover=mover, role="pegawai", content=content)
    return ToSign(mover=mover, role=kept.awaits or "", content=means.store.document(kept.digest))


def sign_with_key(serial: str, *, revision: int, key: bytes, passphrase: bytes, means: Means, actor: str) -> Taken:
    """Sign with the actor's own key (PKCS#12), whose certificate has to be enrolled for the actor; then as uploaded.

    NotGranted for somebody else's key, WrongPassphrase and BadKeyFile as the key file has it.
    """
    wanted = to_sign(serial, revision=revision, means=means, actor=actor)
    with means.store.reading() as tx:
        enrolled = frozenset(each.fingerprint for each in tx.signers.of(actor) if each.ended_at is None)
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
        at=means.clock(),
        zone=means.zone,
    )
    content, warnings = means.sign(order)
    taken = take_signed(content, f"{serial}.pdf", means=means, actor=actor, serial=serial, revision=revision)
    return replace(taken, warnings=warnings)


def sign_many(
    choices: Sequence[tuple[str, int]], *, key: bytes, passphrase: bytes, means: Means, actor: str
) -> tuple[Signed, ...]:
    """Sign several documents (serial, revision) in one go; what stops one does not stop the others.

    A key file that does not open stops all: WrongPassphrase, BadKeyFile.
    """
    done = []
    for serial, revision in choices:
        try:
            taken = sign_with_key(serial, revision=revision, key=key, passphrase=passphrase, means=means, actor=actor)
        except (WrongPassphrase, BadKeyFile):
            raise
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            done.append(Signed(serial=serial, problem=problem))
        else:
            done.append(Signed(serial=serial, taken=taken))
    return tuple(done)


# --- Signing forms on their way through the agency's gateway: one or several in one action, each sent once


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person asks for: forms (serial, revision), and what they typed for this action.

    `image`: their own picture instead of our stamp; `again`: forms they want signed though an earlier call may have.
    """

    choices: Sequence[tuple[str, int]]
    signatory: Signatory
    image: bytes | None = field(default=None, repr=False)
    again: frozenset[str] = frozenset()


def sign_through_gateway(wanted: Wanted, *, means: Means, desk: Desk, actor: str) -> tuple[Signed, ...]:
    """One entry per form, in the order asked for. The first answer that is no ends the action for those after it.

    A wrong passphrase tried on every file would lock the person out. NotGranted at once for somebody whose certificate
    cannot sign; GatewayUnreachable when there is nobody to ask.
    """
    require_able(wanted.signatory, desk)
    done: list[Signed] = []
    for serial, revision in wanted.choices:
        try:
            taken = _one(serial, revision, wanted, means=means, desk=desk, actor=actor)
        except Exception as error:
            problem = problem_of(error)
            if problem is None:
                raise
            done.append(Signed(serial=serial, problem=problem))
            if isinstance(error, (SigningError, NotTaken)):
                break
        else:
            done.append(Signed(serial=serial, taken=taken))
    untried = wanted.choices[len(done) :]
    return (*done, *(Signed(serial=serial, problem=problem_of(_not_tried())) for serial, _ in untried))


def take_up(serial: str, *, means: Means, desk: Desk) -> tuple[Taken, ...]:
    """Fetch what the gateway kept of a form's calls whose answer was lost, and move the form."""
    found = fetch(desk=desk, subject=serial)
    return tuple(
        take_signed(
            each.content, f"{each.call.subject}.pdf", means=means, actor=each.call.nip, serial=each.call.subject
        )
        for each in found
    )


def _one(serial: str, revision: int, wanted: Wanted, *, means: Means, desk: Desk, actor: str) -> Taken:
    ready = to_sign(serial, revision=revision, means=means, actor=actor)
    order = Order(
        content=ready.content,
        role=ready.role,
        actor=actor,
        signatory=wanted.signatory,
        delegation=ready.mover.delegation,
        image=wanted.image,
        again=serial in wanted.again,
    )
    try:
        signed = sign_remotely(order, desk=desk)
    except OutcomeUnknown as error:
        # The answer was cut, but its header tells where a copy is kept: had at once, it is no longer unknown.
        for taken in take_up(serial, means=means, desk=desk) if error.document_id else ():
            return taken
        raise
    if signed.unknown_certificate is not None:
        seen_in = f"gateway:{signed.call.id}"
        propose_certificate(signed.unknown_certificate, actor, seen_in=seen_in, store=means.store, now=means.clock())
    name = f"{serial}.pdf"
    taken = take_signed(signed.content, name, means=means, actor=actor, serial=serial, revision=revision)
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


def _instead(order: KeyOrder) -> StandingIn | None:
    from forms.schema import Role
    from service.form_signing import StandingIn, turn_of

    if order.delegation is None:
        return None
    scope = order.delegation.scope
    held = tuple(role for role in turn_of(order.content, Role(order.role)).held if role.value in scope)
    return StandingIn(nip=order.actor, name=order.actor_name, kind=order.delegation.kind, roles=held)


def _require_enrolled(fingerprint: str, name: str, order: KeyOrder) -> None:
    from service.errors import NotGranted

    if fingerprint not in order.enrolled:
        raise NotGranted(
            f"Sertifikat elektronik atas nama {name} belum terdaftar untuk NIP Anda, sehingga belum dapat dipakai.",
            "Unggah satu formulir yang sudah Anda tanda tangani dengan sertifikat itu agar dicocokkan, atau minta "
            "pengelola kepegawaian atau Biro SDM mendaftarkannya.",
        )
