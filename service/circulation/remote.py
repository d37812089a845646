"""Signing forms on their way through the agency's gateway: one or several in one action, each sent once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from service.circulation.means import Means
from service.circulation.sign import Signed, to_sign
from service.circulation.take import take_signed
from service.circulation.taken import Taken
from service.errors import NotGranted
from service.gateway.desk import Desk, Order
from service.gateway.outcome import NotTaken
from service.gateway.reconcile import fetch
from service.gateway.sign import require_able
from service.gateway.sign import sign as sign_remotely
from service.problems import problem_of
from service.proposals import propose_certificate
from signing.errors import SigningError
from signing.signers.bsre import OutcomeUnknown, Signatory


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
