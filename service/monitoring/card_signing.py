"""Signing control cards: made and kept, signed by the officer they name by key or gateway, then verified."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from forms.card import SLOT, CardContent, Officer
from forms.catalog import form_font
from forms.indonesian import moment_text
from forms.typesetting.fonts import FontFamily
from service.bootstrap import trust_of
from service.config import Settings
from service.errors import BadInput, NotGranted, ServiceError
from service.gateway.calls import GatewayContext, SigningOrder, call_once, new_call
from service.gateway.recovery import fetch_copies
from service.gateway.signing import require_able, stamp_in_field
from service.identifiers import short_id
from service.language import Message
from service.monitoring.cards import card_of, card_pdf, printed_at
from service.monitoring.people import officers_of
from service.people.enrolment import propose_certificate
from service.records import Event
from service.store import Store, Transaction
from service.store.gateway_calls import CallOutcome, GatewayCall
from service.store.monitoring import Card
from service.verification.attribution import enrolment_at_signing
from signing.certificates import read_certificate
from signing.changes.policy import only_signatures_added
from signing.errors import SigningError
from signing.keys import KeyHolder
from signing.keys.bsre import OutcomeUnknown, Signatory, SignRequest
from signing.policy import require
from signing.report import SignatureReport
from signing.sign import sign
from signing.stamp import Stamp
from signing.timestamps import Timestamper
from signing.trust import Trust
from signing.validation.inspect import inspect

_ROLE = "Pengelola Kepegawaian"
BY_OFFICER = "pengelola"  # the signer's role in gateway calls


@dataclass(frozen=True, slots=True, kw_only=True)
class CardSigningContext:
    """The dependencies of making and signing cards. `trust` is that of the installation at `now`."""

    store: Store
    letters: FontFamily
    trust: Trust
    now: dt.datetime
    zone: ZoneInfo
    randomness: Callable[[int], bytes]
    actor: str


def card_signing_context(
    settings: Settings,
    *,
    store: Store,
    now: dt.datetime,
    randomness: Callable[[int], bytes],
    actor: str,
    letters: FontFamily | None = None,
) -> CardSigningContext:
    """Return the context of making and signing cards; `letters` may be shared by several."""
    from forms.typesetting.fonts import FontFamily

    return CardSigningContext(
        store=store,
        letters=letters or FontFamily(),
        trust=trust_of(store, settings, now),
        now=now,
        zone=settings.timezone,
        randomness=randomness,
        actor=actor,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCard:
    """A card and its bytes: the signed ones when `card.signed_digest` is set."""

    card: Card
    content: bytes


def make_card(nip: str, year: int, officer_nip: str, context: CardSigningContext) -> KeptCard:
    """Make and return a card that waits for that officer's signature; one with the same content is not made twice.

    BadInput when there is nothing to make, NotGranted when the officer does not look after the person's unit.
    """
    # (1) Its content, and whether this officer may sign it.
    content, kept = _content(nip, year, officer_nip, context)
    if kept is not None:
        return KeptCard(card=kept, content=context.store.document(kept.signed_digest or kept.digest))
    # (2) Bytes first, then the row that names them.
    pdf = card_pdf(content, context.letters, printed_at(context.now, context.zone))
    card = Card(
        id=short_id("P", context.randomness),
        nip=nip,
        year=year,
        officer_nip=officer_nip,
        basis=content.basis,
        digest=context.store.keep_document(pdf),
        made_at=context.now,
        made_by=context.actor,
    )
    with context.store.transaction() as tx:
        tx.cards.add(card)
        tx.events.append(Event(at=context.now, actor=context.actor, action="card.made", subject=card.id))
    return KeptCard(card=card, content=pdf)


def preview_card(nip: str, year: int, officer_nip: str, context: CardSigningContext) -> tuple[Card | None, bytes]:
    """Return the current card and its bytes, or None and a preview when none was made yet.

    Nothing is kept. Raises as `make_card`.
    """
    content, kept = _content(nip, year, officer_nip, context)
    if kept is None:
        return None, card_pdf(content, context.letters, printed_at(context.now, context.zone))
    return kept, context.store.document(kept.signed_digest or kept.digest)


def sign_card(
    nip: str, year: int, context: CardSigningContext, *, holder: KeyHolder, timestamper: Timestamper | None
) -> KeptCard:
    """Sign the card visibly with an officer's own key. NotGranted when the key is no officer's of that unit.

    A card with the same content that was signed before is returned as it is.
    """
    officer_nip = key_owner(read_certificate(holder.certificate).fingerprint, context.store)
    kept = make_card(nip, year, officer_nip, context)
    card = kept.card
    if card.signed_digest is not None:
        return kept
    signed = sign(
        kept.content,
        holder=holder,
        at=context.now,
        field=SLOT,
        stamp=stamp_of(card, officer_nip, context),
        timestamper=timestamper,
        reason=reason_of(card),
        certify=True,
    )
    _require_signed(card, signed, context)
    return _keep(card, signed, context)


def stamp_of(card: Card, officer_nip: str, context: CardSigningContext) -> Stamp:
    """Return the visible stamp of that officer's signature on the card."""
    return Stamp(
        name=_name(officer_nip, context.store),
        lines=(f"NIP {officer_nip}", _ROLE, moment_text(context.now, context.zone)),
        qr_text=f"{card.id} {card.digest[:16]}",
        font=form_font(),
    )


def reason_of(card: Card) -> str:
    """Return the reason written into the signature."""
    return f"{_ROLE}, kartu {card.id}"


def keep_signed_card(card_id: str, signed: bytes, context: CardSigningContext) -> KeptCard:
    """Accept and keep the signed bytes of a card that was made here, whichever way they were signed.

    BadInput when they are no increment of the card we made, NotSound when a signature is not valid, NotGranted when
    it is not the named officer's. Bytes from outside are a stranger's file: call this in the sandbox.
    """
    store = context.store
    with store.reading() as tx:
        card = tx.cards.get(card_id)
    if card is None:
        raise BadInput(f"Kartu {card_id} tidak ada.", "Periksa nomornya, atau buat kartunya lagi.")
    # (1) The file begins with our bytes: what was signed is what we made.
    if not signed.startswith(store.document(card.digest)):
        raise BadInput(
            f"Berkas ini bukan kartu {card.id} yang ditandatangani.",
            "Unduh kartunya dari sini, tanda tangani berkas itu juga, lalu unggah tanpa mengubahnya.",
        )
    # (2) Every signature is valid and the named officer's.
    _require_signed(card, signed, context)
    # (3) Only signatures were added: changes written before the first signature are not changes after one.
    if not only_signatures_added(signed, store.document(card.digest)):
        raise BadInput(
            f"Isi kartu {card.id} diubah sebelum ditandatangani.",
            "Unduh kartunya lagi dari sini, lalu tanda tangani (tanpa sertifikasi) tanpa mengubahnya.",
        )
    return _keep(card, signed, context)


def _require_signed(card: Card, signed: bytes, context: CardSigningContext) -> None:
    report = inspect(signed, trust=context.trust)
    require(report)
    for signature in report.signatures:
        if signature.kind != "signature" or signature.signer is None:
            continue
        if signer_nip(signature, context.store) != card.officer_nip:
            raise NotGranted(
                f"Kartu {card.id} ditandatangani oleh {signature.signer.name}, bukan pengelola yang disebutnya.",
                "Mintalah pengelola kepegawaian yang namanya tercantum, atau buat kartu atas nama yang lain.",
            )


def _keep(card: Card, signed: bytes, context: CardSigningContext) -> KeptCard:
    """Keep the bytes first, then the row."""
    store = context.store
    digest = store.keep_document(signed)
    with store.transaction() as tx:
        tx.cards.keep_signed(card.id, digest, context.now, context.actor)
        tx.gateway_calls.resolve_by_file(card.id, {BY_OFFICER: card.officer_nip}, digest=digest, at=context.now)
        detail = {"digest": digest}
        tx.events.append(
            Event(at=context.now, actor=context.actor, action="card.signed", subject=card.id, detail=detail)
        )
        kept = tx.cards.get(card.id) or card
    return KeptCard(card=kept, content=signed)


def _content(nip: str, year: int, officer_nip: str, context: CardSigningContext) -> tuple[CardContent, Card | None]:
    """Return the card's content with that officer, and the kept card with the same content, if any."""
    with context.store.reading() as tx:
        unit = card_of(nip, year, tx).unit
        content = card_of(nip, year, tx, officer=_officer(unit, officer_nip, tx))
        return content, tx.cards.with_basis(nip, year, content.basis)


def _officer(unit: str, nip: str, tx: Transaction) -> Officer:
    match = next((officer for officer in officers_of(unit, "pengelola", tx) if officer.nip == nip), None)
    if match is None:
        raise NotGranted(
            f"NIP {nip} bukan pengelola kepegawaian {unit}.",
            "Kartu ditandatangani pengelola kepegawaian unit itu; periksa kolom peran pada data kepegawaian.",
        )
    return match


def _name(nip: str, store: Store) -> str:
    with store.reading() as tx:
        entry = tx.employees.get(nip)
    return entry.name if entry else nip


# --- Signing through the gateway


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteCardSigningContext:
    """The dependencies of signing through the gateway; `take` accepts a card's signed bytes in the sandbox."""

    cards: CardSigningContext
    gateway: GatewayContext
    take: Callable[[str, bytes], Card]


def sign_card_remotely(
    nip: str,
    year: int,
    signatory: Signatory,
    *,
    officer_nip: str,
    context: RemoteCardSigningContext,
    again: bool = False,
) -> tuple[Card, tuple[Message, ...]]:
    """Sign the card through the gateway; return it and warnings for the officer.

    While the officer's certificate is not enrolled, the card stays unsigned and its enrolment is proposed.

    `again`: the officer knows that an earlier call may have signed and wants another one. Raises as `make_card`,
    `call_once` and `keep_signed_card`.
    """
    kept = make_card(nip, year, officer_nip, context.cards)
    card = kept.card
    if card.signed_digest is not None:
        return card, ()
    if has_unaccepted_file(card, context.gateway.store) and not again:
        raise NotGranted(
            "Kartu ini sudah ditandatangani lewat BSrE, dan berkasnya belum diterima.",
            "Minta layanan ini memeriksa berkas itu lagi; jangan menandatangani ulang.",
        )
    require_able(signatory, context.gateway)
    place, image = context.gateway.sandboxed(
        stamp_in_field, kept.content, SLOT, stamp_of(card, officer_nip, context.cards)
    )
    order = SigningOrder(content=kept.content, role=BY_OFFICER, actor=officer_nip, signatory=signatory, again=again)
    request = SignRequest(pdf=kept.content, reason=reason_of(card), location="", place=place, image=image)
    call = new_call(order, context.gateway, at=context.cards.now, card_id=card.id)
    try:
        signed = call_once(call, order, request, gateway_context=context.gateway)
    except OutcomeUnknown as error:
        # The answer was cut off, but its header names a copy: fetched now, the outcome is known.
        recovered = recover_card(card, context=context) if error.document_id else None
        if recovered is None:
            raise
        return recovered, ()
    if signed.unknown_certificate is not None:
        _propose(signed.unknown_certificate, signed.call, context)
        return card, signed.warnings
    return context.take(card.id, signed.content), signed.warnings


def recover_card(card: Card, *, context: RemoteCardSigningContext) -> Card | None:
    """Accept a file of this card the gateway signed before: one kept here, else the gateway's copy; nothing is signed.

    None when there is none; raises as `keep_signed_card` when the newest cannot be accepted (yet).
    """
    for answer in fetch_copies(gateway_context=context.gateway, subject=card.id):
        if answer.unknown_certificate is not None:
            _propose(answer.unknown_certificate, answer.call, context)
    problem: ServiceError | SigningError | None = None
    for call in reversed(_files(card, context.gateway.store)):
        try:
            return context.take(card.id, context.gateway.store.document(call.digest_after or ""))
        except (ServiceError, SigningError) as error:
            problem = problem or error
    if problem is not None:
        raise problem
    return None


def has_unaccepted_file(card: Card, store: Store) -> bool:
    """Tell whether a file the gateway signed is kept but not accepted: signer not enrolled, or we were killed."""
    return card.signed_digest is None and bool(_files(card, store))


def unresolved_call(card: Card, store: Store) -> GatewayCall | None:
    """Return the newest call for this card whose outcome is not known."""
    with store.reading() as tx:
        calls = tx.gateway_calls.unknown(card.id)
    return calls[-1] if calls else None


def _files(card: Card, store: Store) -> list[GatewayCall]:
    ended = (CallOutcome.SIGNED, CallOutcome.SETTLED)
    with store.reading() as tx:
        return [call for call in tx.gateway_calls.of(card.id) if call.outcome in ended and call.digest_after]


def _propose(certificate: bytes, call: GatewayCall, context: RemoteCardSigningContext) -> None:
    now, seen_in = context.cards.now, f"gateway:{call.id}"
    propose_certificate(certificate, call.nip, seen_in=seen_in, store=context.gateway.store, now=now)


# --- The person behind a key or signature


def key_owner(fingerprint: str, store: Store) -> str:
    """Return the NIP the certificate is enrolled for now; NotGranted when it is none's."""
    with store.reading() as tx:
        enrolment = tx.signers.find(fingerprint)
    if enrolment is None or enrolment.ended_at is not None:
        raise _not_enrolled()
    return enrolment.nip


def signer_nip(signature: SignatureReport, store: Store) -> str:
    """Return the signer's NIP; after the end of an enrolment only a trusted time stamp proves the signature older."""
    with store.reading() as tx:
        enrolment = enrolment_at_signing(signature, tx.signers.find)
    if enrolment is None:
        raise _not_enrolled()
    return enrolment.nip


def _not_enrolled() -> NotGranted:
    return NotGranted(
        "Sertifikat elektronik ini tidak terdaftar untuk NIP mana pun, atau pendaftarannya sudah diakhiri.",
        "Daftarkan dengan `cmb signers enroll`, lalu ulangi.",
    )
