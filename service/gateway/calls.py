"""One call to the gateway: the intention kept, the call sent once, the answer examined, the outcome kept."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from service.errors import NotGranted
from service.gateway.desk import Desk, Order, Signed
from service.gateway.log import note
from service.gateway.outcome import taken, unknown_before
from service.numbers import short_id
from service.store import Writing
from service.store.errors import RowExists
from service.store.gateway_calls import CallOutcome, GatewayCall
from signing.errors import SigningError
from signing.signers.bsre import GatewayRefused, GatewayUnreachable, OutcomeUnknown, SignRequest

# Longer than any call waits: whoever made one that long ago is gone.
_ON_ITS_WAY = dt.timedelta(minutes=10)


def call_for(
    order: Order, desk: Desk, *, at: dt.datetime, serial: str | None = None, card_id: str | None = None
) -> GatewayCall:
    """A call for this form or this card; its bytes are kept."""
    return GatewayCall(
        id=short_id("G", desk.randomness),
        serial=serial,
        card_id=card_id,
        role=order.role,
        nip=order.actor,
        digest_before=desk.store.keep_document(order.content),
        started_at=at,
    )


def call_once(
    call: GatewayCall, order: Order, request: SignRequest, *, warnings: tuple[str, ...] = (), desk: Desk
) -> Signed:
    """Send it; what happened stands in the store before anybody is told.

    NotGranted for who does not know yet whether an earlier call signed; GatewayRefused and GatewayUnreachable when
    nothing was signed; OutcomeUnknown when nobody can tell. Nothing is sent twice.
    """
    _begin(call, order, desk)
    return taken(call, _call(call, order, request, desk), order, warnings=warnings, desk=desk)


def _call(call: GatewayCall, order: Order, request: SignRequest, desk: Desk) -> bytes:
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
    """Keep the intention, alone for this paper and role; earlier calls of unknown outcome need the person's word."""
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
            "Dokumen ini sedang dikirim ke layanan BSrE dari jendela atau perangkat lain.",
            "Tunggu sampai selesai, lalu muat ulang halaman ini.",
        ) from error


def _clear(tx: Writing, call: GatewayCall, order: Order) -> None:
    earlier = [each for each in tx.gateway_calls.unknown(call.subject) if each.role == call.role]
    if earlier and not order.again:
        raise unknown_before(earlier[-1])
    if earlier:
        said = f"diulang atas permintaan {order.actor}"
        tx.gateway_calls.settle(call.subject, [call.role], at=call.started_at, digest=None, message=said)
