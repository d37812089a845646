"""Control cards that are signed: made and kept first, then signed by the officer they name, then looked at again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from forms.card import SLOT, CardContent, Officer
from forms.catalog import form_font
from forms.typesetting.fonts import Letters
from service.bootstrap import trust_of
from service.config import Settings
from service.errors import BadInput, NotGranted, ServiceError
from service.form_signing import moment_text
from service.gateway.calls import Desk as Gateway
from service.gateway.calls import Order, call_for, call_once, settle_by_file
from service.gateway.recovery import fetch
from service.gateway.signing import require_able, stamp_in_field
from service.identifiers import short_id
from service.monitoring.cards import card_of, card_pdf, printed_at
from service.monitoring.people import officers_of
from service.people.enrolment import propose_certificate
from service.records import Event
from service.store import Store, Transaction
from service.store.gateway_calls import CallOutcome, GatewayCall
from service.store.monitoring import Card
from service.verification.attribution import bound_by
from signing.certificates import read_certificate
from signing.changes.policy import only_signed
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
BY_OFFICER = "pengelola"  # the role in which a card is signed, as calls to the gateway name it


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What making and signing cards needs, handed in. `trust` is whom the installation believes at `now`."""

    store: Store
    letters: Letters
    trust: Trust
    now: dt.datetime
    zone: ZoneInfo
    randomness: Callable[[int], bytes]
    actor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptCard:
    """A card as it is kept, and its bytes: signed when `card.signed_digest` is there."""

    card: Card
    content: bytes


def make_card(nip: str, year: int, officer_nip: str, desk: Desk) -> KeptCard:
    """A card that waits for the signature of that officer; one that says the same is not made twice.

    BadInput when there is nothing to make, NotGranted when the officer does not look after the person's unit.
    """
    # (1) What it says, and whether this officer may say it.
    said, kept = _said(nip, year, officer_nip, desk)
    if kept is not None:
        return KeptCard(card=kept, content=desk.store.document(kept.signed_digest or kept.digest))
    # (2) Bytes first, then the row that names them.
    content = card_pdf(said, desk.letters, printed_at(desk.now, desk.zone))
    card = Card(
        id=short_id("P", desk.randomness),
        nip=nip,
        year=year,
        officer_nip=officer_nip,
        basis=said.basis,
        digest=desk.store.keep_document(content),
        made_at=desk.now,
        made_by=desk.actor,
    )
    with desk.store.transaction() as tx:
        tx.cards.add(card)
        tx.events.append(Event(at=desk.now, actor=desk.actor, action="card.made", subject=card.id))
    return KeptCard(card=card, content=content)


def look_at_card(nip: str, year: int, officer_nip: str, desk: Desk) -> tuple[Card | None, bytes]:
    """The card that says what is to be said now, and its bytes; None and how it would look when none was made yet.

    Nothing is kept. Raises as `make_card`.
    """
    said, kept = _said(nip, year, officer_nip, desk)
    if kept is None:
        return None, card_pdf(said, desk.letters, printed_at(desk.now, desk.zone))
    return kept, desk.store.document(kept.signed_digest or kept.digest)


def sign_card(nip: str, year: int, desk: Desk, *, holder: KeyHolder, timestamper: Timestamper | None) -> KeptCard:
    """The card signed with an officer's own key, visibly. NotGranted when the key is no officer's of that unit.

    A card that says the same and was signed before is given again, as it is.
    """
    officer_nip = whose_key(read_certificate(holder.certificate).fingerprint, desk.store)
    made = make_card(nip, year, officer_nip, desk)
    card = made.card
    if card.signed_digest is not None:
        return made
    signed = sign(
        made.content,
        holder=holder,
        at=desk.now,
        field=SLOT,
        stamp=stamp_of(card, officer_nip, desk),
        timestamper=timestamper,
        reason=reason_of(card),
        certify=True,
    )
    _require_signed(card, signed, desk)
    return _keep(card, signed, desk)


def stamp_of(card: Card, officer_nip: str, desk: Desk) -> Stamp:
    """What is to be seen where that officer signs the card now."""
    return Stamp(
        name=_name(officer_nip, desk.store),
        lines=(f"NIP {officer_nip}", _ROLE, moment_text(desk.now, desk.zone)),
        qr_text=f"{card.id} {card.digest[:16]}",
        font=form_font(),
    )


def reason_of(card: Card) -> str:
    """Why it is signed, as the signature itself says."""
    return f"{_ROLE}, kartu {card.id}"


def keep_signed_card(card_id: str, signed: bytes, desk: Desk) -> KeptCard:
    """Take in the signed bytes of a card that was made here, whichever way they were signed.

    BadInput when they are no increment of the card we made, NotSound when a signature is not in order, NotGranted when
    it is not the named officer's. Bytes from outside are a stranger's file: call it where such files are read.
    """
    store = desk.store
    with store.reading() as tx:
        card = tx.cards.get(card_id)
    if card is None:
        raise BadInput(f"Kartu {card_id} tidak ada.", "Periksa nomornya, atau buat kartunya lagi.")
    # (1) Our bytes are the beginning of theirs: what was signed is what we made.
    if not signed.startswith(store.document(card.digest)):
        raise BadInput(
            f"Berkas ini bukan kartu {card.id} yang ditandatangani.",
            "Unduh kartunya dari sini, tanda tangani berkas itu juga, lalu unggah tanpa mengubahnya.",
        )
    # (2) Every signature is in order, and the named officer's.
    _require_signed(card, signed, desk)
    # (3) Nothing else came with them: what was written before the first signature is no change after one.
    if not only_signed(signed, store.document(card.digest)):
        raise BadInput(
            f"Isi kartu {card.id} diubah sebelum ditandatangani.",
            "Unduh kartunya lagi dari sini, lalu tanda tangani (tanpa sertifikasi) tanpa mengubahnya.",
        )
    return _keep(card, signed, desk)


def _require_signed(card: Card, signed: bytes, desk: Desk) -> None:
    report = inspect(signed, trust=desk.trust)
    require(report)
    for signature in report.signatures:
        if signature.kind != "signature" or signature.signer is None:
            continue
        if signed_by(signature, desk.store) != card.officer_nip:
            raise NotGranted(
                f"Kartu {card.id} ditandatangani oleh {signature.signer.name}, bukan pengelola yang disebutnya.",
                "Mintalah pengelola kepegawaian yang namanya tercantum, atau buat kartu atas nama yang lain.",
            )


def _keep(card: Card, signed: bytes, desk: Desk) -> KeptCard:
    """Bytes first, then the row."""
    store = desk.store
    digest = store.keep_document(signed)
    with store.transaction() as tx:
        tx.cards.keep_signed(card.id, digest, desk.now, desk.actor)
        settle_by_file(tx, card.id, {BY_OFFICER: card.officer_nip}, digest=digest, now=desk.now)
        detail = {"digest": digest}
        tx.events.append(Event(at=desk.now, actor=desk.actor, action="card.signed", subject=card.id, detail=detail))
        kept = tx.cards.get(card.id) or card
    return KeptCard(card=kept, content=signed)


def _said(nip: str, year: int, officer_nip: str, desk: Desk) -> tuple[CardContent, Card | None]:
    """What the card says with that officer on it, and the one that says so already."""
    with desk.store.reading() as tx:
        said = card_of(nip, year, tx)
        said = card_of(nip, year, tx, officer=_officer(said.unit, officer_nip, tx))
        return said, tx.cards.with_basis(nip, year, said.basis)


def _officer(unit: str, nip: str, tx: Transaction) -> Officer:
    found = next((each for each in officers_of(unit, "pengelola", tx) if each.nip == nip), None)
    if found is None:
        raise NotGranted(
            f"NIP {nip} bukan pengelola kepegawaian {unit}.",
            "Kartu ditandatangani pengelola kepegawaian unit itu; periksa kolom peran pada data kepegawaian.",
        )
    return found


def _name(nip: str, store: Store) -> str:
    with store.reading() as tx:
        entry = tx.employees.get(nip)
    return entry.name if entry else nip


# --- A control card signed through the agency's gateway by the officer it names: sent once, examined like any other


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


# --- Whose key or signature it is, by enrolment: for papers the house makes and its officials sign


def whose_key(fingerprint: str, store: Store) -> str:
    """Whose key it is now, to sign with."""
    with store.reading() as tx:
        enrolment = tx.signers.find(fingerprint)
    if enrolment is None or enrolment.ended_at is not None:
        raise _unknown()
    return enrolment.nip


def signed_by(signature: SignatureReport, store: Store) -> str:
    """Whose signature it is; after the end of an enrolment only a trusted time stamp tells that it is older."""
    with store.reading() as tx:
        enrolment = bound_by(signature, tx.signers.find)
    if enrolment is None:
        raise _unknown()
    return enrolment.nip


def _unknown() -> NotGranted:
    return NotGranted(
        "Sertifikat elektronik ini tidak terdaftar untuk NIP mana pun, atau pendaftarannya sudah diakhiri.",
        "Daftarkan dengan `cmb signers enroll`, lalu ulangi.",
    )


def card_desk_of(
    settings: Settings,
    *,
    store: Store,
    now: dt.datetime,
    randomness: Callable[[int], bytes],
    actor: str,
    letters: Letters | None = None,
) -> Desk:
    """What making and signing control cards needs; `letters` that were set up before are used again."""
    from forms.typesetting.fonts import Letters

    return Desk(
        store=store,
        letters=letters or Letters(),
        trust=trust_of(store, settings, now),
        now=now,
        zone=settings.timezone,
        randomness=randomness,
        actor=actor,
    )
