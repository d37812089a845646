"""The unit's HR officer signs a control card through BSrE: NIK and passphrase (or a code) typed for this action."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Answer

from service.errors import BadInput, NotGranted
from service.gateway.own import request_code
from service.monitoring.signed_elsewhere import take_card
from service.monitoring.signed_remotely import Means, sign_card_remotely, take_up_card
from service.sources import Handed
from service.store.cards import Card
from service.web.desk import desk
from service.web.signing.gateway import gateway_desk, signatory_in_request
from service.web.unit.card_signing import Page, card_means, look, require_card, shown
from service.web.visitor import only, signed_in
from signing.errors import SigningError
from signing.signers.bsre import Secret


def add_to(blueprint: Blueprint) -> None:
    blueprint.add_url_rule("/kartu/<nip>/<int:year>/bsre", "card_gateway", sign, methods=["POST"])
    blueprint.add_url_rule("/kartu/<nip>/<int:year>/bsre/kode", "card_gateway_code", code, methods=["POST"])
    blueprint.add_url_rule("/kartu/<nip>/<int:year>/bsre/berkas", "card_gateway_files", fetch, methods=["POST"])


@only("pengelola")
def sign(nip: str, year: int) -> Page:
    """Sent once, whatever the answer."""
    require_card(nip)
    try:
        card, warnings = sign_card_remotely(
            nip,
            year,
            signatory_in_request(),
            officer_nip=signed_in().nip,
            means=_means(),
            again=bool(request.form.get("again")),
        )
    except (BadInput, NotGranted, SigningError) as problem:
        return shown(nip, year, problem)
    for each in warnings:
        flash(each, "doubt")
    return _back(nip, year, card)


@only("pengelola")
def code(nip: str, year: int) -> Page:
    """Have a one-time code sent to the officer's own device."""
    require_card(nip)
    try:
        request_code(Secret(request.form.get("nik", "").strip()), 1, desk=gateway_desk())
    except (BadInput, SigningError) as problem:
        return shown(nip, year, problem)
    flash(_("Kode sekali pakai dikirim ke perangkat Anda untuk %(count)s berkas.", count=1), "good")
    return _back(nip, year, None)


@only("pengelola")
def fetch(nip: str, year: int) -> Page:
    """Look at what the gateway signed before, here or there; nothing is signed."""
    require_card(nip)
    means = _means()
    card, _content = look(nip, year)
    try:
        found = take_up_card(card, means=means) if card and card.signed_digest is None else card
    except (BadInput, NotGranted, SigningError) as problem:
        return shown(nip, year, problem)
    if found is None:
        flash(_("%(count)s berkas diambil dari layanan BSrE.", count=0), "doubt")
    return _back(nip, year, found)


def _back(nip: str, year: int, card: Card | None) -> Answer:
    if card and card.signed_digest:
        flash(_("Kartu ditandatangani dan tersimpan."), "good")
    return redirect(url_for("unit.sign_card", nip=nip, year=year))


def _means() -> Means:
    at, actor = desk(), signed_in().actor

    def take(card_id: str, signed: bytes) -> Card:
        kept: Card = at.apart(take_card, at.settings, card_id, Handed.of(signed, "kartu.pdf"), at.clock(), actor)
        return kept

    return Means(cards=card_means(), gateway=gateway_desk(), take=take)
