"""Sign one form through the gateway: read its slot in the sandbox, check the signer, make one call."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from forms.schema import Role
from parsers.pdf import read_with_qpdf
from parsers.pictures import as_png, first_page_png
from parsers.widgets import Box, widgets_of
from service.errors import BadInput, MissingResource, NotGranted
from service.form_signing import ActingSigner, SignatureSlot, display_warnings, reason_for, signature_slot, stamp_for
from service.gateway.calls import GatewayContext, SignedFile, SigningOrder, call_once, new_call
from service.language import Message
from service.people.enrolment import propose_certificate
from service.store import Transaction
from service.store.delegations import Delegation, is_in_force
from service.verification.prove import Moment
from signing.keys.bsre import Secret, Signatory, SignRequest, StampPosition
from signing.stamp import Stamp, stamp_page
from signing.trust import Trust
from signing.validation.inspect import inspect


def require_able(signatory: Signatory, gateway_context: GatewayContext) -> None:
    """Require that this person can sign at all; asked once for an action of several files. Raises NotGranted."""
    status = gateway_context.gateway.status(signatory.nik)
    if not status.can_sign:
        raise NotGranted("gateway_cannot_sign", status=status.said, word=status.word)


def sign(order: SigningOrder, *, gateway_context: GatewayContext) -> SignedFile:
    """Have one form signed; the outcome is in the store before this returns or raises.

    Raises NotGranted for a person who may not sign it, has signed it, or whose earlier call is unresolved;
    GatewayRefused and GatewayUnreachable when nothing was signed; OutcomeUnknown when nobody can tell. Nothing is sent
    twice.
    """
    moment = gateway_context.moment()
    with gateway_context.store.reading() as tx:
        entry = tx.employees.get(order.actor)
    view = SigningView(
        role=order.role,
        actor=order.actor,
        actor_name=entry.name if entry else order.actor,
        delegation=order.delegation,
        at=moment.now,
        zone=moment.zone,
        trust=moment.trust,
        image=order.image,
    )
    form = gateway_context.sandboxed(read_form, order.content, view)
    with gateway_context.store.reading() as tx:
        _require_signer(tx, order, form, moment)
    call = new_call(order, gateway_context, at=moment.now, serial=form.serial)
    request = SignRequest(
        pdf=order.content, reason=form.reason, location=form.location, place=form.place, image=form.image
    )
    return call_once(call, order, request, warnings=form.warnings, gateway_context=gateway_context)


def _require_signer(tx: Transaction, order: SigningOrder, form: FormToSend, moment: Moment) -> None:
    if tx.blanks.find(form.serial) is None:
        raise MissingResource("gateway_form_unknown", serial=form.serial)
    if form.nip != order.actor and not _is_delegate(order, form, moment):
        raise NotGranted("gateway_form_names_another", nip=form.nip)
    mine = {enrolment.fingerprint for enrolment in tx.signers.of(order.actor)}
    if mine & form.signers:
        raise NotGranted("gateway_signed_already")


def _is_delegate(order: SigningOrder, form: FormToSend, moment: Moment) -> bool:
    delegation = order.delegation
    if delegation is None or (delegation.from_nip, delegation.to_nip) != (form.nip, order.actor):
        return False
    return order.role in delegation.scope and is_in_force(delegation, moment.now, moment.zone)


# --- Reading the form


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningView:
    """How a form is to be signed: by `actor`, by `delegation` where it names another; `image` is their own picture."""

    role: str
    actor: str
    actor_name: str
    delegation: Delegation | None
    at: dt.datetime
    zone: ZoneInfo
    trust: Trust = field(repr=False)
    image: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormToSend:
    """What the gateway is sent. `nip` is named on the form, `signers` are fingerprints of those who have signed it."""

    serial: str
    nip: str
    place: StampPosition
    image: bytes = field(repr=False)
    reason: str
    location: str
    signers: frozenset[str]
    warnings: tuple[Message, ...]


def read_form(content: bytes, view: SigningView) -> FormToSend:
    """Read one form in the sandbox. BadInput for another file; Unreadable for an image that is none."""
    slot = signature_slot(content, Role(view.role))
    instead = _instead(slot, view)
    place = place_on(content, page=slot.slot.page, box=slot.slot.box)
    if view.image is None:
        stamp = stamp_for(slot, content, at=view.at, zone=view.zone, instead=instead)
        image = picture_of(stamp, place)
    else:
        image = as_png(view.image)
    signatures = inspect(content, trust=view.trust).signatures
    return FormToSend(
        serial=slot.serial,
        nip=slot.nip,
        place=place,
        image=image,
        reason=reason_for(slot, instead),
        location=slot.answers.get("tempat_tanda_tangan", "").strip(),
        signers=frozenset(signature.signer.fingerprint for signature in signatures if signature.signer),
        warnings=display_warnings(content, slot),
    )


def _instead(slot: SignatureSlot, view: SigningView) -> ActingSigner | None:
    if view.delegation is None:
        return None
    roles = tuple(role for role in slot.held if role.value in view.delegation.scope)
    return ActingSigner(nip=view.actor, name=view.actor_name, kind=view.delegation.kind, roles=roles)


# --- Position and picture of the stamp

_SHARPNESS = 4.0  # pixels per point: the code in the stamp is read from paper too


def place_on(content: bytes, *, page: int, box: Box) -> StampPosition:
    """Return a box (`page` counts from 0) in the gateway's coordinates; a page need not begin at its origin."""
    on_page = [placement.page_box for placement in read_with_qpdf(content, widgets_of) if placement.page == page]
    left, bottom, _, top = on_page[0] if on_page else (0.0, 0.0, 0.0, 0.0)
    moved = (box[0] - left, box[1] - bottom, box[2] - left, box[3] - bottom)
    return StampPosition(page=page + 1, height=top - bottom, box=moved)


def picture_of(stamp: Stamp, place: StampPosition) -> bytes:
    """Return the stamp as a PNG of the place's shape."""
    left, bottom, right, top = place.box
    return first_page_png(stamp_page(stamp, right - left, top - bottom), scale=_SHARPNESS)


def stamp_in_field(content: bytes, name: str, stamp: Stamp) -> tuple[StampPosition, bytes]:
    """Return place and picture of a stamp in the signature field of that name, on a paper the service made."""
    (found,) = [
        placement
        for placement in read_with_qpdf(content, widgets_of)
        if placement.name == name and placement.page is not None
    ]
    place = place_on(content, page=found.page or 0, box=found.box)
    return place, picture_of(stamp, place)


# --- Before signing

_MOST = 50


def request_code(nik: Secret, count: int, *, gateway_context: GatewayContext) -> None:
    """Have a one-time code (TOTP) for so many files sent to the person. GatewayRefused, GatewayUnreachable."""
    if not 1 <= count <= _MOST:
        raise BadInput("totp_for_too_many", limit=_MOST)
    gateway_context.gateway.request_totp(nik, count)


def propose_own_certificate(nik: Secret, actor: str, *, gateway_context: GatewayContext) -> str:
    """Propose the certificate the gateway keeps for this NIK as the actor's; return its fingerprint.

    Only the person says whose NIK it is, so somebody responsible confirms it like any other.
    """
    certificate = gateway_context.gateway.signer_certificate(nik)
    now = gateway_context.moment().now
    propose_certificate(certificate.der, actor, seen_in="gateway:chain", store=gateway_context.store, now=now)
    return certificate.fingerprint
