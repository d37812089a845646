"""A control card signed through the agency's gateway by the officer it names: sent once, examined like any other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from forms.card import SLOT
from service.errors import NotGranted, ServiceError
from service.gateway.call import call_for, call_once
from service.gateway.desk import Desk as Gateway
from service.gateway.desk import Order
from service.gateway.place import stamp_in_field
from service.gateway.reconcile import fetch
from service.gateway.sign import require_able
from service.monitoring.signed_cards import BY_OFFICER, Desk, make_card, reason_of, stamp_of
from service.proposals import propose_certificate
from service.store import Store
from service.store.cards import Card
from service.store.gateway_calls import CallOutcome, GatewayCall
from signing.errors import SigningError
from signing.signers.bsre import OutcomeUnknown, Signatory, SignRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Means:
    """`take` keeps the signed bytes of a card (its number, the bytes) where strangers' files are read."""

    cards: Desk
    gateway: Gateway
    take: Callable[[str, bytes], Card]


def sign_card_remotely(
    nip: str, year: int, signatory: Signatory, *, officer_nip: str, means: Means, again: bool = False
) -> tuple[Card, tuple[str, ...]]:
    """The card, and what its officer should read: one whose certificate nobody knows yet waits, unsigned, for that.

    `again`: the officer knows that an earlier call may have signed, and wants another one all the same. Raises as
    `make_card`, `call_once` and `keep_signed_card`.
    """
    made = make_card(nip, year, officer_nip, means.cards)
    card = made.card
    if card.signed_digest is not None:
        return card, ()
    if waiting_file(card, means.gateway.store) and not again:
        raise NotGranted(
            "Kartu ini sudah ditandatangani lewat BSrE, dan berkasnya belum diterima.",
            "Minta layanan ini memeriksa berkas itu lagi; jangan menandatangani ulang.",
        )
    require_able(signatory, means.gateway)
    place, image = means.gateway.apart(stamp_in_field, made.content, SLOT, stamp_of(card, officer_nip, means.cards))
    order = Order(content=made.content, role=BY_OFFICER, actor=officer_nip, signatory=signatory, again=again)
    request = SignRequest(pdf=made.content, reason=reason_of(card), location="", place=place, image=image)
    call = call_for(order, means.gateway, at=means.cards.now, card_id=card.id)
    try:
        signed = call_once(call, order, request, desk=means.gateway)
    except OutcomeUnknown as error:
        # The answer was cut, but its header tells where a copy is kept: had at once, it is no longer unknown.
        found = take_up_card(card, means=means) if error.document_id else None
        if found is None:
            raise
        return found, ()
    if signed.unknown_certificate is not None:
        _propose(signed.unknown_certificate, signed.call, means)
        return card, signed.warnings
    return means.take(card.id, signed.content), signed.warnings


def take_up_card(card: Card, *, means: Means) -> Card | None:
    """Take a file of this card the gateway signed before: one kept here, else the gateway's copy; it signs nothing.

    None when there is none; raises as `keep_signed_card` when the newest cannot be taken (yet).
    """
    for each in fetch(desk=means.gateway, subject=card.id):
        if each.unknown_certificate is not None:
            _propose(each.unknown_certificate, each.call, means)
    problem: ServiceError | SigningError | None = None
    for call in reversed(_files(card, means.gateway.store)):
        try:
            return means.take(card.id, means.gateway.store.document(call.digest_after or ""))
        except (ServiceError, SigningError) as error:
            problem = problem or error
    if problem is not None:
        raise problem
    return None


def waiting_file(card: Card, store: Store) -> bool:
    """Whether a file the gateway signed is here and was not taken: its signer is not enrolled, or we were killed."""
    return card.signed_digest is None and bool(_files(card, store))


def doubt_of(card: Card, store: Store) -> GatewayCall | None:
    """The newest call for this card whose outcome is not known."""
    with store.reading() as tx:
        found = tx.gateway_calls.unknown(card.id)
    return found[-1] if found else None


def _files(card: Card, store: Store) -> list[GatewayCall]:
    ended = (CallOutcome.SIGNED, CallOutcome.SETTLED)
    with store.reading() as tx:
        return [each for each in tx.gateway_calls.of(card.id) if each.outcome in ended and each.digest_after]


def _propose(certificate: bytes, call: GatewayCall, means: Means) -> None:
    now, seen_in = means.cards.now, f"gateway:{call.id}"
    propose_certificate(certificate, call.nip, seen_in=seen_in, store=means.gateway.store, now=now)
