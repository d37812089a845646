"""One signature through the gateway: checks, the intention kept, one call, the answer examined, the outcome kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from service.errors import MissingResource, NotGranted
from service.gateway.desk import Desk, Order, Signed
from service.gateway.log import note
from service.gateway.look import Look, Looked, look_at
from service.gateway.outcome import taken, unknown_before
from service.ingest import Moment
from service.numbers import short_id
from service.standing import holds
from service.store import Transaction, Writing
from service.store.errors import RowExists
from service.store.gateway_calls import CallOutcome, GatewayCall
from signing.errors import SigningError
from signing.signers.bsre import GatewayRefused, GatewayUnreachable, OutcomeUnknown, Signatory, SignRequest

# Longer than any call waits: whoever made one that long ago is gone.
_ON_ITS_WAY = dt.timedelta(minutes=10)


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
    digest = desk.store.keep_document(order.content)
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
    call = GatewayCall(
        id=short_id("G", desk.randomness),
        serial=looked.serial,
        role=order.role,
        nip=order.actor,
        digest_before=digest,
        started_at=moment.now,
    )
    _begin(call, order, desk)
    return taken(call, _call(call, order, looked, desk), order, warnings=looked.warnings, desk=desk)


def _call(call: GatewayCall, order: Order, looked: Looked, desk: Desk) -> bytes:
    request = SignRequest(
        pdf=order.content, reason=looked.reason, location=looked.location, place=looked.place, image=looked.image
    )
    try:
        return desk.gateway.sign(order.signatory, request).content
    except OutcomeUnknown as error:
        _end(replace(call, outcome=CallOutcome.UNKNOWN, document_id=error.document_id, message=error.why), desk)
        raise
    except (GatewayRefused, GatewayUnreachable) as error:
        said = error.provider if isinstance(error, GatewayRefused) else error.message
        _end(replace(call, outcome=CallOutcome.REFUSED, message=said), desk)
        raise
    except SigningError as error:
        # Refused before anything went out: a NIK that is none, nothing typed.
        _end(replace(call, outcome=CallOutcome.REFUSED, message=error.message), desk)
        raise


def _end(call: GatewayCall, desk: Desk) -> None:
    ended = replace(call, ended_at=desk.moment().now)
    with desk.store.transaction() as tx:
        tx.gateway_calls.finish(ended)
        note(tx, ended, desk)


def _begin(call: GatewayCall, order: Order, desk: Desk) -> None:
    """Keep the intention, alone for this form and role; earlier calls of unknown outcome need the person's word."""
    now = call.started_at
    with desk.store.transaction() as tx:
        tx.gateway_calls.give_up(now - _ON_ITS_WAY, at=now, message="layanan ini terhenti sebelum jawabannya diterima")
    try:
        with desk.store.transaction() as tx:
            _clear(tx, call, order)
            tx.gateway_calls.begin(call)
            note(tx, call, desk)
    except RowExists as error:
        raise NotGranted(
            "Formulir ini sedang dikirim ke layanan BSrE dari jendela atau perangkat lain.",
            "Tunggu sampai selesai, lalu muat ulang halaman ini.",
        ) from error


def _clear(tx: Writing, call: GatewayCall, order: Order) -> None:
    earlier = [each for each in tx.gateway_calls.unknown(call.serial) if each.role == call.role]
    if earlier and not order.again:
        raise unknown_before(earlier[-1])
    if earlier:
        said = f"diulang atas permintaan {order.actor}"
        tx.gateway_calls.settle(call.serial, [call.role], at=call.started_at, digest=None, message=said)


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
