"""One form signed through the gateway: whose turn it is by the form itself, then one call."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from forms.schema import Role
from parsers.pdf import looking_into
from parsers.pictures import as_png, first_page_png
from parsers.widgets import Box, places_of
from service.errors import BadInput, MissingResource, NotGranted
from service.form_signing import StandingIn, Turn, reason_for, shown_otherwise, stamp_for, turn_of
from service.gateway.calls import Desk, Order, Signed, call_for, call_once
from service.people.enrolment import propose_certificate
from service.store import Transaction
from service.store.delegations import Delegation, is_in_force
from service.verification.prove import Moment
from signing.keys.bsre import Place, Secret, Signatory, SignRequest
from signing.stamp import Stamp, stamp_page
from signing.trust import Trust
from signing.validation.inspect import inspect


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
    return order.role in given.scope and is_in_force(given, moment.now, moment.zone)


# --- What is sent to the gateway, read from the form: whose turn it is, where the stamp goes, and its picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Whose stamp to make: `actor` signs, by `delegation` where the form names somebody else; `image` is their own."""

    role: str
    actor: str
    actor_name: str
    delegation: Delegation | None
    at: dt.datetime
    zone: ZoneInfo
    trust: Trust = field(repr=False)
    image: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """`nip` is whom the form names, `signers` fingerprints of the certificates that have signed it already."""

    serial: str
    nip: str
    place: Place
    image: bytes = field(repr=False)
    reason: str
    location: str
    signers: frozenset[str]
    warnings: tuple[str, ...]


def look_at(content: bytes, look: Look) -> Looked:
    """Read one form. BadInput for what is no form of ours; Unreadable for an image that is none."""
    turn = turn_of(content, Role(look.role))
    instead = _instead(turn, look)
    place = place_on(content, page=turn.slot.page, box=turn.slot.box)
    if look.image is None:
        stamp = stamp_for(turn, content, at=look.at, zone=look.zone, instead=instead)
        image = picture_of(stamp, place)
    else:
        image = as_png(look.image)
    signatures = inspect(content, trust=look.trust).signatures
    return Looked(
        serial=turn.serial,
        nip=turn.nip,
        place=place,
        image=image,
        reason=reason_for(turn, instead),
        location=turn.answers.get("tempat_tanda_tangan", "").strip(),
        signers=frozenset(each.signer.fingerprint for each in signatures if each.signer),
        warnings=shown_otherwise(content, turn),
    )


def _instead(turn: Turn, look: Look) -> StandingIn | None:
    if look.delegation is None:
        return None
    roles = tuple(role for role in turn.held if role.value in look.delegation.scope)
    return StandingIn(nip=look.actor, name=look.actor_name, kind=look.delegation.kind, roles=roles)


# --- Where the gateway draws its field, as it counts pages and points, and the picture of the stamp it draws there

_SHARPNESS = 4.0  # pixels per point: the code in the stamp is read from paper too


def place_on(content: bytes, *, page: int, box: Box) -> Place:
    """That box (`page` counts from 0) on the page as it is, whose visible part need not begin at its origin."""
    on_page = [each.page_box for each in looking_into(content, places_of) if each.page == page]
    left, bottom, _, top = on_page[0] if on_page else (0.0, 0.0, 0.0, 0.0)
    moved = (box[0] - left, box[1] - bottom, box[2] - left, box[3] - bottom)
    return Place(page=page + 1, height=top - bottom, box=moved)


def picture_of(stamp: Stamp, place: Place) -> bytes:
    """The stamp as a PNG of the place's shape."""
    left, bottom, right, top = place.box
    return first_page_png(stamp_page(stamp, right - left, top - bottom), scale=_SHARPNESS)


def stamp_in_field(content: bytes, name: str, stamp: Stamp) -> tuple[Place, bytes]:
    """Place and picture for a stamp in the signature field of that name, of a paper the house made."""
    (found,) = [each for each in looking_into(content, places_of) if each.name == name and each.page is not None]
    place = place_on(content, page=found.page or 0, box=found.box)
    return place, picture_of(stamp, place)


# --- What a person asks the gateway for before signing: a one-time code, and to have their certificate recognised

_MOST = 50


def request_code(nik: Secret, count: int, *, desk: Desk) -> None:
    """Have a one-time code (TOTP) for so many files sent to the person; GatewayRefused, GatewayUnreachable."""
    if not 1 <= count <= _MOST:
        raise BadInput(f"Kode TOTP diminta untuk 1 sampai {_MOST} berkas.", "Pilih lebih sedikit berkas.")
    desk.gateway.request_totp(nik, count)


def propose_own_certificate(nik: Secret, actor: str, *, desk: Desk) -> str:
    """Propose the certificate the gateway keeps for this NIK as the actor's; its fingerprint.

    Whose NIK it is only the person says, so somebody responsible confirms it like any other.
    """
    certificate = desk.gateway.signer_certificate(nik)
    now = desk.moment().now
    propose_certificate(certificate.der, actor, seen_in="gateway:chain", store=desk.store, now=now)
    return certificate.fingerprint
