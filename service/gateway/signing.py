"""One form signed through the gateway: whose turn it is by the form itself, then one call."""

from __future__ import annotations

from service.errors import MissingResource, NotGranted
from service.gateway.call import call_for, call_once
from service.gateway.desk import Desk, Order, Signed
from service.gateway.look import Look, Looked, look_at
from service.ingest import Moment
from service.standing import holds
from service.store import Transaction
from signing.signers.bsre import Signatory, SignRequest


def require_able(signatory: Signatory, desk: Desk) -> None:
    """Ask the provider whether this person can sign at all, once for an action of several files; NotGranted if not."""
    status = desk.gateway.status(signatory.nik)
    if not status.can_sign:
        raise NotGranted(status.sentence, f"Layanan BSrE menyebut keadaan Anda: {status.word}.")


def sign(order: Order, *, desk: Desk) -> Signed:
    """Have one form signed; what happened stands in the store before anybody is told.

    NotGranted for who may not sign it, has signed it, or does not know yet whether an earlier call did; GatewayRefused
    and GatewayUnreachable when nothing was signed; OutcomeUnknown when nobody can tell. Nothing is sent twice.
    """
    moment = desk.moment()
    with desk.store.reading() as tx:
        entry = tx.employees.get(order.actor)
    look = Look(
        role=order.role,
        actor=order.actor,
        actor_name=entry.name if entry else order.actor,
        delegation=order.delegation,
        at=moment.now,
        zone=moment.zone,
        trust=moment.trust,
        image=order.image,
    )
    looked = desk.apart(look_at, order.content, look)
    with desk.store.reading() as tx:
        _require_signer(tx, order, looked, moment)
    call = call_for(order, desk, at=moment.now, serial=looked.serial)
    request = SignRequest(
        pdf=order.content, reason=looked.reason, location=looked.location, place=looked.place, image=looked.image
    )
    return call_once(call, order, request, warnings=looked.warnings, desk=desk)


def _require_signer(tx: Transaction, order: Order, looked: Looked, moment: Moment) -> None:
    if tx.blanks.find(looked.serial) is None:
        raise MissingResource(f"Formulir {looked.serial} tidak ada di layanan ini.", "Unduh formulir baru.")
    if looked.nip != order.actor and not _stands_in(order, looked, moment):
        raise NotGranted(
            f"Formulir ini menyebut NIP {looked.nip} untuk peran itu, bukan Anda.", "Pilih formulir yang menunggu Anda."
        )
    mine = {each.fingerprint for each in tx.signers.of(order.actor)}
    if mine & looked.signers:
        raise NotGranted("Anda sudah menandatangani formulir ini.", "Muat ulang halamannya untuk melihat keadaannya.")


def _stands_in(order: Order, looked: Looked, moment: Moment) -> bool:
    given = order.delegation
    if given is None or (given.from_nip, given.to_nip) != (looked.nip, order.actor):
        return False
    return order.role in given.scope and holds(given, moment.now, moment.zone)
