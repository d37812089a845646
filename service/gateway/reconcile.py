"""Calls of unknown outcome cleared up by looking at files: one the gateway kept, or one somebody hands in."""

from __future__ import annotations

from contextlib import suppress

from service.errors import NotGranted
from service.gateway.desk import Desk, Order, Signed
from service.gateway.outcome import taken
from service.store.gateway_calls import CallOutcome, GatewayCall
from signing.errors import SigningError
from signing.signers.bsre import Secret, Signatory

_NOBODY = Signatory(nik=Secret(""))


def fetch(*, desk: Desk, subject: str) -> tuple[Signed, ...]:
    """Files the gateway kept of a form's or card's calls whose answer was lost: each can be had once.

    What is refused or cannot be reached stays unknown, and is asked for again another time.
    """
    with desk.store.reading() as tx:
        left = [each for each in tx.gateway_calls.unknown(subject) if each.document_id]
    found = []
    for call in left:
        with suppress(SigningError, NotGranted):
            found.append(fetch_copy(call, desk=desk))
    return tuple(found)


def fetch_copy(call: GatewayCall, *, desk: Desk) -> Signed:
    """The copy the gateway kept of one call; it signs nothing. GatewayRefused, GatewayUnreachable, or NotTaken."""
    before = desk.store.document(call.digest_before)
    order = Order(content=before, role=call.role, actor=call.nip, signatory=_NOBODY)
    content = desk.gateway.download(call.document_id or "").content
    return taken(call, content, order, warnings=(), desk=desk, good=CallOutcome.SETTLED)
